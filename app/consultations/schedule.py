"""When a consultation or topic takes contributions. Pure: dates in, answers out; the clock is the caller's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.language import gettext as _

PhaseName = Literal["announced", "open", "closed", "reported", "archived"]
ORDER: tuple[PhaseName, ...] = ("announced", "open", "closed", "reported", "archived")
BEGUN_BY: dict[str, PhaseName] = {"report": "reported", "archive": "archived"}  # which act begins which of the last two


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase from the moment it starts until the next one does. `starts` is aware; phases come in time order."""

    name: PhaseName
    starts: datetime
    note: str | None = None


def said(when: datetime, time_zone: str) -> str:
    """A moment in a consultation's time zone, for a sentence of the current language."""
    from app import dates  # with it comes Babel, without which commands start

    return dates.moment(when, ZoneInfo(time_zone))


def moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment that organisers mean: a date is its first moment in `zone`, a time without offset is local there.

    Raises ValueError for a local time that the clocks of `zone` skip, or show twice.
    """
    if not isinstance(value, datetime):
        # Where midnight is skipped or comes twice, fold=0 still gives the first moment of that date.
        return datetime(value.year, value.month, value.day, tzinfo=zone).astimezone(UTC)
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    earlier, later = (value.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier == later:
        return earlier
    said, where = f"{value:%Y-%m-%d %H:%M}", zone.key
    if earlier < later:
        fault = _("%(time)s comes twice in %(zone)s, where the clocks change; write it with an offset")
    else:
        fault = _("%(time)s does not exist in %(zone)s, where the clocks change; write it with an offset")
    raise ValueError(fault % {"time": said, "zone": where})


def moment_after(value: date | datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment at which something that ends `value` is over: a date counts to its last moment. See `moment`."""
    return moment(value if isinstance(value, datetime) else value + timedelta(days=1), zone)


def phase_at(phases: Sequence[Phase], at: datetime) -> PhaseName:
    """The phase at a moment; before the first phase a consultation counts as announced."""
    begun = [phase.name for phase in phases if phase.starts <= at]
    return begun[-1] if begun else "announced"


def start_of(phases: Sequence[Phase], name: PhaseName) -> datetime | None:
    """When a phase begins; None where it is not planned."""
    return next((phase.starts for phase in phases if phase.name == name), None)


def opening(phases: Sequence[Phase]) -> datetime | None:
    """When contributions are first taken; None where no opening is planned."""
    return next((phase.starts for phase in phases if phase.name == "open"), None)


def closing(phases: Sequence[Phase]) -> datetime | None:
    """From when contributions are no longer taken; None where the end is open."""
    return next(
        (phase.starts for phase in phases if ORDER.index(phase.name) > ORDER.index("open")),
        None,
    )


def topic_window(
    phases: Sequence[Phase], opens: datetime | None, closes: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """When a topic takes contributions: its own dates, within the consultation's. Each end may be None (see above)."""
    start, end = opening(phases), closing(phases)
    return (
        start if start is None or opens is None else max(start, opens),
        min((moment for moment in (end, closes) if moment is not None), default=None),
    )


def topic_phase(
    phases: Sequence[Phase],
    at: datetime,
    opens: datetime | None = None,
    closes: datetime | None = None,
) -> PhaseName:
    """The phase of a topic: the consultation's, except that it may open later and close earlier."""
    phase = phase_at(phases, at)
    if phase == "open" and closes is not None and at >= closes:
        return "closed"
    if phase == "open" and opens is not None and at < opens:
        return "announced"
    return phase


def days_left(closes: datetime | None, at: datetime, zone: ZoneInfo) -> int | None:
    """Calendar days in `zone` from today to the last day: 0 is the last day. None once over, or with an open end."""
    if closes is None or at >= closes:
        return None
    last = (closes - timedelta(microseconds=1)).astimezone(zone).date()
    return (last - at.astimezone(zone).date()).days


def with_closing(phases: Sequence[Phase], closes: datetime) -> tuple[Phase, ...]:
    """The phases with another closing moment: an extension, a first date for an open end, or an earlier close.

    Raises ValueError unless it lies after the opening and before the report and the archiving.
    """
    start = opening(phases)
    reported = start_of(phases, "reported") or start_of(phases, "archived")
    if start is None or closes <= start:
        raise ValueError(_("the closing date must be later than the opening date"))
    if reported is not None and closes >= reported:
        raise ValueError(_("the closing date must be earlier than the date of the report"))
    if any(phase.name == "closed" for phase in phases):
        return tuple(replace(phase, starts=closes) if phase.name == "closed" else phase for phase in phases)
    return tuple(sorted((*phases, Phase("closed", closes)), key=lambda phase: phase.starts))


def with_start(phases: Sequence[Phase], name: PhaseName, starts: datetime) -> tuple[Phase, ...]:
    """The phases with one of the last two, `reported` or `archived`, beginning at this moment.

    Raises ValueError unless it lies after all that come before it, and before what comes after.
    """
    planned = next((phase for phase in phases if phase.name == name), Phase(name, starts))
    at = ORDER.index(name)
    earlier = [phase for phase in phases if ORDER.index(phase.name) < at]
    later = [phase for phase in phases if ORDER.index(phase.name) > at]
    if any(phase.starts >= starts for phase in earlier) or any(phase.starts <= starts for phase in later):
        raise ValueError(_("the phases must begin one after the other"))
    return (*earlier, replace(planned, starts=starts), *later)


def with_opening(phases: Sequence[Phase], opens: datetime) -> tuple[Phase, ...]:
    """The phases with another opening moment; what was to come before it and had not begun by then falls away.

    Raises ValueError unless it lies before all that follows.
    """
    later = [phase for phase in phases if ORDER.index(phase.name) > ORDER.index("open")]
    if any(phase.starts <= opens for phase in later):
        raise ValueError(_("the opening date must be earlier than the closing date"))
    earlier = [phase for phase in phases if phase.name == "announced" and phase.starts < opens]
    planned = next((phase for phase in phases if phase.name == "open"), Phase("open", opens))
    return (*earlier, replace(planned, starts=opens), *later)
