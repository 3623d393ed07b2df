"""A contribution as a piece of a page, set once when it is published: pages of a hundred are joined from these.

What the interface says in it (kinds, countries, dates, …) is left open, so that one piece serves every language and
time zone: between two OPEN bytes stands what is to be said there, such as `kind:proposal`. `web/kit/open_words.py` says
it. No text holds these bytes: they are control characters, which are taken out of everything that people write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import escape

from app.contributions.headings import beneath
from app.contributions.submissions import NOTES
from app.files.kinds import NAMES

OPEN = "\x1f"
_LATE = 30  # days between writing and publication from which both dates are said

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the piece is made of: HTML with open places."""

    who: str
    kind: str  # and what it replies to
    meta: str  # when, in which language, how it came, how often it was revised
    heading: str  # the title, if it has one
    text: str  # and the places that it concerns


def parts(fields: Fields, parent: int | None) -> Parts:
    """The parts of a contribution, from the fields of its document (or of what its author alone sees), and the number
    of what it replies to, where its place tells."""
    note = next((tag for tag in fields["tags"] if tag in NOTES), None) if fields["kind"] == "note" else None
    kind = f"<b>{_open('note', note) if note else _open('kind', fields['kind'])}</b>"
    if parent is not None:
        kind += f' <span>{_open("to")} <a href="/c/{fields["consultation"]}/{parent}">{parent}</a></span>'
    return Parts(_who(fields), kind, _meta(fields), _heading(fields), _text(fields))


def written(fields: Fields, parent: int | None) -> bytes:
    """The whole piece: an item of a list without its beginning and its end. What follows the open place `acts` is left
    out where nothing can be replied to. Its headings are beneath “replies”."""
    number, home, its = fields["number"], f"/c/{fields['consultation']}", parts(fields, parent)
    text = beneath(its.text, 3)
    return (
        f'" id="n{number}"><a class="num" href="{home}/{number}">{number}</a><div>'
        f'<p class="who">{its.who}</p><p class="meta">{its.kind}{its.meta}</p>{its.heading}{text}{_open("acts")}'
        f'<p class="acts"><a href="{home}/contribute?parent={number}">{_open("reply")} {number}</span></a></p>'
    ).encode()


def _who(fields: Fields) -> str:
    """The byline: a name, for an organisation, from a country; or what is withheld."""
    author, organisation, is_note = fields["author"], fields["organisation"], fields["kind"] == "note"
    group = _organisation(organisation) if organisation else ""
    if author is None:
        if group:
            claimer = f"<span>{_open('claimer')}</span> " if organisation["mandate"] == "claimed" else ""
            return group if _transcript(fields) else f"{claimer}{group} <span>{_open('withheld')}</span>"
        return _open("kind", "note") if is_note else _open("participant" if _transcript(fields) else "nameless")
    said = _name(author["name"])
    if group:
        speaks = "claims" if organisation["mandate"] == "claimed" else "for"  # a mandate that nobody has confirmed
        return f"{said} <span>{_open(speaks)} {group}</span>"
    # A name that came with an import or from a meeting says nothing of a capacity.
    return said if fields["provenance"] or is_note else f"{said} <span>{_open('personal')}</span>"


def _organisation(organisation: Mapping[str, Any]) -> str:
    said = _name(organisation["name"])
    if organisation["country"]:
        said += f", {_open('country', organisation['country'])}"
    return f"{said}, {_open('confirmed')}" if organisation["mandate"] == "confirmed" else said


def _meta(fields: Fields) -> str:
    """When, and what is not usual: another language than the page's, another way in, later revisions."""
    published, said = fields["published"], ""
    if published:
        said = f' <time datetime="{published}">{_open("moment", published[:16])}</time>'
    said += _open("language", fields["language"])
    if into := [each["language"] for each in fields.get("translations", ())]:
        said += _open("translated", f"/c/{fields['consultation']}/{fields['number']} {' '.join(into)}")
    if fields["channel"] != "web":
        said += _way(fields)
        if published and _days(fields["created"], published) > _LATE:
            said += f" <span>{_open('written', fields['created'])}</span>"
    if fields["revision"] > 1 and fields["number"]:
        history = f"/c/{fields['consultation']}/{fields['number']}/history"
        said += f' <a href="{history}">{_open("revised", str(fields["revision"]))}</a>'
    return said


def _way(fields: Fields) -> str:
    """How it came: the channel and, of what was transcribed, the meeting or the day, who vouches for it, the source."""
    channel, its = _open("channel", fields["channel"]), _transcript(fields)
    if not its:
        return f" <span>{channel}</span>"
    meeting, where = its["meeting"], [_open("day", its["date"]), _name(its["place"] or "")]
    if meeting:
        href = f"/c/{fields['consultation']}/meetings/{meeting['id']}"
        where.insert(0, f'<a href="{href}">{_name(meeting["title"])}</a>')
    said = f" <span>{channel}: {', '.join(filter(None, where))}</span>"
    if its["said"]:
        said += f" <span>{_open('said', its['said'])}</span>"
    if its["source"]:
        said += f" <span>{_open('source')} {_document(its['source'])}</span>"
    return f"{said} <span>{_vouched(its['confirmation'], fields['revision'])}</span>"


def _vouched(confirmation: Mapping[str, Any], revision: int) -> str:
    if confirmation["state"] != "confirmed":
        return _open("transcribed")
    is_this = confirmation["revision"] == revision
    return _open("vouched", confirmation["date"]) if is_this else _open("vouched_earlier", confirmation["date"])


def _document(source: Mapping[str, Any]) -> str:
    title = _name(source["title"])
    return f'<a href="{escape(source["url"])}" rel="nofollow">{title}</a>' if source["url"] else title


def _transcript(fields: Fields) -> Mapping[str, Any]:
    """The provenance of what somebody transcribed; empty for all else, also for imports."""
    provenance: Mapping[str, Any] = fields["provenance"] or {}
    return provenance if "confirmation" in provenance else {}


def _heading(fields: Fields) -> str:
    if not fields["title"]:
        return ""
    return f'<h2 class="title" dir="auto" lang="{escape(fields["language"])}">{escape(fields["title"])}</h2>'


def _text(fields: Fields) -> str:
    """The text, sanitised when it was written, what is attached to it, and the places that it concerns."""
    text = f'<div class="text" lang="{escape(fields["language"])}" dir="auto">{fields["html"]}</div>{_files(fields)}'
    places = " ".join(f"<span>{_place(place)}</span>" for place in fields["places"])
    return f'{text}<p class="meta">{places}</p>' if places else text


def _files(fields: Fields) -> str:
    """What is attached, each with its type and size."""
    items = "".join(
        f'<li><a href="{each["url"]}" download>{_name(each["name"])}</a> '
        f"<span>{NAMES[each['type']]}, {_open('size', str(each['size']))}</span></li>"
        for each in fields.get("attachments", ())  # documents from before there were any lack them
    )
    return f'<ul class="files">{items}</ul>' if items else ""


def _place(place: Mapping[str, Any]) -> str:
    """`Quezon City, Philippines (place of destination)`."""
    country = _open("country", place["country"]) if place.get("country") else ""
    where = ", ".join(part for part in (_name(place.get("city") or ""), country) if part)
    return f"{where} ({_open('role', place['role'])})" if place.get("role") else where


def _name(name: str) -> str:
    return f"<bdi>{escape(name)}</bdi>" if name else ""


def _open(what: str, value: str = "") -> str:
    return f"{OPEN}{what}:{value}{OPEN}"


def _days(earlier: str, later: str) -> int:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).days
