"""Files to attach, each of which tells who made it: all made here, by nobody (sample data)."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

Parts = Mapping[str, str | bytes]
SECRET = "Sample Person"  # what nobody may find in a cleaned file
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WHO = f'w:id="1" w:author="{SECRET}" w:date="2026-01-01T00:00:00Z"'

BODY = (
    f'<w:p w:rsidR="00AA"><w:commentRangeStart w:id="0"/><w:r><w:t>Kept. </w:t></w:r>'
    f"<w:ins {_WHO}><w:r><w:t>Added. </w:t></w:r></w:ins>"
    f"<w:del {_WHO}><w:r><w:delText>Deleted.</w:delText></w:r></w:del>"
    f'<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
)


def zipped(parts: Parts) -> bytes:
    """An archive of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)  # the same at any time
    return made.getvalue()


def docx(body: str = BODY, more: Parts | None = None) -> bytes:
    """A document with an author, a comment and tracked changes. `more` are further parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="x/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="x/d"/>'
        '<Override PartName="/docProps/core.xml" ContentType="x/c"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
        "docProps/core.xml": f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{SECRET}</dc:creator></c>',
        "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
        "word/comments.xml": f"<w:comments {WORD}><w:comment {_WHO}/></w:comments>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/comments" Target="comments.xml"/></Relationships>',
    }
    return zipped({**parts, **(more or {})})


def odt(body: str = "", more: Parts | None = None) -> bytes:
    """A document with an author, a comment and a deletion."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    )
    who = f"<dc:creator>{SECRET}</dc:creator>"
    text = (
        f"<text:tracked-changes><text:changed-region><text:deletion><office:change-info>{who}</office:change-info>"
        "<text:p>Deleted.</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:p>Kept. <office:annotation>{who}</office:annotation>After.{body}</text:p>"
    )
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {spaces}><office:body>{text}</office:body></office:document-content>",
        "Configurations2/accelerator/current.xml": "",
        "meta.xml": f"<office:document-meta {spaces}><office:meta>{who}</office:meta></office:document-meta>",
        "META-INF/manifest.xml": f'<manifest:manifest {spaces}><manifest:file-entry manifest:full-path="/"/>'
        '<manifest:file-entry manifest:full-path="content.xml"/><manifest:file-entry manifest:full-path="meta.xml"/>'
        "</manifest:manifest>",
    }
    return zipped({**parts, **(more or {})})


def jpeg(side: int = 6) -> bytes:
    """A picture that lies on its side, with its maker in Exif, in a comment, and behind its end."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010F] = side, SECRET
    Image.new("RGB", (64, 48), (200, 40, 10)).save(made, "JPEG", exif=exif, comment=SECRET.encode(), progressive=True)
    return made.getvalue() + SECRET.encode()


def png() -> bytes:
    """A picture with its maker in a text."""
    made, about = io.BytesIO(), PngImagePlugin.PngInfo()
    about.add_text("Author", SECRET, zip=False)
    Image.new("RGBA", (40, 30), (0, 90, 200, 128)).save(made, "PNG", pnginfo=about)
    return made.getvalue() + SECRET.encode()


def huge_png(width: int = 20_000) -> bytes:
    """A few bytes that claim to be a picture of hundreds of millions of pixels."""
    head = struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pdf(*, picture: bool = False, script: bool = False, form: bool = False, password: str = "") -> bytes:
    """A page with an author, a comment and, if asked for, a photograph that tells its maker."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": SECRET, "/Title": SECRET})
    note = FreeText(text=SECRET, rect=(10, 10, 90, 40))
    note[NameObject("/T")] = TextStringObject(SECRET)
    writer.add_annotation(0, note)
    if picture:
        stream = DecodedStreamObject()
        stream.set_data(jpeg())
        for key, value in (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/Filter", "/DCTDecode")):
            stream[NameObject(key)] = NameObject(value)
        named = DictionaryObject({NameObject("/P"): writer._add_object(stream)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if form:
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject()
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
