"""Documents for print, from one model: PDF by typst, and DOCX.

`model` is what a document is made of, `from_html` brings in what people wrote, `pdf` and `docx` write it, and `apart`
lets them do so in a process of their own; `badges` are name badges. Nothing here knows what a consultation is.
"""
