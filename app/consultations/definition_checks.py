"""What the fields of a definition say about each other. Reads the raw file, so that these mistakes are found even
where others stop the parts from being built; a value of the wrong type is left to the models.
"""

from collections.abc import Hashable, Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from app.consultations import schedule
from app.consultations.definition_errors import Mistake
from app.consultations.toml_lines import Path
from app.consultations.translations import flattened, places
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.text import language_tag

Raw = dict[str, Any]
TOO_EARLY = N_("must be later than the start of the phase before it")


def contradictions(raw: Raw) -> Iterator[Mistake]:
    """Every pair of fields that cannot both be right, told at the second one."""
    zone = _zone(raw)
    yield from _twice(raw, ("topics",), "slug")
    yield from _twice(raw, ("rules",), "number")
    yield from _tags_twice(raw.get("languages"), ("languages",))
    yield from _words_twice(raw)
    yield from _phases(raw, zone)
    yield from _translated_nothing(raw)
    for index, topic in _tables(raw, "topics"):
        yield from _twice(topic, ("topics", index, "questions"), "key")
        yield from _backwards(topic, ("topics", index), "opens", "closes", zone)
    for index, event in _tables(raw, "events"):
        yield from _backwards(event, ("events", index), "starts", "ends", zone)
    for index, milestone in _tables(raw, "milestones"):
        yield from _backwards(milestone, ("milestones", index), "date", "until", zone)


def _zone(raw: Raw) -> ZoneInfo:
    try:
        return ZoneInfo(raw["time_zone"])
    except (KeyError, TypeError, ValueError, OSError):  # reported by the models
        return ZoneInfo("UTC")


def _tables(raw: Raw, field: str) -> Iterator[tuple[int, Raw]]:
    entries = raw.get(field)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _twice(raw: Raw, path: Path, field: str) -> Iterator[Mistake]:
    """Entries of the list at `path` (its last part is a key of `raw`) whose `field` an earlier entry has already."""
    seen: set[Hashable] = set()
    for index, entry in _tables(raw, str(path[-1])):
        value = entry.get(field)
        if not isinstance(value, str | int):
            continue
        if value in seen:
            yield (
                (*path, index, field),
                _("is used twice: %(value)s must belong to one entry only", value=value),
            )
        seen.add(value)


def _words_twice(raw: Raw) -> Iterator[Mistake]:
    screening = raw.get("screening")
    words = screening.get("words") if isinstance(screening, dict) else None
    if isinstance(words, dict):
        for (_root, index), sentence in _tags_twice(list(words), ("",)):
            yield ("screening", "words", list(words)[int(index)]), sentence


def _tags_twice(tags: object, path: Path) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, value in enumerate(tags if isinstance(tags, list) else ()):
        try:
            tag = language_tag(value)
        except (AttributeError, TypeError, ValueError):
            continue
        if tag in seen:
            yield (*path, index), _("is listed twice: %(tag)s", tag=tag)
        seen.add(tag)


def _translated_nothing(raw: Raw) -> Iterator[Mistake]:
    """Translations of texts that are not there."""
    said, known = raw.get("translations"), places(raw)
    for language, given in said.items() if isinstance(said, dict) else ():
        flat = flattened(given)
        for place in flat if isinstance(flat, dict) else ():
            if place not in known:
                yield (
                    ("translations", language, *place.split(".")),
                    _("translates nothing: there is no text at this place"),
                )


def _phases(raw: Raw, zone: ZoneInfo) -> Iterator[Mistake]:
    phases = list(_tables(raw, "phases"))
    names = [phase.get("name") for _at, phase in phases]
    if phases and "open" not in names:
        yield (
            ("phases",),
            _("needs a phase named open, when contributions are first taken"),
        )
    for (_at, before), (index, after) in pairwise(phases):
        first, second = before.get("name"), after.get("name")
        known = first in schedule.ORDER and second in schedule.ORDER
        if known and schedule.ORDER.index(second) <= schedule.ORDER.index(first):
            order = ", ".join(schedule.ORDER)
            said = _(
                "%(second)s cannot follow %(first)s: the order is %(order)s, each once",
                second=second,
                first=first,
                order=order,
            )
            yield ("phases", index, "name"), said
    for index, phase in phases:
        yield from _unclear(phase, ("phases", index), "starts", zone)
    for (_at, before), (index, after) in pairwise(phases):
        start, end = (
            _moment(before.get("starts"), zone),
            _moment(after.get("starts"), zone),
        )
        if start and end and end <= start:
            yield (
                ("phases", index, "starts"),
                _(TOO_EARLY),
            )


def _backwards(raw: Raw, path: Path, first: str, last: str, zone: ZoneInfo) -> Iterator[Mistake]:
    """`last` lies before `first`; a date counts to its end."""
    yield from _unclear(raw, path, first, zone)
    yield from _unclear(raw, path, last, zone)
    start, end = _moment(raw.get(first), zone), _moment(raw.get(last), zone, over=True)
    if start and end and end <= start:
        yield (*path, last), _("must not be earlier than the beginning")


def _unclear(raw: Raw, path: Path, field: str, zone: ZoneInfo) -> Iterator[Mistake]:
    value = raw.get(field)
    if isinstance(value, datetime):
        try:
            schedule.moment(value, zone)
        except OverflowError:  # a year that the models refuse
            return
        except ValueError as error:
            yield (*path, field), _("is not one moment: %(error)s", error=error)


def _moment(value: object, zone: ZoneInfo, over: bool = False) -> datetime | None:
    if not isinstance(value, date):
        return None
    try:
        return schedule.moment_after(value, zone) if over else schedule.moment(value, zone)
    except (ValueError, OverflowError):
        return None
