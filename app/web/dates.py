"""Dates in words. Every time is shown with its zone: the city that the consultation's zone is named after."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.web.language import gettext as _

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=600)
def zone_name(zone: ZoneInfo) -> str:
    """`New York` for America/New_York, `UTC` for UTC."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def moment(value: datetime, zone: ZoneInfo) -> str:
    """`12 August 2016, 09:40 New York time`."""
    name = zone_name(zone)
    zoned = name if name == "UTC" else _("%(zone)s time", zone=name)
    return _("%(day)s, %(time)s %(zone)s", day=day(value, zone), time=f"{value.astimezone(zone):%H:%M}", zone=zoned)


def short(value: datetime, zone: ZoneInfo) -> str:
    """`12 August 2016, 09:40 New York`: for lists."""
    local = value.astimezone(zone)
    return (
        f"{local.day} {_(_MONTHS[local.month - 1])} {local.year}, {local.hour:02}:{local.minute:02} {zone_name(zone)}"
    )


def day(value: date | datetime | str, zone: ZoneInfo | None = None) -> str:
    """`12 August 2016`, of a moment in its zone, of a date as it is, or of either in ISO form."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(zone or UTC)
    return f"{value.day} {_(_MONTHS[value.month - 1])} {value.year}"


def days(first: str, last: str | None) -> str:
    """`29 to 30 September 2016`, `26 July to 16 September 2016`, or one day."""
    if last is None or last == first:
        return day(first)
    begin, end = day(first).split(" "), day(last)
    for part in (1, 2):
        if begin[part:] == end.split(" ")[part:]:
            return _("%(first)s to %(last)s", first=" ".join(begin[:part]), last=end)
    return _("%(first)s to %(last)s", first=day(first), last=end)
