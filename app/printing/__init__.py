"""Documents for print, from one model: PDF by typst, DOCX, Markdown and HTML.

`model` is what a document is made of, `from_html` brings in what people wrote, `pdf` and `docx` write it, and `apart`
lets them do so in a process of their own; `markdown` and `to_html` write it at once, and `badges` are name badges.
Nothing here knows what a consultation is.
"""
