"""DOCX (ECMA-376): whether it tells who made it and, where that is withheld, a copy that does not.

Only parts that are known are kept. Tracked changes are accepted, comments and properties go, and so do the marks by
which Word knows who wrote when.
"""

import posixpath
import re
from typing import Any

from app.files.kinds import DOCX, Cleaned, Refused
from app.files.office import Parts, clean_picture, elements, packed, parsed, remove, unwrap, written

_TYPES = "[Content_Types].xml"
_STORY = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*|glossary/document)\.xml")
_COMMENTS = re.compile(r"word/(comments\w*|people)\.xml")
_LEFT_OUT = re.compile(
    r"docProps/.*|docMetadata/.*|customXml/.*|word/glossary/.*|word/(comments\w*|people)\.xml"
    r"|word/_rels/(settings|comments\w*|people)\.xml\.rels"
)
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/[^/]+\.rels|word/theme/[^/]+\.xml|word/fonts/[^/]+\.odttf"
    r"|word/(document|styles|stylesWithEffects|settings|webSettings|fontTable|numbering|footnotes|endnotes"
    r"|header\d*|footer\d*)\.xml"
)
_PICTURES = re.compile(r"word/media/[^/]+")

_CHANGES = frozenset((
    "del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange",
    "tcPrChange", "tblGridChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
))  # fmt: skip
_MARKS = frozenset((
    "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "moveFromRangeStart",
    "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
    "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd", "dataBinding", "rsids", "attachedTemplate", "mailMerge",
    "docVars", "docId", "permStart", "permEnd",
))  # fmt: skip
_ACCEPTED = frozenset(("ins", "moveTo"))
_NAMES_SOMEBODY = ("author", "initials", "userId", "providerId")
_FIELD = re.compile(
    r"\s*(AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|FILENAME|TEMPLATE|DOCPROPERTY|INFO)\b", re.IGNORECASE
)
_PATH = re.compile(r"[\\]|/(Users|home)/|^file:|\.(png|jpe?g|gif|tiff?|bmp)$", re.IGNORECASE)
_COMPUTER = re.compile(r"file:|\b[a-z]:\\|/(Users|home)/", re.IGNORECASE)  # in a field
_PUBLIC_LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)


def is_docx(parts: Parts) -> bool:
    return _TYPES in parts and "word/document.xml" in parts


def clean(content: bytes, parts: Parts, *, withheld: bool) -> Cleaned:
    """The document as it is, with a word on what it tells; or, where its author is withheld, one that tells nothing.

    Raises Refused for macros and for what cannot be cleaned.
    """
    if any(name.lower().endswith("vbaproject.bin") for name in parts) or b"macroEnabled" in parts[_TYPES]:
        raise Refused("macros")
    xml = {name: parsed(text) for name, text in parts.items() if name.endswith((".xml", ".rels"))}
    if not withheld:
        return Cleaned(DOCX, content, tuple(_told(parts, xml)))
    kept = {name: part for name, part in parts.items() if not _LEFT_OUT.fullmatch(name)}
    for name in kept:
        kept[name] = _clean_part(name, kept[name], xml.get(name), kept)
    return Cleaned(DOCX, packed(kept))


def _told(parts: Parts, xml: dict[str, Any]) -> list[str]:
    told = []
    properties = [root for name, root in xml.items() if name.startswith("docProps/")]
    said = ("creator", "lastModifiedBy", "Manager", "Company")
    if any(name in said and (element.text or "").strip() for root in properties for element, name in elements(root)):
        told.append("authors")
    if any(_COMMENTS.fullmatch(name) for name in parts):
        told.append("comments")
    stories = (root for name, root in xml.items() if _STORY.fullmatch(name))
    if any(name in _CHANGES | _ACCEPTED and _is_word(element) for root in stories for element, name in elements(root)):
        told.append("changes")
    return told


def _clean_part(name: str, content: bytes, root: Any, kept: Parts) -> bytes:
    if _PICTURES.fullmatch(name):
        return clean_picture(content)
    if not _KEPT.fullmatch(name):
        raise Refused("parts")
    if root is None:
        return content
    if name == _TYPES:
        for element, _local in elements(root):
            if element.get("PartName", "/").lstrip("/") not in {"", *kept}:
                remove(element)
    elif name.endswith(".rels"):
        _clean_relations(name, root, kept)
    else:
        _clean_words(root)
    return written(root)


def _clean_relations(name: str, root: Any, kept: Parts) -> None:
    """Without those to parts that are left out. Raises Refused for links to files on a computer."""
    folder = posixpath.dirname(posixpath.dirname(name))
    for element in list(root):
        target = element.get("Target", "")
        if element.get("TargetMode") == "External":
            if not _PUBLIC_LINK.match(target):
                raise Refused("links")
        elif posixpath.normpath(posixpath.join("/", folder, target.partition("#")[0])).lstrip("/") not in kept:
            remove(element)


def _clean_words(root: Any) -> None:
    for element, name in elements(root):
        if _is_word(element):
            _clean_word(element, name)
        if name in ("docPr", "cNvPr"):  # what a picture's file was called, and where it lay
            element.set("name", "picture")
            for said in ("descr", "title"):
                if _PATH.search(element.get(said, "")):
                    del element.attrib[said]
    for element, _name in elements(root):
        for attribute in list(element.attrib):
            local = attribute.rpartition("}")[2]
            if local.startswith("rsid"):
                del element.attrib[attribute]
            elif local in _NAMES_SOMEBODY:
                raise Refused("left")


def _clean_word(element: Any, name: str) -> None:
    above = element.getparent()
    within = above.tag.rpartition("}")[2] if above is not None else ""
    if name == "del" and within == "trPr":  # a whole row of a table
        remove(above.getparent())
    elif name in _CHANGES or name in _MARKS:
        remove(element)
    elif name in _ACCEPTED:
        unwrap(element)
    elif name in ("fldSimple", "instrText"):
        asked = element.text if name == "instrText" else next(
            (value for key, value in element.attrib.items() if key.endswith("}instr")), "")  # fmt: skip
        if _FIELD.match(asked or ""):
            raise Refused("fields")
        if _COMPUTER.search(asked or ""):
            raise Refused("links")


def _is_word(element: Any) -> bool:
    space = element.tag.partition("}")[0]
    return "wordprocessingml" in space or "/wordml" in space
