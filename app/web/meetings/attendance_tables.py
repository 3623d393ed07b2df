"""Who comes to a meeting, in the words of the reader's language, as tables for spreadsheets."""

from collections.abc import Callable, Sequence

from app import clock
from app.language import gettext as _
from app.readings.exporting.sheets import Cell
from app.readings.meetings.registrations import Attendance, ComerView, Share
from app.web.kit import words


def people(attendance: Attendance) -> list[list[Cell]]:
    """Everybody who answered, beneath the names of the columns."""
    heading: list[Cell] = [
        _("Name"), _("Organisation"), _("Kind"), _("Region"), _("Country"), _("Answer"), _("Attends"), _("Speaks"),
        _("Needs interpretation into"), _("Access needs"), _("Registered (UTC)"),
    ]  # fmt: skip
    return [heading, *(_comer(each) for each in attendance.comers)]


def balance(attendance: Attendance) -> list[list[Cell]]:
    """How many of each region and kind have a place, wait, and are hoped for."""
    heading: list[Cell] = [_("Region or kind"), _("With a place"), _("Waiting"), _("Hoped for")]
    return [heading, *_rows(attendance.regions, region_name), *_rows(attendance.kinds, kind_name)]


def region_name(key: str | None) -> str:
    """The region, or that none is known."""
    return _(words.REGIONS[key]) if key in words.REGIONS else _("no region given")


def kind_name(key: str | None) -> str:
    """The kind of organisation, or that there is none."""
    return _(words.ORGANISATION_KINDS[key]) if key in words.ORGANISATION_KINDS else _("no organisation given")


def _comer(each: ComerView) -> list[Cell]:
    return [
        each.name, each.organisation or "", kind_name(each.kind) if each.kind else "",
        region_name(each.region) if each.region else "", words.country_name(each.country),
        _(words.REGISTRATIONS[each.state]), _(words.WAYS[each.attends]), words.language_names(each.speaks),
        words.language_names(each.interpretation), each.access_needs or "", clock.iso(each.registered) or "",
    ]  # fmt: skip


def _rows(shares: Sequence[Share], name: Callable[[str | None], str]) -> list[list[Cell]]:
    return [
        [name(share.key), share.placed, share.waiting, _("yes") if share.hoped else ""] for share in shares
    ]  # fmt: skip
