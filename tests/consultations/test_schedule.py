"""Phases, windows and days left, in zones whose clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultations.schedule import (
    ORDER,
    Phase,
    closing,
    days_left,
    moment,
    moment_after,
    opening,
    phase_at,
    topic_phase,
    topic_window,
    with_closing,
)

MANILA, NEW_YORK, BERLIN = (ZoneInfo(name) for name in ("Asia/Manila", "America/New_York", "Europe/Berlin"))
ZONES = st.sampled_from(
    ("UTC", "America/New_York", "Africa/Cairo", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu")
).map(ZoneInfo)
DATES = st.dates(date(1990, 1, 1), date(2037, 1, 1))


def local(*parts: int) -> datetime:
    """A time as a definition file has it: without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


PHASES = (
    Phase("announced", utc(2016, 7, 19)),
    Phase("open", utc(2016, 7, 26)),
    Phase("closed", utc(2016, 9, 17)),
    Phase("reported", utc(2016, 12, 1)),
)
OPEN_ENDED = PHASES[:2]


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (utc(2016, 1, 1), "announced"),
        (utc(2016, 7, 25, 23, 59, 59), "announced"),
        (utc(2016, 7, 26), "open"),
        (utc(2016, 9, 16, 23, 59, 59), "open"),
        (utc(2016, 9, 17), "closed"),
        (utc(2026, 1, 1), "reported"),
    ],
)
def test_a_phase_begins_with_its_first_moment_and_lasts_until_the_next(at: datetime, phase: str) -> None:
    assert phase_at(PHASES, at) == phase


def test_the_same_moment_counts_in_every_zone() -> None:
    at = datetime(2016, 9, 17, 7, 59, tzinfo=MANILA)  # 16 September 23:59 in UTC
    assert phase_at(PHASES, at) == "open"
    assert phase_at(PHASES, at + timedelta(minutes=1)) == "closed"


def test_an_open_end_never_closes() -> None:
    assert phase_at(OPEN_ENDED, utc(2199, 1, 1)) == "open"
    assert opening(OPEN_ENDED) == PHASES[1].starts
    assert closing(OPEN_ENDED) is None
    assert days_left(closing(OPEN_ENDED), utc(2026, 1, 1), NEW_YORK) is None


def test_a_report_without_a_closed_phase_closes_too() -> None:
    assert closing((*OPEN_ENDED, PHASES[3])) == PHASES[3].starts


def test_a_topic_opens_later_and_closes_earlier_but_never_outside_its_consultation() -> None:
    opens, closes = utc(2016, 8, 1), utc(2016, 8, 20)
    seen = [
        topic_phase(PHASES, at, opens, closes)
        for at in (utc(2016, 7, 27), opens, utc(2016, 8, 19), closes, utc(2016, 9, 20), utc(2017, 1, 1))
    ]
    assert seen == ["announced", "open", "open", "closed", "closed", "reported"]
    assert topic_phase(PHASES, utc(2016, 7, 20), utc(2016, 7, 1)) == "announced"
    assert topic_window(PHASES, utc(2016, 7, 1), utc(2017, 1, 1)) == (PHASES[1].starts, PHASES[2].starts)
    assert topic_window(PHASES, opens, closes) == (opens, closes)
    assert topic_window(OPEN_ENDED, None, None) == (PHASES[1].starts, None)
    assert topic_window(OPEN_ENDED, None, closes) == (PHASES[1].starts, closes)


def test_days_left_counts_dates_and_ends_with_the_last_day() -> None:
    closes = moment_after(date(2016, 9, 16), NEW_YORK)
    assert closes == utc(2016, 9, 17, 4)
    assert days_left(closes, datetime(2016, 9, 14, 23, 59, tzinfo=NEW_YORK), NEW_YORK) == 2
    assert days_left(closes, datetime(2016, 9, 16, 23, 59, 59, tzinfo=NEW_YORK), NEW_YORK) == 0
    assert days_left(closes, closes, NEW_YORK) is None


