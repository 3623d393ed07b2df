"""A document as DOCX (Office Open XML), with real styles, a table of contents, and right-to-left where a text is."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from app.printing.model import Bars, Block, Code, Document, Heading, Items, NewPage, Paragraph, Run, Runs, Table
from app.text import direction

_EXTERNAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_FONT, _ARABIC, _MONOSPACE = "Noto Serif", "Noto Naskh Arabic", "Noto Sans Mono"
_LISTED = 2  # levels of headings in the table of contents
_INK, _SOFT, _ACCENT = "1A1A1A", "555555", "0B5C63"
_STYLES = (
    ("Title", 24, _INK), ("TOC Heading", 14, _INK), ("Heading 1", 16, _INK), ("Heading 2", 13, _INK),
    ("Heading 3", 11.5, _INK), ("Heading 4", 10.5, _INK), ("Subtitle", 8.5, _SOFT), ("Quote", 10.5, _INK),
    ("Intense Quote", 10.5, _ACCENT), ("Caption", 10.5, _INK),
)  # fmt: skip
_SHORT, _LONG = 14, 60  # characters of a column's longest cell: fewer and more count as these
_LARGER = {"book": 1.0, "brief": 0.95, "speech": 1.6}  # than the sizes above, by layout
_LOOKS = {"plain": "Normal", "meta": "Subtitle", "quote": "Quote", "note": "Intense Quote"}


def docx_file(document: Document, made: datetime) -> bytes:
    """The file. The same document made at the same moment gives the same bytes."""
    file = docx.Document()
    _begin(file, document, made)
    writer = _Writer(file)
    writer.front(document)
    for block in document.blocks:
        writer.block(block)
    whole = io.BytesIO()
    file.save(whole)
    return _dated(whole.getvalue(), made)


class _Writer:
    """Writes block after block at the end of a file."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.end = file.element.body.sectPr  # what comes last in a file
        self.styles = {name: file.styles[name].style_id for name in ("Normal", *(style for style, *_looks in _STYLES))}
        self.names = 0

    def front(self, document: Document) -> None:
        title = self._paragraph("Title")
        self._fill(title, (Run(document.title),), document.language)
        for line in document.lines:
            self._fill(self._paragraph(), (Run(line),), document.language)
        if document.contents:
            self._fill(self._paragraph("TOC Heading"), (Run(document.contents),), document.language)
            self._contents(
                [block for block in document.blocks if isinstance(block, Heading) and block.level <= _LISTED]
            )
        if document.layout == "book":
            self.file.add_page_break()

    def _contents(self, headings: Sequence[Heading]) -> None:
        """A table of contents whose pages the reader's program fills in; until then, links without pages."""
        lines = [self._paragraph() for _ in (headings or (None,))]
        _field(lines[0], "begin")
        _field(lines[0], "", f'TOC \\o "1-{_LISTED}" \\h \\z \\u')
        _field(lines[0], "separate")
        for line, heading in zip(lines, headings, strict=False):
            line.paragraph_format.left_indent, line.paragraph_format.space_after = Pt(14 * (heading.level - 1)), Pt(2)
            title = "".join(run.text for run in heading.runs)
            self._fill(line, (Run(title, link=f"#{heading.name}" if heading.name else ""),), heading.language)
        _field(lines[-1], "end")

    def _paragraph(self, style: str = "Normal") -> Any:
        """A new paragraph at the end. python-docx looks through the whole file for its place, and through all styles:
        in a long file that is most of the work."""
        element = OxmlElement("w:p")
        self.end.addprevious(element)
        if style != "Normal":
            element.style = self.styles[style]
        return DocxParagraph(element, self.file)

    def block(self, block: Block, depth: int = 0) -> None:
        match block:
            case Heading():
                paragraph = self._paragraph(f"Heading {block.level}")
                self._fill(paragraph, block.runs, block.language)
                if block.name:
                    self._name(paragraph, block.name)
            case Paragraph():
                paragraph = self._paragraph(_LOOKS[block.look])
                if block.look == "meta":  # says whose words follow: never alone at the end of a page
                    paragraph.paragraph_format.keep_with_next = True
                self._fill(paragraph, block.runs, block.language)
            case Items():
                self._items(block, depth)
            case Code():
                self._fill(self._paragraph(), (Run(block.text, code=True),), "und")
            case Table():
                self._table(block)
            case Bars():
                self._fill(self._paragraph("Caption"), (Run(block.title),), block.language)
                self._table(block.table)
            case NewPage():
                self.file.add_page_break()

    def _items(self, block: Items, depth: int) -> None:
        """Numbers are written out: those of Word go on from one list to the next."""
        for index, item in enumerate(block.items, block.start):
            for position, part in enumerate(item):
                if isinstance(part, Paragraph):
                    mark = f"{index}. " if block.ordered else "• "
                    runs = (Run(mark if position == 0 else ""), *part.runs)
                    paragraph = self._paragraph()
                    self._fill(paragraph, runs, part.language)
                    indent = paragraph.paragraph_format
                    indent.left_indent, indent.space_after = Pt(18 * (depth + 1)), Pt(3)
                else:
                    self.block(part, depth + 1)

    def _table(self, block: Table) -> None:
        table = self.file.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
        if direction(block.language) == "rtl":
            table._tblPr.append(OxmlElement("w:bidiVisual"))  # noqa: SLF001  # python-docx has no name for it
        widths = _widths(block.rows, sum(column.width for column in table.columns))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for index, (row, cells) in enumerate(zip(table.rows, block.rows, strict=True)):
            _whole(row, is_heading=index == 0)
            for cell, runs, width in zip(row.cells, cells, widths, strict=True):
                cell.width = width
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.keep_with_next = index == 0 or None
                paragraph.paragraph_format.space_after = Pt(2)
                self._fill(paragraph, [replace(run, bold=True) for run in runs] if index == 0 else runs, block.language)
        self._paragraph().paragraph_format.space_after = Pt(0)  # tables that touch would become one

    def _fill(self, paragraph: Any, runs: Runs, language: str) -> None:
        leftward = direction(language) == "rtl"
        if leftward:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001
        for run in runs:
            parent = self._link(paragraph, run.link) if run.link else paragraph._p  # noqa: SLF001
            made = paragraph.add_run(run.text)
            made.bold, made.italic, made.font.strike = run.bold or None, run.italic or None, run.struck or None
            if run.code:
                made.font.name = _MONOSPACE
            if run.link:
                made.font.underline = True
                parent.append(made._r)  # noqa: SLF001
            _speak(made, language, leftward)

    def _link(self, paragraph: Any, address: str) -> Any:
        element = OxmlElement("w:hyperlink")
        if address.startswith("#"):
            element.set(qn("w:anchor"), address[1:])
        else:
            element.set(qn("r:id"), paragraph.part.relate_to(address, _EXTERNAL, is_external=True))
        paragraph._p.append(element)  # noqa: SLF001
        return element

    def _name(self, paragraph: Any, name: str) -> None:
        """Let links lead here."""
        self.names += 1
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(self.names))
            if tag == "w:bookmarkStart":
                mark.set(qn("w:name"), name)
            paragraph._p.append(mark)  # noqa: SLF001


