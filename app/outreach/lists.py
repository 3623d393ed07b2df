"""Lists of people as organisers paste them: each line becomes an entry, or a fault with its number and its reason.

A line is an address, `Name <address>`, or address, name, language and organisation with commas, semicolons or tabs
between; several addresses may share one. A first line that names its columns may put them in any order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app import errors, text
from app.accounts.people import email_address
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import number
from app.outreach import columns, spoken

MOST = 10_000  # people in one round
NAME_LIMIT, ORGANISATION_LIMIT = 120, 200
_LINE_LIMIT = 2_000  # characters
_SHOWN = 60  # characters of a line that is no entry
_ENDS = re.compile(r"\r\n|\r|\n")
_ANGLE = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>[\s,;]*")
_QUOTED = re.compile(r'"[^"]*"')
_SEVERAL = N_("There are several mail addresses in this line. Please give each a line of its own.")
_BETWEEN = "\t;；؛,，،"  # in this order: an organisation may well have a comma in its name


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on a list. An empty language is whichever the round has for those who name none."""

    email: str
    name: str = ""
    language: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is no entry: its number from 1, how it begins, and what to do about it."""

    line: int
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list holds: everybody once, the lines that are faulty, and how often an address came again."""

    entries: Sequence[Entry] = ()
    faults: Sequence[Fault] = ()
    merged: int = 0


def parse(words: str) -> Listed:
    """Read a list. It takes a tenth of a second for ten thousand lines, and asks nothing of the database."""
    people: dict[str, Entry] = {}
    faults: list[Fault] = []
    merged = 0
    header: columns.Header | None = None
    begun = False
    for place, line in enumerate(_ENDS.split(words.removeprefix("\ufeff")), 1):
        if not text.visible(line.strip(f" {_BETWEEN}")):
            continue
        if not begun:
            begun, header = True, columns.header(line[:_LINE_LIMIT], _between(line))
            if header is not None:
                continue
        try:
            found = _by_header(line, header) if header is not None else _of_line(line)
        except ValueError as fault:
            faults.append(Fault(place, _beginning(line), str(fault)))
            continue
        for entry in found:
            merged += entry.email in people
            people[entry.email] = _together(people.get(entry.email), entry)
    return Listed(list(people.values()), faults, merged)


def _of_line(line: str) -> list[Entry]:
    """The entries of a line that stands for itself. Raises ValueError with what is wrong."""
    _require_short(line)
    if "@" not in line:
        raise ValueError(_("There is no mail address in this line."))
    angle = _ANGLE.fullmatch(line)
    if angle and not ("@" in angle["name"] and re.search(f"[{_BETWEEN}]", angle["name"])):
        return [_named(line)]
    fields = columns.split(line, _between(line))
    filled = [field for field in fields if field]
    if len(filled) == 1 and len(words := filled[0].split()) > 1 and all("@" in word for word in words):
        filled = words
    if all("@" in field for field in filled):
        return [_named(field) for field in filled]
    if sum("@" in field for field in filled) > 1:
        raise ValueError(_(_SEVERAL))
    if len(fields) > 4 and any(fields[4:]):
        raise ValueError(_("There are more than four parts in this line: address, name, language, organisation."))
    at = next(place for place, field in enumerate(fields) if "@" in field)
    others = [*fields[:at], *fields[at + 1 :], "", "", ""]
    return [_in_order(_named(fields[at]), others[0], others[1], others[2])]


def _in_order(entry: Entry, name: str, language: str, organisation: str) -> Entry:
    """What stands beside an address: a third part that is the name of no language can only be an organisation."""
    if language and not organisation and not spoken.is_language(language):
        language, organisation = "", language
    return _entry(entry.email, name or entry.name, language, organisation)


def _by_header(line: str, header: columns.Header) -> list[Entry]:
    """The entry of a line whose columns are named above; a line that was added in another shape stands for itself.

    Raises ValueError with what is wrong.
    """
    _require_short(line)
    given = header.read(line)
    if "@" not in given["email"]:
        return _of_line(line)
    entry = _named(given["email"])
    return [_entry(entry.email, given["name"] or entry.name, given["language"], given["organisation"])]


def _named(field: str) -> Entry:
    """An address, or a name with an address in angle brackets."""
    angle = _ANGLE.fullmatch(field)
    if angle is None:
        if field.count("@") > 1:
            raise ValueError(_(_SEVERAL))
        return _entry(field, "", "", "")
    name = angle["name"].strip(" '\"")
    if "@" not in name:
        return _entry(angle["email"], name, "", "")
    if name.casefold() != angle["email"].strip().casefold():  # programs for mail put the address in a name's place
        raise ValueError(_(_SEVERAL))
    return _entry(angle["email"], "", "", "")


def _entry(email: str, name: str, language: str, organisation: str) -> Entry:
    try:
        address = email_address(email.strip(" \t<>'\"").removeprefix("mailto:"))
    except errors.Invalid as wrong:
        raise ValueError(wrong.fields["email"]) from None
    return Entry(
        address,
        _line(name, NAME_LIMIT, _("The name has more than %(most)s characters.", most=NAME_LIMIT)),
        spoken.language(language),
        _line(organisation, ORGANISATION_LIMIT, _("The organisation has more than %(most)s characters.",
                                                  most=ORGANISATION_LIMIT)),
    )  # fmt: skip


def _line(value: str, most: int, too_long: str) -> str:
    try:
        clean = text.line(value)
    except ValueError as fault:
        raise ValueError(_("This %(fault)s.", fault=fault)) from None
    if len(clean) > most:
        raise ValueError(too_long)
    return clean


def _together(before: Entry | None, entry: Entry) -> Entry:
    """One entry of two with the same address: the first, with what only the other one says."""
    if before is None:
        return entry
    return replace(
        before, name=before.name or entry.name, language=before.language or entry.language,
        organisation=before.organisation or entry.organisation,
    )  # fmt: skip


def _between(line: str) -> str:
    """What stands between the parts of a line, outside of quotation marks."""
    bare = _QUOTED.sub("", line) if '"' in line else line
    return next((mark for mark in _BETWEEN if mark in bare), ",")


def _require_short(line: str) -> None:
    if len(line) > _LINE_LIMIT:
        raise ValueError(_("This line has more than %(most)s characters.", most=number(_LINE_LIMIT)))


def _beginning(line: str) -> str:
    """How a faulty line begins, without what no page can show."""
    shown = " ".join(text.storable(line[: 4 * _SHOWN]).split())
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
