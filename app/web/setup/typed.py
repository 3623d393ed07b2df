"""What stands in a form: texts as they were typed, in dictionaries and lists like the groups of the form.

A form is made from a definition, read from a request, changed by its own buttons (one more group, up, down, away), and
turned into what a definition file would have. What cannot be turned stays as it was typed.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from starlette.datastructures import FormData

from app import text
from app.web.setup.fields import Field

Typed = Any  # a text, a list of typed, or a dictionary of typed
_PHASES = "Phases"
_MOST_GROUPS = 200
_ACT = re.compile(r"(add|remove|up|down):([a-z_.0-9]{1,100})")


def typed_of(field: Field, value: Any) -> Typed:
    """How a value of a definition stands in a form."""
    if field.makes == _PHASES:
        value = {phase["name"]: phase for phase in value or ()}
    if field.kind == "group":
        return {part.name: typed_of(part, (value or {}).get(part.name)) for part in field.parts}
    if field.name == "words" and field.kind == "groups":
        return [{"language": tag, "words": "\n".join(words)} for tag, words in (value or {}).items()]
    if field.kind == "groups":
        return [_entry(field, each) for each in value or ()]
    if field.kind == "choices":
        return list(value or ())
    if field.kind == "lines":
        return "\n".join(value or ())
    if field.kind == "moment":
        return _moment(value)
    if field.kind == "yes":
        return "yes" if value else ""
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def empty(field: Field) -> Typed:
    """One more group of a list, with nothing in it."""
    return _entry(field, {} if field.parts[0].name else None)


def read(field: Field, form: FormData, path: str) -> Typed:
    """What was typed into a field and all its parts."""
    if field.kind == "group":
        return {part.name: read(part, form, f"{path}.{part.name}") for part in field.parts}
    if field.kind == "groups":
        entries = [_read_entry(field, form, f"{path}.{at}") for at in _indexes(form, path)]
        another = _sent(form, f"{path}.tag") if field.makes == "Language" else ""
        return [*entries, another] if another else entries
    if field.kind == "choices":
        return [str(each) for each in form.getlist(path)]
    if field.kind == "moment":
        return {part: _sent(form, f"{path}.{part}") for part in ("date", "time")}
    return _sent(form, path)


def act(tree: Typed, root: Field, do: str) -> bool:
    """Do what a button of the form itself asks for: `up:rules.2`. Returns whether it was one."""
    asked = _ACT.fullmatch(do)
    found = _list_at(tree, root, asked[2].split(".")) if asked else None
    if asked is None or found is None:
        return False
    field, entries, at = found
    if asked[1] == "add" and len(entries) < _MOST_GROUPS:
        entries.append(empty(field))
    elif at is not None and at < len(entries):
        entry = entries.pop(at)
        if asked[1] in ("up", "down"):
            entries.insert(max(at - 1, 0) if asked[1] == "up" else at + 1, entry)
    return True


def without_blanks(field: Field, typed: Typed) -> Typed:
    """The same without the groups in which nothing was typed."""
    if field.kind == "group":
        return {part.name: without_blanks(part, typed[part.name]) for part in field.parts}
    if field.kind == "groups":
        return [_entry_without_blanks(field, each) for each in typed if not _is_blank_entry(field, each)]
    return typed


def is_blank(field: Field, typed: Typed) -> bool:
    """Whether nothing was typed; what always has one answer, such as a policy, does not count."""
    if field.kind == "group":
        return all(is_blank(part, typed[part.name]) for part in field.parts)
    if field.kind == "groups":
        return all(_is_blank_entry(field, each) for each in typed)
    if field.kind == "moment":
        return not any(each.strip() for each in typed.values())
    return field.kind in ("choice", "hidden") or not typed or (isinstance(typed, str) and not typed.strip())


def _entry(field: Field, value: Any) -> Typed:
    if not field.parts[0].name:
        return value or ""
    return {part.name: typed_of(part, (value or {}).get(part.name)) for part in field.parts}


def _read_entry(field: Field, form: FormData, path: str) -> Typed:
    if not field.parts[0].name:
        return _sent(form, path)
    return {part.name: read(part, form, f"{path}.{part.name}") for part in field.parts}


def _entry_without_blanks(field: Field, entry: Typed) -> Typed:
    if isinstance(entry, str):
        return entry
    return {part.name: without_blanks(part, entry[part.name]) for part in field.parts}


def _is_blank_entry(field: Field, entry: Typed) -> bool:
    if isinstance(entry, str):
        return not entry.strip()
    return all(is_blank(part, entry[part.name]) for part in field.parts)


def _indexes(form: FormData, path: str) -> list[int]:
    """The places of a list at which the form has something."""
    start = f"{path}."
    found = {name[len(start) :].split(".", 1)[0] for name in form if name.startswith(start)}
    return sorted(int(at) for at in found if at.isascii() and at.isdigit() and len(at) < 5)[:_MOST_GROUPS]


def _sent(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return text.storable(value).replace("\r\n", "\n") if isinstance(value, str) else ""


def _list_at(tree: Typed, root: Field, path: list[str]) -> tuple[Field, list[Typed], int | None] | None:
    """The list that a path leads to, and the place in it where it leads to one of its groups."""
    field, here = root, tree
    for depth, step in enumerate(path):
        if field.kind == "groups":
            if not step.isdigit() or len(step) > 4:
                return None
            if depth == len(path) - 1:
                return field, here, int(step)
            if int(step) >= len(here):
                return None
            here = here[int(step)]
            field = Field("", "group", field.makes, True, parts=field.parts)
        elif field.kind == "group" and isinstance(here, Mapping) and step in here:
            field, here = field.part(step), here[step]
        else:
            return None
    return (field, here, None) if field.kind == "groups" else None


def _moment(value: date | datetime | None) -> Typed:
    if not isinstance(value, datetime):
        return {"date": value.isoformat() if value else "", "time": ""}
    said = value.timetz().isoformat("milliseconds" if value.microsecond else "seconds" if value.second else "minutes")
    return {"date": value.date().isoformat(), "time": said}


def moment(typed: Mapping[str, str]) -> date | datetime | None:
    """The date, or date and time, that was typed; None for nothing. Raises ValueError for what is none."""
    day, at = typed["date"].strip(), typed["time"].strip()
    if not day and not at:
        return None
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at)) if at else date.fromisoformat(day)
