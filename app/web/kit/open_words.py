"""What the interface says in the open places of a contribution's piece (see contributions/fragment.py)."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import escape

from app import dates
from app.contributions.fragment import OPEN
from app.language import current, ngettext
from app.language import gettext as _
from app.web.kit import words

_OPEN = OPEN.encode()
_INDENTED = 4  # levels
_MOST = 5_000  # words that are kept: most are moments, and authors may write any language tag


class OpenWords(dict[bytes, bytes]):
    """The words for one language and one time zone, each worked out when it is first asked for."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        super().__init__()
        self.language, self.zone = language, zone

    def fill(self, piece: bytes) -> bytes:
        """The piece, or several joined, with every open place filled."""
        parts = piece.split(_OPEN)
        parts[1::2] = map(self.__getitem__, parts[1::2])
        return b"".join(parts)

    def __missing__(self, asked: bytes) -> bytes:
        what, _colon, value = asked.decode().partition(":")
        if len(self) >= _MOST:
            self.clear()
        said = self[asked] = _SAID[what](value, self).encode()
        return said


@lru_cache(maxsize=64)
def _words(language: str, zone: ZoneInfo) -> OpenWords:
    return OpenWords(language, zone)


def words_for(zone: ZoneInfo) -> OpenWords:
    """The words in the page's language, with times in this zone."""
    return _words(current.get(), zone)


def _language(tag: str, page: OpenWords) -> str:
    return "" if tag == page.language else f" <span>{escape(words.language_name(tag))}</span>"


def _translated(where: str, page: OpenWords) -> str:
    """A way to the translation into the page's language, where there is one."""
    address, *languages = where.split(" ")
    if page.language not in languages:
        return ""
    return f' <a href="{escape(address)}?in={page.language}">{escape(words.read_in(page.language))}</a>'


def _revised(revision: str, _page: OpenWords) -> str:
    times = int(revision) - 1
    return escape(ngettext("revised once", "revised %(n)s times", times))


def indented(levels: int) -> str:
    """The class for the indentation of a contribution so many levels beneath the margin."""
    return f" d{min(levels, _INDENTED)}" if levels > 0 else ""


def _item(its: str, _page: OpenWords) -> str:
    kind, levels = its.split(" ")
    return f'<li class="{"note" if kind == "note" else "entry"}{indented(int(levels) - 1)}'


_SAID: dict[str, Callable[[str, OpenWords], str]] = {
    "item": _item,
    "end": lambda _none, _page: "</div></li>\n",
    "kind": lambda kind, _page: escape(_(words.KINDS[kind])),
    "note": lambda note, _page: escape(_(words.NOTES[note])),
    "country": lambda code, _page: escape(words.country_name(code)),
    "role": lambda role, _page: escape(_(words.PLACE_ROLES[role])),
    "channel": lambda channel, _page: escape(_(words.CHANNELS.get(channel, channel))),
    "moment": lambda minute, page: dates.short(datetime.fromisoformat(minute).replace(tzinfo=UTC), page.zone),
    "written": lambda moment, page: escape(_("written %(day)s", day=dates.day(moment, page.zone))),
    "language": _language,
    "translated": _translated,
    "size": lambda size, _page: escape(words.size_in_words(int(size))),
    "revised": _revised,
    "acts": lambda _none, _page: "",
    # What is beside the word is for those who hear the link without what is around it.
    "reply": lambda _none, _page: f'{escape(_("Reply"))}<span class="aside"> {escape(_("to"))}',
    "to": lambda _none, _page: escape(_("to")),
    "for": lambda _none, _page: escape(_("for")),
    "claims": lambda _none, _page: escape(_("says they speak for")),
    "claimer": lambda _none, _page: escape(_("Somebody who says they speak for")),
    "personal": lambda _none, _page: escape(_("in a personal capacity")),
    "withheld": lambda _none, _page: escape(_("name withheld")),
    "nameless": lambda _none, _page: escape(_("Name withheld")),
    "participant": lambda _none, _page: escape(_("A participant")),
    "day": lambda day, _page: escape(dates.day(day)),
    "said": lambda said, _page: escape(_(words.SAID[said])),
    "source": lambda _none, _page: escape(_("source:")),
    "transcribed": lambda _none, _page: escape(_("as transcribed")),
    "vouched": lambda day, _page: escape(_("confirmed by the source on %(day)s", day=dates.day(day))),
    "vouched_earlier": lambda day, _page: escape(
        _("as transcribed; the source confirmed an earlier version on %(day)s", day=dates.day(day))
    ),
    "confirmed": lambda _none, _page: escape(_("mandate confirmed")),
}
