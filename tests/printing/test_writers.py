"""Markdown and HTML of a document: hostile words stay words, structure is kept, the same gives the same."""

import io
from datetime import UTC, datetime

import docx
from docx.oxml.ns import qn
from pypdf import PdfReader

from app import text
from app.printing.docx import docx_file
from app.printing.from_html import blocks
from app.printing.markdown import markdown
from app.printing.model import Block, Code, Document, Heading, Items, Paragraph, Run, Table, words
from app.printing.pdf import pdf
from app.printing.to_html import html

HOSTILE = "<script>alert(1)</script> *not bold* [no](javascript:x) `x` | & # 1"


def test_what_people_wrote_is_words_in_both() -> None:
    given: list[Block] = [
        Heading(1, words(HOSTILE), "en", "top"),
        Paragraph(words("1. no list\n- nor this\n# nor that"), "en"),
        Paragraph((Run("bad", link="javascript:alert(1)"), Run(" good", link="https://example.org/a b>c")), "ar"),
        Items([[Paragraph(words("one"), "en"), Items([[Paragraph(words("in"), "en")]], False, "en")]], True, "en", 3),
        Table([[words("A"), words("B")], [words("a|b\nc"), words("")]], "en"),
        Code("a\n```\nb"),
    ]
    page = str(html(given))
    assert "<script" not in page and "&lt;script&gt;" in page and "javascript:alert" not in page
    assert '<h2 id="top" lang="en" dir="ltr">' in page and '<ol start="3"' in page and 'lang="ar" dir="rtl"' in page
    assert '<th scope="row">a|b<br>c</th><td data-of="B"></td>' in page
    document = Document(HOSTILE, "en", ["Line *one*", "Line two"], "Contents", given)
    written = markdown(document)
    assert written == markdown(document)
    assert "3. one\n\n   - in" in written and "````\na\n```\nb\n````" in written
    again = text.markdown(written)  # as anybody's program would read it
    assert "<script" not in again and "&lt;script&gt;" in again and "alert(1)</a>" not in again
    assert again.count("<li") == 2 and again.count("<em>") == 0 and 'href="https://example.org/a%20b%3Ec"' in again
    assert "- nor this" in again and "1. no list" in again and "a|b" in again and "<table" in again


def test_from_markdown_to_markdown() -> None:
    given = "Words with **weight**, *slope* and [a way](<https://example.org/way>).\n\n1. first\n2. second\n\n> Said."
    found = blocks(text.markdown(given), "en")
    assert markdown(Document("T", "en", [], "", found)) == f"# T\n\n{given}\n"


def test_tables_stay_whole_and_apart_and_whose_words_follow_stays_with_them() -> None:
    table = Table([[words("Question"), words("Cited")], [words("Which partnerships help? " * 4), words("3")]], "ar")
    given: list[Block] = [
        table,
        table,
        Paragraph(words("Contribution 1"), "en", "meta"),
        Paragraph(words("Said."), "en", "quote"),
    ]
    made = docx.Document(io.BytesIO(docx_file(Document("T", "en", [], "", given), datetime(2026, 1, 2, tzinfo=UTC))))
    first, second = made.tables
    assert first._tbl.getnext().tag == qn("w:p") and first._tbl.getnext().getnext() is second._tbl
    for row, is_heading in zip(first.rows, (True, False), strict=True):
        assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        assert (row._tr.trPr.find(qn("w:tblHeader")) is not None) == is_heading
        assert all(run.bold is (True if is_heading else None) for cell in row.cells for run in cell.paragraphs[0].runs)
    assert first.columns[0].width > 3 * first.columns[1].width
    whose, said = made.paragraphs[-2:]
    assert whose.paragraph_format.keep_with_next and not said.paragraph_format.keep_with_next


def test_no_page_of_a_pdf_ends_with_whose_words_follow() -> None:
    given: list[Block] = []
    for index in range(90):
        given += [Paragraph(words(f"Contribution {index}"), "en", "meta")]
        given += [Paragraph(words("Said. " * (40 + 7 * index % 60)), "en", "quote")]
    pages = PdfReader(io.BytesIO(pdf(Document("T", "en", [], "", given), datetime(2026, 1, 2, tzinfo=UTC)))).pages
    ends = [page.extract_text().splitlines()[-2] for page in pages]  # the last line is the page's number
    assert len(ends) > 6 and not [end for end in ends if end.startswith("Contribution")]