def test_days_left_is_not_confused_by_a_day_of_25_hours() -> None:
    closes = moment_after(date(2016, 11, 6), NEW_YORK)
    assert days_left(closes, datetime(2016, 11, 5, 0, 0, tzinfo=NEW_YORK), NEW_YORK) == 1


def test_local_dates_and_times_are_read_in_the_zone_of_the_consultation() -> None:
    assert moment(date(2016, 7, 26), NEW_YORK) == utc(2016, 7, 26, 4)
    assert moment(date(2016, 7, 26), MANILA) == utc(2016, 7, 25, 16)
    assert moment(local(2016, 7, 26, 9), NEW_YORK) == utc(2016, 7, 26, 13)
    assert moment(datetime(2016, 7, 26, 9, tzinfo=MANILA), NEW_YORK) == utc(2016, 7, 26, 1)
    assert moment_after(local(2016, 7, 26, 9), NEW_YORK) == utc(2016, 7, 26, 13)


def test_a_time_that_the_clocks_skip_or_show_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2016-03-27 02:30 does not exist in Europe/Berlin"):
        moment(local(2016, 3, 27, 2, 30), BERLIN)
    with pytest.raises(ValueError, match=r"2016-10-30 02:30 comes twice in Europe/Berlin"):
        moment(local(2016, 10, 30, 2, 30), BERLIN)
    written_out = datetime(2016, 10, 30, 2, 30, tzinfo=BERLIN, fold=1)
    assert moment(written_out, BERLIN) == utc(2016, 10, 30, 1, 30)


@given(DATES, ZONES)
def test_a_date_is_its_first_moment_even_where_midnight_is_skipped_or_comes_twice(day: date, zone: ZoneInfo) -> None:
    starts = moment(day, zone)
    before = (starts - timedelta(seconds=1)).astimezone(zone).date()
    assert starts.astimezone(zone).date() >= day  # later only where a whole date was skipped, as in Apia in 2011
    assert before < day
    assert moment_after(day, zone) == moment(day + timedelta(days=1), zone) >= starts


@given(DATES, ZONES, st.integers(0, 400))
def test_days_left_counts_back_from_the_last_date(day: date, zone: ZoneInfo, ahead: int) -> None:
    closes = moment_after(day, zone)
    at = moment(day - timedelta(days=ahead), zone)
    if at < closes and at.astimezone(zone).date() == day - timedelta(days=ahead):
        left = days_left(closes, at, zone)
        assert left in (ahead, ahead - 1)  # one fewer where the last date itself was skipped
        assert left is not None


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(lambda since: utc(2016, 1, 1) + since)


@given(MOMENTS, MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)
def test_phases_only_move_on(one: datetime, other: datetime, opens: datetime | None, closes: datetime | None) -> None:
    earlier, later = sorted((one, other))
    ranks = [ORDER.index(topic_phase(PHASES, at, opens, closes)) for at in (earlier, later)]
    assert ranks == sorted(ranks) or (opens and closes and opens >= closes)


@given(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)
def test_a_topic_is_open_exactly_within_its_window(
    at: datetime, opens: datetime | None, closes: datetime | None
) -> None:
    start, end = topic_window(PHASES, opens, closes)
    assert start is not None
    assert end is not None
    assert (topic_phase(PHASES, at, opens, closes) == "open") == (start <= at < end)


def test_an_extension_moves_the_closing_date_and_nothing_else() -> None:
    extended = with_closing(PHASES, utc(2016, 10, 1))
    assert [phase.name for phase in extended] == list(ORDER[:-1])
    assert closing(extended) == utc(2016, 10, 1)
    assert extended[3] == PHASES[3]
    assert closing(with_closing(OPEN_ENDED, utc(2016, 10, 1))) == utc(2016, 10, 1)
    assert [phase.name for phase in with_closing((*OPEN_ENDED, PHASES[3]), utc(2016, 10, 1))] == list(ORDER[:-1])


@pytest.mark.parametrize(("closes", "reason"), [(utc(2016, 7, 26), "opening date"), (utc(2016, 12, 1), "report")])
def test_an_extension_stays_between_opening_and_report(closes: datetime, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        with_closing(PHASES, closes)
