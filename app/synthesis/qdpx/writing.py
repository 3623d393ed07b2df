"""Writes projects and code books. The same state gives the same bytes: nothing in them tells the time of writing."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from app import clock
from app.synthesis.qdpx.model import Code, Coded, Note, Project, Source

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
QDE, SOURCES = "project.qde", "sources/"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_WHERE = "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
_BEGINNING = 100  # characters of a passage that name it, as other programs do
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def project(given: Project) -> bytes:
    """A `.qdpx` file."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(QDE), _written(_project(given)))
        for source in given.sources:
            archive.writestr(_entry(f"{SOURCES}{guid(source.guid)}.txt"), (source.text or "").encode())
    return made.getvalue()


def codebook(codes: Sequence[Code], origin: str) -> bytes:
    """A `.qdc` file: the codes without memos, which the format has no place for."""
    root = etree.Element(etree.QName(CODEBOOK, "CodeBook"), {"origin": origin}, nsmap={None: CODEBOOK})
    _codes(root, codes, notes=False)
    return _written(root)


def guid(id: UUID) -> str:
    """As the standard has it; in capitals, as most programs do."""
    return str(id).upper()


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # of the first day of 1980, as all without a date
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _project(given: Project) -> Any:
    root = etree.Element(etree.QName(PROJECT, "Project"), nsmap={None: PROJECT, "xsi": _SCHEMA})
    root.set(etree.QName(_SCHEMA, "schemaLocation"), f"{PROJECT} {_WHERE}")
    root.set("name", _clean(given.name))
    root.set("origin", given.origin)
    if given.users:
        users = _under(root, "Users")
        for user in given.users:
            _under(users, "User", guid=guid(user.guid), name=_clean(user.name))
    if given.codes:
        _codes(_under(root, "CodeBook"), given.codes, notes=True)
    if given.sources:
        sources = _under(root, "Sources")
        for source in given.sources:
            _source(sources, source)
    if notes := list(_all_notes(given)):
        _notes(_under(root, "Notes"), notes)
    return root


def _codes(above: Any, codes: Sequence[Code], *, notes: bool) -> None:
    """The tree of codes: each within its parent, in the order given."""
    beneath: Mapping[UUID | None, list[Code]] = defaultdict(list)
    known = {code.guid for code in codes}
    for code in codes:
        beneath[code.parent if code.parent in known else None].append(code)
    uppermost = _under(above, "Codes")
    waiting = [(uppermost, code) for code in reversed(beneath[None])]
    while waiting:
        parent, code = waiting.pop()
        element = _code(parent, code, notes=notes)
        waiting += [(element, child) for child in reversed(beneath[code.guid])]


def _code(above: Any, code: Code, *, notes: bool) -> Any:
    element = _under(above, "Code", guid=guid(code.guid), name=_clean(code.name))
    element.set("isCodable", "true" if code.codable else "false")
    if code.colour:
        element.set("color", code.colour)
    _described(element, code.definition)
    if notes:
        _refer(element, code.notes)
    return element


def _source(above: Any, source: Source) -> None:
    its = guid(source.guid)
    element = _under(above, "TextSource", guid=its, name=_clean(source.name), plainTextPath=f"internal://{its}.txt")
    _described(element, source.description)
    passages: Mapping[tuple[int, int], list[Coded]] = defaultdict(list)
    for coded in source.coded:
        if coded.begin is not None and coded.end is not None:
            passages[coded.begin, coded.end].append(coded)
    for (begin, end), coded_there in sorted(passages.items()):
        selection = _under(
            element, "PlainTextSelection", guid=guid(uuid5(source.guid, f"{begin}-{end}")),
            name=_clean(" ".join((source.text or "")[begin:end].split())[:_BEGINNING]),
            startPosition=str(begin), endPosition=str(end),
        )  # fmt: skip
        for coded in coded_there:
            _coding(selection, coded)
    for coded in source.coded:
        if coded.begin is None:
            _coding(element, coded)
    _refer(element, source.notes)


def _coding(above: Any, coded: Coded) -> None:
    element = _under(above, "Coding", guid=guid(coded.guid), **_by(coded.user, coded.made))
    _under(element, "CodeRef", targetGUID=guid(coded.code))
    _refer(element, coded.notes)


def _by(user: UUID | None, made: datetime | None) -> dict[str, str]:
    who = {"creatingUser": guid(user)} if user else {}
    return who | ({"creationDateTime": clock.iso(made) or ""} if made else {})


def _described(element: Any, words: str) -> None:
    if words:
        _under(element, "Description").text = _clean(words)


def _refer(element: Any, notes: Sequence[Note]) -> None:
    for note in notes:
        _under(element, "NoteRef", targetGUID=guid(note.guid))


def _notes(above: Any, notes: Iterable[Note]) -> None:
    for note in notes:
        named = _clean(" ".join(note.words.split())[:_BEGINNING])
        element = _under(above, "Note", guid=guid(note.guid), name=named, **_by(note.user, note.made))
        _under(element, "PlainTextContent").text = _clean(note.words)


def _all_notes(given: Project) -> Iterable[Note]:
    for code in given.codes:
        yield from code.notes
    for source in given.sources:
        yield from source.notes
        for coded in source.coded:
            yield from coded.notes


def _under(above: Any, tag: str, /, **attributes: str) -> Any:
    """A new element, in the namespace of the one above it."""
    return etree.SubElement(above, etree.QName(etree.QName(above).namespace, tag), attributes)


def _clean(words: str) -> str:
    """Without what XML has no place for; nobody sees these."""
    return _NO_XML.sub("", words)


def _written(root: Any) -> bytes:
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text
