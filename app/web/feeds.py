"""The public log as feeds: Atom (RFC 4287) and JSON Feed 1.1. They say what the page says, and no more."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import orjson

from app import clock
from app.readings.consultations import ConsultationView
from app.web.decided import LogLine, in_plain_text
from app.web.language import gettext as _

FORMS = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
_ATOM = "http://www.w3.org/2005/Atom"
_BEFORE_ALL = datetime(2016, 7, 19, tzinfo=UTC)  # of a feed in which there is nothing yet
_NO_XML = re.compile("[\ufffe\uffff]")  # people may have written these; no XML document can say them


def feed(
    form: str,
    base: str,
    consultation: ConsultationView,
    lines: Sequence[LogLine],
    goes_on: int | None,
    before: int | None,
) -> bytes:
    """The feed in one of FORMS. `goes_on` is where its next page does, `before` where this one began."""
    home = f"{base}/c/{consultation.slug}/decisions"
    here = f"{home}/feed.{form}"
    following = f"{here}?before={goes_on}" if goes_on else None
    make = _atom if form == "atom" else _json
    return make(base, home, here + (f"?before={before}" if before else ""), following, consultation, lines)


def _title(consultation: ConsultationView) -> str:
    return _("Moderation log: %(title)s", title=consultation.title)


def _json(
    base: str, home: str, here: str, following: str | None, consultation: ConsultationView, lines: Sequence[LogLine]
) -> bytes:
    made: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": _title(consultation), "home_page_url": home,
        "feed_url": here, "language": "en",
        "description": _("Every decision of the moderators, with its reason."),
        "items": [_json_item(base, each) for each in lines],
    }  # fmt: skip
    if following:
        made["next_url"] = following
    return orjson.dumps(made)


def _json_item(base: str, shown: LogLine) -> dict[str, Any]:
    decision, url = shown.decision, base + shown.href
    item = {
        "id": url, "url": url, "title": shown.said, "tags": [decision.act], "content_text": in_plain_text(shown),
        "date_published": clock.iso(decision.time), "date_modified": clock.iso(decision.changed),
    }  # fmt: skip
    if decision.number:
        item["external_url"] = url.rsplit("/decisions/", 1)[0] + f"/{decision.number}"
    return item


def _atom(
    base: str, home: str, here: str, following: str | None, consultation: ConsultationView, lines: Sequence[LogLine]
) -> bytes:
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _add(root, "id", f"urn:uuid:{consultation.id}")
    _add(root, "title", _title(consultation))
    _add(root, "updated", _moment(max((each.decision.changed for each in lines), default=_BEFORE_ALL)))
    _add(_add(root, "author"), "name", _("The moderators of this consultation"))
    _add(root, "link", rel="self", type="application/atom+xml", href=here)
    _add(root, "link", rel="alternate", type="text/html", href=home)
    if following:
        _add(root, "link", rel="next", href=following)
    for each in lines:
        entry = _add(root, "entry")
        _add(entry, "id", f"urn:uuid:{each.decision.id}")
        _add(entry, "title", each.said)
        _add(entry, "published", _moment(each.decision.time))
        _add(entry, "updated", _moment(each.decision.changed))
        _add(entry, "category", term=each.decision.act)
        _add(entry, "link", rel="alternate", type="text/html", href=base + each.href)
        if each.number:
            _add(entry, "link", rel="related", type="text/html", href=f"{home.rsplit('/', 1)[0]}/{each.number}")
        _add(entry, "content", in_plain_text(each), type="text")
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = _NO_XML.sub("", text) if text else None
    return made


def _moment(value: datetime) -> str:
    return clock.iso(value) or ""
