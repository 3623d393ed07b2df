"""PDF (ISO 32000): whether it tells who made it and, where that is withheld, a new one of the same pages alone.

The new one has no properties, no comments, no attached files, no scripts, no earlier versions, no outline and no tags.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from app.files.images import without_metadata
from app.files.kinds import PDF, Cleaned, Refused

_ACTIVE_KEYS, _ACTIVE_ACTIONS = ("/JS", "/EF", "/XFA"), ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm")
_ABOUT = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/B", "/StructParents", "/StructParent", "/Tabs")
_LINK = ("/Type", "/Subtype", "/Rect", "/Border", "/BS", "/C", "/QuadPoints")
_NO_COMMENT = ("/Link", "/Widget", "/Popup")


def opened(content: bytes) -> PdfReader:
    """A document that can be taken. Raises Refused for what is broken or locked, or holds scripts or files."""
    with _only_refused():
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise Refused("locked")
        if not reader.pages:
            raise Refused("broken")
        _require_passive(reader)
        return reader


def clean(content: bytes, reader: PdfReader, *, withheld: bool) -> Cleaned:
    """The document as it is, with a word on what it tells; or, where its author is withheld, one that tells nothing.

    Raises Refused for what cannot be cleaned. The reader is of no use afterwards.
    """
    with _only_refused():
        return Cleaned(PDF, _pages_alone(reader)) if withheld else Cleaned(PDF, content, tuple(_told(reader)))


@contextmanager
def _only_refused() -> Iterator[None]:
    """A library for broken files fails in many ways on worse ones."""
    try:
        yield
    except (PyPdfError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, OSError, RecursionError):
        raise Refused("broken") from None


def _require_passive(reader: PdfReader) -> None:
    for each in _reachable(reader.trailer):
        if isinstance(each, DictionaryObject) and (
            any(key in each for key in _ACTIVE_KEYS) or each.get("/S") in _ACTIVE_ACTIONS
        ):
            raise Refused("active")


def _told(reader: PdfReader) -> list[str]:
    about: dict[str, Any] = dict(reader.metadata or {})
    told = []
    if str(about.get("/Author") or "").strip() or b"creator>" in _xmp(reader):
        told.append("authors")
    if any(note.get("/Subtype") not in _NO_COMMENT for page in reader.pages for note in _notes(page)):
        told.append("comments")
    return told


def _xmp(reader: PdfReader) -> bytes:
    """The document's properties as XMP (ISO 16684) has them."""
    stream = reader.root_object.get("/Metadata")
    stream = stream.get_object() if stream is not None else None
    return stream.get_data() if isinstance(stream, StreamObject) else b""


def _pages_alone(reader: PdfReader) -> bytes:
    root = reader.root_object
    if "/AcroForm" in root:
        raise Refused("form")
    if "/OCProperties" in root:
        raise Refused("layers")
    writer = PdfWriter()
    for page in reader.pages:
        links = [_bare(note) for note in _notes(page) if _is_public_link(note)]
        page.pop("/Annots", None)
        added = writer.add_page(page)
        if links:
            added[NameObject("/Annots")] = ArrayObject(links)
    for each in _reachable(writer.root_object):
        if isinstance(each, DictionaryObject):
            for key in _ABOUT:
                each.pop(key, None)
        if isinstance(each, StreamObject) and each.get("/Subtype") == "/Image":
            _clean_picture(each)
    writer.metadata = None
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _notes(page: Any) -> list[DictionaryObject]:
    notes = page.get("/Annots")
    notes = notes.get_object() if notes is not None else []
    return [each for note in notes if isinstance(each := note.get_object(), DictionaryObject)]


def _is_public_link(note: DictionaryObject) -> bool:
    action = note.get("/A")
    action = action.get_object() if action is not None else {}
    return note.get("/Subtype") == "/Link" and str(action.get("/URI", "")).startswith(("http:", "https:", "mailto:"))


def _bare(note: DictionaryObject) -> DictionaryObject:
    """A link with its place and its address, and without a name, a date or an author."""
    bare = DictionaryObject({NameObject(key): note[key] for key in _LINK if key in note})
    action: Any = note["/A"]
    bare[NameObject("/A")] = DictionaryObject(
        {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): action["/URI"]}
    )
    return bare


def _clean_picture(picture: StreamObject) -> None:
    filters = picture.get("/Filter")
    names = [filters] if isinstance(filters, NameObject) else list(filters or [])
    if "/JPXDecode" in names:
        raise Refused("pictures")
    if "/DCTDecode" in names:
        if names != ["/DCTDecode"]:
            raise Refused("pictures")
        picture._data = without_metadata(picture._data)  # noqa: SLF001  # the bytes as they are stored


def _reachable(start: Any) -> Iterator[Any]:
    """Everything that can be reached from here, once."""
    seen: set[Any] = set()
    ahead: list[Any] = [start]
    while ahead:
        each = ahead.pop()
        if isinstance(each, IndirectObject):
            if (each.idnum, each.generation) in seen:
                continue
            seen.add((each.idnum, each.generation))
            each = each.get_object()
        yield each
        if isinstance(each, DictionaryObject):
            ahead += dict.values(each)
        elif isinstance(each, ArrayObject):
            ahead += list.__iter__(each)
