"""DOCX and ODT are zip archives of XML: opened within limits, and put together again without dates and comments."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from app.files import images
from app.files.kinds import Refused

MOST_PARTS = 2_000
MOST_UNPACKED = 80 * 2**20  # of all parts together
MOST_XML = 25 * 2**20  # of one part

Parts = dict[str, bytes]


def opened(content: bytes) -> Parts:
    """The parts of an archive, by name. Raises Refused."""
    parts: Parts = {}
    room = MOST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise Refused("bomb")
            for info in archive.infolist():
                if info.flag_bits & 1:
                    raise Refused("locked")
                if info.is_dir():
                    continue
                if info.filename in parts:  # which of them counts would depend on the program
                    raise Refused("broken")
                parts[info.filename] = _read(archive, info, room)
                room -= len(parts[info.filename])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise Refused("broken") from None
    return parts


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    with archive.open(info) as part:  # what the archive says of its size is not believed
        unpacked = part.read(room + 1)
    if len(unpacked) > room:
        raise Refused("bomb")
    return unpacked


def packed(parts: Parts, stored: str | None = None) -> bytes:
    """An archive of these parts, in this order, with no date. The part `stored` comes uncompressed."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)  # of the first day of 1980, as all without a date
            how = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, content, how)
    return made.getvalue()


def parsed(xml: bytes) -> Any:
    """The root of an XML part; it may name no entities. Raises Refused."""
    if len(xml) > MOST_XML:
        raise Refused("bomb")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("broken") from None
    described = root.getroottree().docinfo.internalDTD
    if described is not None and described.entities():  # older programs name a DTD in the manifest, which is harmless
        raise Refused("broken")
    return root


def written(root: Any) -> bytes:
    """A part of this root."""
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return text


def elements(root: Any) -> Iterator[tuple[Any, str]]:
    """Every element and its name without a namespace; they may be removed meanwhile."""
    for element in list(root.iter(etree.Element)):
        yield element, etree.QName(element).localname


def remove(element: Any) -> None:
    """Take an element out; the text after it stays."""
    above = element.getparent()
    if above is not None:
        _keep_tail(element, above)
        above.remove(element)


def unwrap(element: Any) -> None:
    """Put what an element holds in its place."""
    above = element.getparent()
    if above is not None:
        at = above.index(element)
        _keep_tail(element, above)
        for child in list(element):
            above.insert(at, child)
            at += 1
        above.remove(element)


def _keep_tail(element: Any, above: Any) -> None:
    if element.tail:
        before = element.getprevious()
        if before is None:
            above.text = (above.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None


def clean_picture(content: bytes) -> bytes:
    """A picture within a document, without its metadata. Raises Refused for what is no PNG or JPEG."""
    if content.startswith(b"\x89PNG"):
        return images.clean_png(content).content
    if content.startswith(b"\xff\xd8"):
        return images.clean_jpeg(content).content
    raise Refused("pictures")
