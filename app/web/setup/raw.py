"""From what stands in a form to what a definition file would have, with what a new entry need not be told."""

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.language import gettext as _
from app.web.setup.fields import Field
from app.web.setup.typed import Typed, is_blank, moment

_LONGEST = 40  # letters of a short name that is made of a title
_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)


def raw_of(field: Field, typed: Typed, path: str, faults: dict[str, str]) -> Any:
    """What a file would have here; None where it would have nothing. Adds a sentence for what cannot be read."""
    if field.makes == "Phases":
        return _phases(field, typed, path, faults)
    if field.kind == "group":
        return None if is_blank(field, typed) and not field.required else _table(field.parts, typed, path, faults)
    if field.name == "words" and field.kind == "groups":
        return _words(typed)
    if field.kind == "groups":
        return [_entry(field, each, f"{path}.{at}", faults) for at, each in enumerate(numbered(field, typed))]
    if field.kind == "choices":
        return list(typed)
    if field.kind == "lines":
        return _lines(typed)
    if field.kind in ("moment", "day"):
        return _date(field, typed, path, faults)
    if field.kind == "yes":
        return bool(typed)
    said = typed.strip()
    if field.kind == "number" and said:
        return int(said) if _NUMBER.fullmatch(said) else said
    return said or None


def numbered(field: Field, entries: Sequence[Typed]) -> Sequence[Typed]:
    """The entries, those without a number, key or short name with the next one that is free."""
    own = {"Rule": "number", "Question": "key", "Topic": "slug"}.get(field.makes)
    if own is None:
        return entries
    taken = {each[own].strip() for each in entries}
    made = []
    for each in entries:
        if not each[own].strip():
            each = each | {own: _next(own, each, taken)}
            taken.add(each[own])
        made.append(each)
    return made


def slug_of(title: str) -> str:
    """A short name for addresses from a title in Latin letters; empty where it has none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        longer = f"{name}-{word}" if name else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        name = longer
    return name


def _table(parts: Sequence[Field], typed: Mapping[str, Typed], path: str, faults: dict[str, str]) -> dict[str, Any]:
    found = {part.name: raw_of(part, typed[part.name], f"{path}.{part.name}", faults) for part in parts}
    return {name: value for name, value in found.items() if value is not None}


def _entry(field: Field, typed: Typed, path: str, faults: dict[str, str]) -> Any:
    return typed.strip() if isinstance(typed, str) else _table(field.parts, typed, path, faults)


def _phases(field: Field, typed: Typed, path: str, faults: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": part.name, **_table(part.parts, typed[part.name], f"{path}.{part.name}", faults)}
        for part in field.parts
        if not is_blank(part, typed[part.name])
    ]


def _date(field: Field, typed: Typed, path: str, faults: dict[str, str]) -> Any:
    try:
        if field.kind == "moment":
            return moment(typed)
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        faults[path] = _("Please write a date as in 2026-12-31, and a time, if there is one, as in 18:00.")
        return None


def _words(typed: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """The lists by their language; two of one language are one."""
    found: dict[str, list[str]] = {}
    for each in typed:
        found.setdefault(each["language"].strip(), []).extend(_lines(each["words"]))
    return found


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _next(own: str, entry: Mapping[str, Typed], taken: set[str]) -> str:
    if own == "number":
        return str(max((int(each) for each in taken if _NUMBER.fullmatch(each)), default=0) + 1)
    if own == "key":
        return next((letter for letter in string.ascii_lowercase if letter not in taken), "")
    said = slug_of(entry["title"])
    numbers = (f"{said or 'topic'}-{at}" for at in range(1 if len(said) < 2 else 2, 100))
    return said if len(said) > 1 and said not in taken else next(each for each in numbers if each not in taken)
