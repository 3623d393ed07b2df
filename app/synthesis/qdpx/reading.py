"""Reads projects and code books, ours or another program's. Whatever is in them that is not exchanged gets a line."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lxml import etree

from app.language import gettext as _
from app.language import number
from app.synthesis.qdpx.archive import MOST_XML, Archive, refused, require_size
from app.synthesis.qdpx.model import Code, Coded, Note, Project, Source, User
from app.synthesis.qdpx.positions import MARK, double_ends, in_plain, plain
from app.synthesis.qdpx.writing import CODEBOOK, PROJECT

_MOST = 100_000  # elements of one kind
_POSITION = re.compile(r"[0-9]{1,9}")
_NAME = 200  # characters of a name that are worth repeating
_BEGINNING = 60  # characters of a memo that are
_ELSEWHERE = ("Variables", "Cases", "Links", "Sets", "Graphs")


@dataclass(slots=True)
class _Reading:
    """What is being read: its notes by guid, its texts, and a line for what is left aside."""

    archive: Archive | None
    notes: Mapping[UUID, Note] = field(default_factory=dict)
    placed: set[UUID] = field(default_factory=set)  # notes that something refers to
    aside: list[str] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)

    def counted(self, kind: str) -> None:
        self.count[kind] += 1
        if self.count[kind] > _MOST:
            raise refused(_("There are more than %(most)s codings, codes or texts in this file.", most=number(_MOST)))


def read_project(content: bytes) -> Project:
    """What is in a `.qdpx`. Raises Invalid with a sentence on why it cannot be read."""
    archive = Archive(content)
    root = _root(archive.project(), PROJECT, "Project")
    reading = _Reading(archive)
    reading.notes = dict(_notes(root, archive))
    codes = _codes(_child(root, "CodeBook"), reading)
    sources = [source for element in _children(_child(root, "Sources")) if (source := _source(element, reading))]
    _tell_of_the_rest(root, reading)
    users = [
        User(guid, (each.get("name") or each.get("id") or "").strip())
        for each in _children(_child(root, "Users"))
        if (guid := _guid(each.get("guid")))
    ]
    return Project(root.get("name", ""), root.get("origin", ""), users, codes, sources, reading.aside)


def read_codebook(content: bytes) -> Project:
    """What is in a `.qdc`: codes alone. Raises Invalid with a sentence on why it cannot be read."""
    require_size(content)
    root = _root(content, CODEBOOK, "CodeBook")
    reading = _Reading(None)
    return Project("", root.get("origin", ""), (), _codes(root, reading), (), reading.aside)


def _tell_of_the_rest(root: Any, reading: _Reading) -> None:
    for name in _ELSEWHERE:
        if found := len(list(_children(_child(root, name)))):
            reading.aside.append(_("%(kind)s in the file: %(n)s. These are not exchanged.", kind=name, n=found))
    for guid, note in reading.notes.items():
        if guid not in reading.placed:
            words = _line(note.words)[:_BEGINNING]
            reading.aside.append(
                _("A memo is left out, as it is about nothing that is exchanged: “%(words)s”.", words=words)
            )


def _root(xml: bytes, namespace: str, name: str) -> Any:
    """The root element, if it is the one that is wanted. The XML may declare nothing: no entity is ever looked at."""
    broken = refused(_("The XML in this file is damaged, or is not what it should be."))
    if len(xml) > MOST_XML or b"<!DOCTYPE" in xml:
        raise broken
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml.removeprefix(MARK.encode()), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise broken from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise broken
    if root.tag != f"{{{namespace}}}{name}":
        raise refused(_("This is no file of REFI-QDA 1.0: it begins with “%(tag)s”.", tag=str(root.tag)[:_NAME]))
    return root


def _codes(above: Any, reading: _Reading) -> list[Code]:
    """All codes, each after its parent."""
    found: list[Code] = []
    waiting: list[tuple[Any, UUID | None]] = []
    waiting += [(each, None) for each in _children(_child(above, "Codes"), "Code")][::-1]
    while waiting:
        element, parent = waiting.pop()
        reading.counted("code")
        guid, name = _guid(element.get("guid")), _line(element.get("name"))
        if guid is None or not name:
            reading.aside.append(_("A code without a name or a GUID is left out: “%(name)s”.", name=name))
            continue
        colour, codable = element.get("color", ""), element.get("isCodable") not in ("false", "0")
        notes = _referred(element, reading)
        found.append(Code(guid, name, _text(element, "Description"), colour, parent, codable, notes))
        waiting += [(each, guid) for each in _children(element, "Code")][::-1]
    return found


def _source(element: Any, reading: _Reading) -> Source | None:
    """A text with what was put on it; None for pictures, sounds and the like, which get a line."""
    reading.counted("source")
    name = _line(element.get("name"))
    guid = _guid(element.get("guid"))
    if _tag(element) != "TextSource" or guid is None:
        reading.aside.append(_("“%(name)s” is no plain text, and is left aside.", name=name))
        return None
    text = _text(element, "PlainTextContent") or None
    if text is None and reading.archive is not None:
        text = reading.archive.text(element.get("plainTextPath", ""))
    coded = [*_on_passages(element, name, text or "", reading), *_on_whole(element, reading)]
    described = _text(element, "Description")
    return Source(
        guid, name, None if text is None else plain(text), described, coded, _referred(element, reading)
    )  # fmt: skip


def _on_passages(element: Any, name: str, text: str, reading: _Reading) -> Iterator[Coded]:
    ends = double_ends(text)
    for selection in _children(element, "PlainTextSelection"):
        begin, end = _position(selection.get("startPosition")), _position(selection.get("endPosition"))
        if begin is None or end is None:
            reading.aside.append(_("In “%(name)s” a passage has no position, and is left out.", name=name))
            continue
        found = list(_codings(selection, in_plain(ends, begin), in_plain(ends, end), reading))
        if not found:
            reading.aside.append(
                _("In “%(name)s” the passage at %(begin)s has no code, and is left out.", name=name, begin=begin)
            )
        elif notes := _referred(selection, reading):  # of the passage: told with the first code on it
            found[0] = replace(found[0], notes=[*found[0].notes, *notes])
        yield from found


def _on_whole(element: Any, reading: _Reading) -> Iterator[Coded]:
    return _codings(element, None, None, reading)


def _codings(element: Any, begin: int | None, end: int | None, reading: _Reading) -> Iterator[Coded]:
    for coding in _children(element, "Coding"):
        reading.counted("coding")
        reference = _child(coding, "CodeRef")
        guid, code = _guid(coding.get("guid")), _guid(None if reference is None else reference.get("targetGUID"))
        if guid is None or code is None:
            reading.aside.append(_("A coding without a code or a GUID is left out."))
            continue
        user = _guid(coding.get("creatingUser")) or _guid(element.get("creatingUser"))
        made = _moment(coding.get("creationDateTime")) or _moment(element.get("creationDateTime"))
        yield Coded(guid, code, begin, end, user, made, _referred(coding, reading))


def _notes(root: Any, archive: Archive) -> Iterator[tuple[UUID, Note]]:
    for element in _children(_child(root, "Notes"), "Note"):
        guid = _guid(element.get("guid"))
        words = _text(element, "PlainTextContent") or archive.text(element.get("plainTextPath", "")) or ""
        words = words if words.strip() else element.get("name", "")
        if guid is not None and words.strip():
            made = _moment(element.get("creationDateTime"))
            yield guid, Note(guid, plain(words), _guid(element.get("creatingUser")), made)


def _referred(element: Any, reading: _Reading) -> list[Note]:
    targets = (_guid(each.get("targetGUID")) for each in _children(element, "NoteRef"))
    found = [reading.notes[target] for target in targets if target is not None and target in reading.notes]
    reading.placed |= {note.guid for note in found}
    return found


def _tag(element: Any) -> str:
    return str(etree.QName(element).localname)


def _children(element: Any, name: str = "") -> Iterator[Any]:
    if element is not None:
        yield from (each for each in element if isinstance(each.tag, str) and (not name or _tag(each) == name))


def _child(element: Any, name: str) -> Any:
    return next(_children(element, name), None)


def _text(element: Any, name: str) -> str:
    found = _child(element, name)
    return "" if found is None else found.text or ""


def _line(value: str | None) -> str:
    return " ".join((value or "").split())[:_NAME]


def _guid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


def _position(value: str | None) -> int | None:
    return int(value) if value and _POSITION.fullmatch(value) else None


def _moment(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(value or "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
