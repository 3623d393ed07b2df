"""One row of an import: its columns, checked, as the text that it will be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app import clock, errors, text
from app.accounts.profile_form import NAME_LIMIT
from app.contributions.submissions import ROOT_KINDS, Submission, checked
from app.language import gettext as _
from app.language import number

COLUMNS = ("id", "parent_id", "topic_id", "title", "body", "author", "created_at", "lang", "kind", "source",
           "deposit", "questions")  # fmt: skip
ID_LIMIT = 200
SOURCE_LIMIT = 500
_TITLE_FROM_TEXT = 80  # characters
_TYPED = ("created_at", "deposit", "questions")  # columns that hold something else than text
_ANSWERS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_COLUMN_OF = {"language": "lang"}  # where the file's name for a field is another than ours


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a row goes: beneath the text with the id `parent`, or at the top of `topic`.

    `missing` is the parent that it names where that one cannot be found or taken.
    """

    parent: str | None = None
    topic: str | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A checked row: all that needs no database. Its HTML may be made meanwhile, elsewhere (`rendered`)."""

    id: str
    stand: Stand
    given: Submission
    author: str | None
    created: datetime
    provenance: dict[str, Any]
    deposit: bool = False  # its author agreed that it goes into a research archive
    html: str | None = None


def rendered(bodies: Sequence[str]) -> list[str]:
    """The HTML of many texts, at the price of half of the import: to be called in a process of its own."""
    return [text.markdown(body) for body in bodies]


def arrival(
    row: Mapping[str, Any], stand: Stand, language: str, source: str, questions: frozenset[str] = frozenset()
) -> Arrival:
    """The text that a row holds. `language` and `source` are for rows that name none; `questions` are all there are.

    Raises Invalid with a sentence for every column that cannot be taken.
    """
    faults: dict[str, str] = {}
    values = {name: _string(row, name, faults) for name in COLUMNS if name not in _TYPED}
    created = _moment(row.get("created_at"), faults)
    deposit = _answer(row.get("deposit"), faults)
    author = _line(values["author"], "author", NAME_LIMIT, faults)
    provenance: dict[str, Any] = {
        "source": _line(values["source"], "source", SOURCE_LIMIT, faults) or source,
        "id": identifier(row.get("id")),
    }
    given = _submission(values, stand, language, provenance, faults)
    known = frozenset(each for each in questions if stand.topic is None or each.startswith(f"{stand.topic}."))
    given = replace(given, questions=_keys(row.get("questions"), known, faults))
    if stand.missing is not None:
        provenance["reattached"] = {"missing_parent": stand.missing}
    try:
        given = checked(given, known, is_reply=stand.parent is not None)
    except errors.Invalid as invalid:
        faults = {_COLUMN_OF.get(field, field): fault for field, fault in invalid.fields.items()} | faults
    if faults:
        raise errors.Invalid(faults)
    return Arrival(provenance["id"], stand, given, author, created, provenance, deposit)


def identifier(value: Any) -> str | None:
    """An id as a file may write it (text or a whole number); None for none. Raises ValueError with what is wrong."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(_("This is to be a text or a whole number."))
    clean = text.line(value)
    if len(clean) > ID_LIMIT:
        raise ValueError(_too_long(clean, ID_LIMIT))
    return clean or None


def _submission(
    values: Mapping[str, str | None], stand: Stand, language: str, provenance: dict[str, Any], faults: dict[str, str]
) -> Submission:
    body, title, kind = values["body"] or "", values["title"], values["kind"]
    if not text.visible(body):
        faults.setdefault("body", _("This is empty."))
    allowed = ("reply", "note") if stand.parent is not None else (*ROOT_KINDS, "note")
    if kind not in allowed:
        if kind:
            provenance["kind"] = _line(kind, "kind", NAME_LIMIT, faults)
        kind = "proposal" if stand.parent is None else "reply"
    if stand.parent is None and not text.visible(title or ""):
        title = text.excerpt(body, _TITLE_FROM_TEXT) or " ".join(body.split())[:_TITLE_FROM_TEXT]
        provenance["title"] = "from the text"
    return Submission(body=body, language=values["lang"] or language, title=title, kind=kind)


def _string(row: Mapping[str, Any], name: str, faults: dict[str, str]) -> str | None:
    value = row.get(name)
    if name in ("id", "parent_id", "topic_id"):
        return None  # read before, see `identifier`
    if value is not None and not isinstance(value, str):
        faults[name] = _("This is to be a text.")
        return None
    return value


def _line(value: str | None, name: str, limit: int, faults: dict[str, str]) -> str | None:
    try:
        clean = text.line(value or "")
    except ValueError as fault:
        faults[name] = str(fault)
        return None
    if len(clean) > limit:
        faults[name] = _too_long(clean, limit)
    return clean or None


def _too_long(clean: str, limit: int) -> str:
    return _("This has %(count)s characters; at most %(most)s fit.", count=number(len(clean)), most=number(limit))


def _keys(value: Any, known: frozenset[str], faults: dict[str, str]) -> tuple[str, ...]:
    """Keys of guiding questions, as a list or as a spreadsheet writes them: `inclusion.a; inclusion.b`."""
    given = re.split(r"[\s,;]+", value) if isinstance(value, str) else value or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        faults["questions"] = _("These are to be keys, such as inclusion.a; inclusion.b.")
        return ()
    keys = tuple(each for each in given if each)
    if unknown := [each for each in keys if each not in known]:
        these, choice = ", ".join(unknown)[:100], (", ".join(sorted(known)) or "–")[:500]
        faults["questions"] = _(
            "There is no question %(these)s here. There are: %(choice)s.", these=these, choice=choice
        )
        return ()
    return keys


def _answer(value: Any, faults: dict[str, str]) -> bool:
    """Yes or no, as JSON or a spreadsheet writes it; no where there is nothing."""
    if value is None or value == "":
        return False
    found = value if isinstance(value, bool) else _ANSWERS.get(str(value).strip().lower())
    if found is None:
        faults["deposit"] = _("This is to be yes or no.")
    return bool(found)


def _moment(value: Any, faults: dict[str, str]) -> datetime:
    """When it was written: UTC where no zone is given, midnight where no time is; now where there is nothing."""
    now = clock.now()
    if value is None or value == "":
        return now
    try:
        if not isinstance(value, str):
            raise ValueError
        given = datetime.fromisoformat(value.strip().removesuffix(" UTC"))
        moment = (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        faults["created_at"] = _("This is to be a date, such as 2016-07-26 or 2016-07-26T09:00:00Z.")
        return now
    if moment > now + timedelta(days=1):
        faults["created_at"] = _("This lies in the future.")
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
