"""ODT (ISO/IEC 26300): whether it tells who made it and, where that is withheld, a copy that does not.

Only text, styles and pictures are kept. With the list of changes goes what was deleted; what was inserted stays.
"""

import re
from typing import Any

from app.files.kinds import ODT, Cleaned, Refused
from app.files.office import Parts, clean_picture, elements, packed, parsed, remove, written

_MIMETYPE, _MANIFEST, _META = "mimetype", "META-INF/manifest.xml", "meta.xml"
_WORDS = ("content.xml", "styles.xml")
_LEFT_OUT = re.compile(r"meta\.xml|settings\.xml|manifest\.rdf|layout-cache|Thumbnails/.*|Configurations2/.*")
_PICTURES = re.compile(r"Pictures/[^/]+")
_SCRIPTS = re.compile(r"(Basic|Scripts)/.+")
_COMMENTS = ("annotation", "annotation-end")
_CHANGES = ("tracked-changes", "change", "change-start", "change-end")
_FIELDS = re.compile(
    r"author-(name|initials)|initial-creator|creator|printed-by|sender-.*|file-name|template-name|user-defined"
    r"|database-.*|dde-.*"
)
_PUBLIC_LINK = re.compile(r"(https?|mailto):|#|Pictures/", re.IGNORECASE)


def is_odt(parts: Parts) -> bool:
    return parts.get(_MIMETYPE, b"").strip() == ODT.encode() and "content.xml" in parts


def clean(content: bytes, parts: Parts, *, withheld: bool) -> Cleaned:
    """The document as it is, with a word on what it tells; or, where its author is withheld, one that tells nothing.

    Raises Refused for macros, encryption and for what cannot be cleaned.
    """
    if any(_SCRIPTS.fullmatch(name) for name in parts):
        raise Refused("macros")
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise Refused("locked")
    xml = {name: parsed(parts[name]) for name in (*_WORDS, _META, _MANIFEST) if name in parts}
    if not withheld:
        return Cleaned(ODT, content, tuple(_told(xml)))
    kept = {_MIMETYPE: ODT.encode()}
    for name, part in parts.items():
        if name != _MIMETYPE and not _LEFT_OUT.fullmatch(name):
            kept[name] = _clean_part(name, part, xml.get(name))
    return Cleaned(ODT, packed(kept, stored=_MIMETYPE))


def _told(xml: dict[str, Any]) -> list[str]:
    names = {name for part in _WORDS if part in xml for _element, name in elements(xml[part])}
    properties = elements(xml[_META]) if _META in xml else ()
    said = ("creator", "initial-creator", "printed-by")
    told = {
        "authors": any(name in said and (element.text or "").strip() for element, name in properties),
        "comments": bool(names.intersection(_COMMENTS)),
        "changes": bool(names.intersection(_CHANGES)),
    }
    return [what for what, is_told in told.items() if is_told]


def _clean_part(name: str, content: bytes, root: Any) -> bytes:
    if _PICTURES.fullmatch(name):
        return clean_picture(content)
    if name == _MANIFEST:
        for element, _local in elements(root):
            path = next((value for key, value in element.attrib.items() if key.endswith("}full-path")), "")
            if _LEFT_OUT.fullmatch(path) or (path.endswith("/") and path != "/"):
                remove(element)
    elif name in _WORDS:
        _clean_words(root)
    else:
        raise Refused("parts")
    return written(root)


def _clean_words(root: Any) -> None:
    for element, name in elements(root):
        if name in _COMMENTS or name in _CHANGES:
            remove(element)
    for element, name in elements(root):
        space = element.tag.partition("}")[0]
        if _FIELDS.fullmatch(name) and (":text:" in space or "/dc/" in space):
            raise Refused("fields")
        if name == "object" or "script" in space:
            raise Refused("parts")
        for attribute, value in list(element.attrib.items()):
            if attribute.endswith(("}rsid", "}paragraph-rsid")):
                del element.attrib[attribute]
            elif attribute.endswith("xlink}href") and not _PUBLIC_LINK.match(value):
                raise Refused("links")
