"""What is attached tells nothing of who made it where that is withheld, and what cannot be cleaned is refused."""

import io
import subprocess
import sys
import zipfile
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from app.files import apart, docx, images, odt, office, pdf
from app.files.kinds import DOCX, JPEG, ODT, PDF, PNG, REASONS, Cleaned, Refused
from app.files.uploads import name_of
from tests.files import samples
from tests.files.samples import SECRET, WORD

pytestmark = pytest.mark.anyio


def office_file(content: bytes, *, withheld: bool) -> Cleaned:
    parts = office.opened(content)
    if docx.is_docx(parts):
        return docx.clean(content, parts, withheld=withheld)
    return odt.clean(content, parts, withheld=withheld)


def pdf_file(content: bytes, *, withheld: bool) -> Cleaned:
    return pdf.clean(content, pdf.opened(content), withheld=withheld)


def unzipped(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_picture_keeps_its_picture_alone() -> None:
    shot = images.clean_jpeg(samples.jpeg())
    assert (shot.type, SECRET.encode() in shot.content) == (JPEG, False)
    with Image.open(io.BytesIO(shot.content)) as after, Image.open(io.BytesIO(samples.jpeg())) as before:
        assert after.tobytes() == before.tobytes() and dict(after.getexif()) == {0x0112: 6}
    assert b"Exif" not in images.clean_jpeg(samples.jpeg(side=1)).content
    drawn = images.clean_png(samples.png())
    assert (drawn.type, SECRET.encode() in drawn.content) == (PNG, False)
    with Image.open(io.BytesIO(drawn.content)) as after, Image.open(io.BytesIO(samples.png())) as before:
        assert after.tobytes() == before.tobytes() and after.info == {}


def test_word_documents_are_announced_or_cleaned() -> None:
    told = office_file(samples.docx(), withheld=False)
    assert (told.type, told.content, told.tells) == (DOCX, samples.docx(), ("authors", "comments", "changes"))
    parts = unzipped(office_file(samples.docx(), withheld=True).content)
    assert set(parts) == {"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels"}
    everything = "".join(parts.values())
    assert not any(gone in everything for gone in (SECRET, "Deleted", "comment", "docProps", "rsid"))
    assert "Kept. " in parts["word/document.xml"] and "Added. " in parts["word/document.xml"]
    assert office_file(office_file(samples.docx(), withheld=True).content, withheld=False).tells == ()


def test_open_documents_are_announced_or_cleaned() -> None:
    told = office_file(samples.odt(), withheld=False)
    assert (told.type, told.content, told.tells) == (ODT, samples.odt(), ("authors", "comments", "changes"))
    clean = office_file(samples.odt(), withheld=True).content
    parts = unzipped(clean)
    assert set(parts) == {"mimetype", "content.xml", "META-INF/manifest.xml"} and clean[30:38] == b"mimetype"
    assert not any(gone in "".join(parts.values()) for gone in (SECRET, "Deleted", "annotation", "meta.xml"))
    assert "Kept. After." in parts["content.xml"]


def test_pdfs_are_announced_or_cleaned() -> None:
    made = samples.pdf()
    told = pdf_file(made, withheld=False)
    assert (told.type, told.content, told.tells) == (PDF, made, ("authors", "comments"))
    clean = pdf_file(samples.pdf(picture=True), withheld=True).content
    assert SECRET.encode() not in clean and SECRET.encode("utf-16-be") not in clean
    page: Any
    [page] = PdfReader(io.BytesIO(clean)).pages
    assert "/Annots" not in page and "/P" in page["/Resources"]["/XObject"]
    assert pdf_file(clean, withheld=False).tells == ()


FIELD = f'<w:p><w:fldSimple w:instr=" AUTHOR "><w:r><w:t>{SECRET}</w:t></w:r></w:fldSimple></w:p>'
LINKED = (
    '<Relationships xmlns="x"><Relationship Id="r" TargetMode="External" Target="file:///C:/Users/p/a.dotx"/>'
    "</Relationships>"
)
ENTITIES = f'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document {WORD}>&b;</w:document>'
REFUSED: tuple[tuple[str, bytes], ...] = (
    ("bomb", samples.zipped({"word/document.xml": bytes(office.MOST_UNPACKED + 1), "[Content_Types].xml": b""})),
    ("bomb", samples.zipped({f"{n}": b"" for n in range(office.MOST_PARTS + 1)})),
    ("broken", samples.docx()[:-30]),
    ("broken", samples.docx(more={"word/styles.xml": ENTITIES})),
    ("macros", samples.docx(more={"word/vbaProject.bin": b"x"})),
    ("macros", samples.odt(more={"Basic/Standard/M.xml": "<a/>"})),
    ("fields", samples.docx(FIELD)),
    ("fields", samples.odt("<text:author-name>x</text:author-name>")),
    ("links", samples.docx(more={"word/_rels/footer1.xml.rels": LINKED})),
    ("links", samples.docx('<w:p><w:r><w:instrText>HYPERLINK "C:\\\\Users\\\\x"</w:instrText></w:r></w:p>')),
    ("links", samples.odt('<text:a xlink:href="../../home/p/x.odt">x</text:a>')),
    ("parts", samples.docx(more={"word/embeddings/sheet.xlsx": b"x"})),
    ("parts", samples.odt(more={"Object 1/content.xml": "<a/>"})),
    ("pictures", samples.docx(more={"word/media/image1.emf": b"x"})),
    ("left", samples.docx(f'<w:p><w:unknown w:author="{SECRET}"/></w:p>')),
)


@pytest.mark.parametrize(("reason", "content"), REFUSED, ids=[reason for reason, _content in REFUSED])
def test_documents_that_are_refused(reason: str, content: bytes) -> None:
    with pytest.raises(Refused, match=f"^{reason}$"):
        office_file(content, withheld=True)


def test_pictures_and_pdfs_that_are_refused() -> None:
    for reason, clean, content in (
        ("pixels", images.clean_png, samples.huge_png()), ("broken", images.clean_png, samples.huge_png(50)),
        ("broken", images.clean_png, samples.png()[:60]), ("broken", images.clean_jpeg, samples.jpeg()[:300]),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"^{reason}$"):
            clean(content)
    for reason, content in (
        ("active", samples.pdf(script=True)), ("form", samples.pdf(form=True)), ("broken", samples.pdf()[:200]),
        ("locked", samples.pdf(password="x")),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"^{reason}$"):
            pdf_file(content, withheld=True)
    with pytest.raises(Refused, match=r"^active$"):
        pdf_file(samples.pdf(script=True), withheld=False)


def test_names_follow_what_a_file_is() -> None:
    assert name_of("C:\\Users\\p\\Our paper.PDF", PDF) == "Our paper.pdf"
    assert name_of("../../<etc>\x00", PNG) == "attachment.png"
    assert name_of("", JPEG) == "attachment.jpg" and name_of("صورة.jpeg", JPEG) == "صورة.jpeg"
    with pytest.raises(Refused, match="mismatch"):
        name_of("paper.pdf", DOCX)


async def test_in_a_process_of_its_own() -> None:
    made = await apart.upload("a.odt", samples.odt())
    full, withheld = made.cleaned(withheld=False), made.cleaned(withheld=True)
    assert (full.content, full.type, len(full.tells)) == (samples.odt(), ODT, 3)
    assert (withheld.type, withheld.tells) == (ODT, ()) and SECRET.encode() not in withheld.content
    assert await apart.cleaned(samples.odt()) == withheld
    for reason, content in (("empty", b""), ("type", b"MZ\x90"), ("large", b"%PDF-" + bytes(10 * 2**20)),
                            ("type", samples.zipped({"a.txt": "x"}))):  # fmt: skip
        made = await apart.upload("a", content)
        for way in (False, True):
            with pytest.raises(Refused, match=f"^{reason}$"):
                made.cleaned(withheld=way)
        assert reason in REASONS
    form = await apart.upload("a.pdf", samples.pdf(form=True))  # which can be kept, but not cleaned
    assert form.cleaned(withheld=False).type == PDF
    with pytest.raises(Refused, match=r"^form$"):
        form.cleaned(withheld=True)


def test_it_knows_no_secret_and_has_little_memory() -> None:
    code = "from app.files.__main__ import _limit; _limit(); bytes(2**31)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in ran.stderr
