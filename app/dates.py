"""Dates in words, as the current language writes them. Every time is shown with its zone, named after a city."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, get_timezone_location

from app.language import current, locale
from app.language import gettext as _


def zone_name(zone: ZoneInfo) -> str:
    """`New York` for America/New_York, `UTC` for UTC."""
    return _zone_name(zone, current.get())


def moment(value: datetime, zone: ZoneInfo) -> str:
    """`12 August 2016, 09:40 New York time`."""
    name = zone_name(zone)
    zoned = name if name == "UTC" else _("%(zone)s time", zone=name)
    return _("%(day)s, %(time)s %(zone)s", day=day(value, zone), time=f"{value.astimezone(zone):%H:%M}", zone=zoned)


def short(value: datetime, zone: ZoneInfo) -> str:
    """`12 August 2016, 09:40 New York`: for lists."""
    local = value.astimezone(zone)
    return _("%(day)s, %(time)s %(zone)s", day=day(local.date()), time=f"{local:%H:%M}", zone=zone_name(zone))


def span(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """`Monday 3 May 2027, 14:30–16:00 Manila time`, or with two days."""
    first, last = (format_date(each.astimezone(zone).date(), "full", locale=locale()) for each in (starts, ends))
    begins, closes = (f"{each.astimezone(zone):%H:%M}" for each in (starts, ends))
    name = zone_name(zone)
    zoned = name if name == "UTC" else _("%(zone)s time", zone=name)
    if first == last:
        return _("%(day)s, %(begins)s–%(ends)s %(zone)s", day=first, begins=begins, ends=closes, zone=zoned)
    return _("%(day)s, %(begins)s – %(last)s, %(ends)s %(zone)s",
             day=first, begins=begins, last=last, ends=closes, zone=zoned)  # fmt: skip


def day(value: date | datetime | str, zone: ZoneInfo | None = None) -> str:
    """`12 August 2016`, of a moment in its zone, of a date as it is, or of either in ISO form."""
    return _day(_date(value, zone), current.get())


def days(first: str, last: str | None) -> str:
    """`29–30 Sept 2016`, `26 Jul – 16 Sept 2016`, or one day: `12 August 2016`."""
    if last is None or last == first:
        return day(first)
    return str(format_interval(_date(first, None), _date(last, None), "yMMMd", locale=locale()))


def month(value: date) -> str:
    """`August 2016`."""
    return str(format_date(value, "LLLL y", locale=locale()))


def _date(value: date | datetime | str, zone: ZoneInfo | None) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value.astimezone(zone or UTC).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=5_000)
def _day(value: date, _language: str) -> str:
    return format_date(value, "long", locale=locale())


@lru_cache(maxsize=1_000)
def _zone_name(zone: ZoneInfo, _language: str) -> str:
    return "UTC" if zone.key == "UTC" else get_timezone_location(zone, locale=locale(), return_city=True)