def _widths(rows: Sequence[Sequence[Runs]], whole: int) -> list[int]:
    """How wide the columns are: by their longest cells, where none is very narrow and none takes nearly all."""
    longest = [max(sum(len(run.text) for run in row[column]) for row in rows) for column in range(len(rows[0]))]
    shares = [min(max(length, _SHORT), _LONG) for length in longest]
    return [whole * share // sum(shares) for share in shares]


def _whole(row: Any, *, is_heading: bool) -> None:
    """A row stays on one page; the heading comes again on each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        properties.append(OxmlElement("w:tblHeader"))


def _begin(file: Any, document: Document, made: datetime) -> None:
    larger = _LARGER[document.layout]
    about = file.core_properties
    about.title, about.language, about.author, about.comments = document.title, document.language, "", ""
    about.created = about.modified = made.replace(tzinfo=None)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(10.5 * larger)
    _for_arabic(normal, 10.5 * larger)
    for style, usual, color in _STYLES:
        size = usual * larger
        looks = file.styles[style]
        looks.font.name, looks.font.size, looks.font.color.rgb = _FONT, Pt(size), RGBColor.from_string(color)
        looks.font.italic, looks.font.bold = False, style.startswith(("Title", "Heading", "TOC"))
        _for_arabic(looks, size)
    update = OxmlElement("w:updateFields")  # a reader's program fills in the pages of the contents
    update.set(qn("w:val"), "true")
    file.settings.element.append(update)


def _for_arabic(style: Any, size: float) -> None:
    """Scripts that run leftward have a font and a size of their own, and neither slope nor letter spacing."""
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:cs"), _ARABIC)
    for name in ("w:iCs", "w:spacing", "w:kern", "w:szCs"):
        for found in properties.findall(qn(name)):
            properties.remove(found)
    tall = OxmlElement("w:szCs")
    tall.set(qn("w:val"), str(round(2 * size)))
    properties.find(qn("w:sz")).addnext(tall)


def _speak(run: Any, language: str, leftward: bool) -> None:
    properties = run._r.get_or_add_rPr()  # noqa: SLF001
    if leftward:
        properties.append(OxmlElement("w:rtl"))
    spoken = OxmlElement("w:lang")
    for name in ("w:val", "w:bidi" if leftward else "w:eastAsia"):
        spoken.set(qn(name), language)
    properties.append(spoken)


def _field(paragraph: Any, kind: str, code: str = "") -> None:
    """A piece of a field that a reader's program works out: where it begins, its code, its result, its end."""
    element = OxmlElement("w:instrText" if code else "w:fldChar")
    if code:
        element.text = code
    else:
        element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(element)  # noqa: SLF001


def _dated(content: bytes, made: datetime) -> bytes:
    """The same archive with every file in it dated alike."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in _sorted(old.infolist()):
            new.writestr(zipfile.ZipInfo(entry.filename, made.timetuple()[:6]), old.read(entry), zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _sorted(entries: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """`[Content_Types].xml` first, as readers expect."""
    return sorted(entries, key=lambda entry: (entry.filename != "[Content_Types].xml", entry.filename))
