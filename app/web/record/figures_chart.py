"""The public log's figures as small charts, one for each measure, and as the table that says the same in numbers.

Geometry only: the template draws it, the style sheet gives it its colours, and in Arabic the sheet turns it round.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app import dates
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import ngettext, number
from app.readings.record.figures import Month

FEWEST, MOST = 6, 12  # months in a chart
WIDTH, HEIGHT = 240.0, 56.0
_BAR = 0.62  # of the room that a month has
_LEAST = 2.0  # height of a bar that is not nothing


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: where it stands, and what it says when pointed at. No height: the figure is not known."""

    x: float
    y: float
    width: float
    height: float
    said: str
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure: its name, its figure in all, and its bars. `promise` is where the promised time would be."""

    key: str
    name: str
    total: str
    about: str
    bars: Sequence[Bar]
    first: str
    last: str
    promise: float | None = None


Measure = Callable[[Month], int | None]
_MEASURES: dict[str, tuple[str, Measure]] = {
    "received": (N_("Received"), lambda month: month.received),
    "published": (N_("Published"), lambda month: month.published),
    "hidden": (N_("Hidden"), lambda month: month.hidden),
    "appealed": (N_("Appealed"), lambda month: month.appealed),
    "overturned": (N_("Overturned on appeal"), lambda month: month.overturned),
}


def charts(months: Sequence[Month], promised: int | None, goes_on: bool) -> list[Chart]:
    """A chart for each measure, of the last twelve months. `goes_on`: the last month is not over."""
    shown = months[-MOST:]
    made = []
    for key, (name, measure) in _MEASURES.items():
        known = [value for value in map(measure, months) if value is not None]
        about = _("since %(month)s", month=month_name(months[0]))
        made.append(_chart(key, _(name), number(sum(known)) if known else "–", about, shown, measure, goes_on))
    waits = [month for month in months if month.median_hours is not None]
    total, about = "–", _("too few answered so far to say")
    if waits:
        total, about = duration(waits[-1].median_hours or 0), _("in %(month)s", month=month_name(waits[-1]))
        if promised:
            about = _("in %(month)s; promised: %(time)s", month=month_name(waits[-1]), time=duration(promised))
    waiting = _chart("waiting", _("Median wait"), total, about, shown, lambda month: month.median_hours, goes_on,
                     promised if waits else None)  # fmt: skip
    return [*made, waiting]


def month_name(month: Month) -> str:
    """`August 2016`."""
    return dates.month(month.month)


def duration(hours: int) -> str:
    """`5 hours`, `3 days`."""
    if hours <= 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours)
    return ngettext("%(n)s day", "%(n)s days", -(-hours // 24))


def _chart(
    key: str, name: str, total: str, about: str, months: Sequence[Month], measure: Measure, goes_on: bool,
    promised: int | None = None,
) -> Chart:  # fmt: skip
    most = max([measure(month) or 0 for month in months] + [promised or 0, 1])
    room = WIDTH / max(FEWEST, len(months))
    begin = WIDTH - room * len(months)
    bars = []
    for index, month in enumerate(months):
        value = measure(month)
        height = max(value / most * (HEIGHT - 2), _LEAST) if value else 0.0
        said = _("%(month)s: not known", month=month_name(month))
        if value is not None:
            figure = duration(value) if key == "waiting" else number(value)
            said = _("%(month)s: %(figure)s", month=month_name(month), figure=figure)
        bars.append(Bar(
            round(begin + index * room + room * (1 - _BAR) / 2, 2), round(HEIGHT - height, 2), round(room * _BAR, 2),
            round(height, 2), said, goes_on and index == len(months) - 1,
        ))  # fmt: skip
    promise = round(HEIGHT - promised / most * (HEIGHT - 2), 2) if promised else None
    return Chart(key, name, total, about, bars, *_ends(months), promise)


def _ends(months: Sequence[Month]) -> tuple[str, str]:
    """What is written beneath the first bar and the last: the year once, where it is the same."""
    first, last = month_name(months[0]), month_name(months[-1])
    if len(months) == 1:
        return "", last
    return first.removesuffix(f" {months[-1].month.year}"), last
