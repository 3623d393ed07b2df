"""Feeds: what is new, for feed readers, as Atom (RFC 4287) and as JSON Feed 1.1, of plain text or sanitised HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import orjson

from app import clock

FORMS = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
_ATOM = "http://www.w3.org/2005/Atom"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BEFORE_ALL = datetime(2016, 7, 19, tzinfo=UTC)  # of a feed in which there is nothing yet
_NO_XML = re.compile("[\ufffe\uffff]")  # people may have written these; no XML document can say them


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened. `urn` never changes and is nobody else's; either `text` or `html` is its content."""

    urn: str
    url: str
    title: str
    published: datetime
    updated: datetime
    tags: Sequence[str] = ()
    text: str = ""
    html: str = ""
    language: str | None = None
    author: str | None = None
    about: str | None = None  # address of what it is about


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, or a page of one. `author` answers for items without an author of their own."""

    urn: str
    title: str
    home: str  # the page that it follows
    here: str  # its own address
    author: str
    items: Sequence[Item] = field(default_factory=list)
    description: str = ""
    language: str | None = None
    next: str | None = None


def written(feed: Feed, form: str) -> bytes:
    """The feed in one of FORMS."""
    return _atom(feed) if form == "atom" else _json(feed)


def _json(feed: Feed) -> bytes:
    made = {
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "home_page_url": feed.home,
        "feed_url": feed.here, "language": feed.language, "description": feed.description, "next_url": feed.next,
        "items": [_json_item(each) for each in feed.items],
    }  # fmt: skip
    return orjson.dumps({name: value for name, value in made.items() if value or name == "items"})


def _json_item(item: Item) -> dict[str, Any]:
    made = {
        "id": item.url, "url": item.url, "title": item.title, "content_text": item.text, "content_html": item.html,
        "tags": list(item.tags), "language": item.language, "external_url": item.about,
        "authors": [{"name": item.author}] if item.author else None,
        "date_published": clock.iso(item.published), "date_modified": clock.iso(item.updated),
    }  # fmt: skip
    return {name: value for name, value in made.items() if value}


def _atom(feed: Feed) -> bytes:
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {f"{_XML}base": feed.home})
    if feed.language:
        root.set(f"{_XML}lang", feed.language)
    _add(root, "id", feed.urn)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(max((each.updated for each in feed.items), default=_BEFORE_ALL)))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.here)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    if feed.next:
        _add(root, "link", rel="next", href=feed.next)
    for each in feed.items:
        _add_entry(root, each)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(root: ET.Element, item: Item) -> None:
    entry = _add(root, "entry")
    if item.language:
        entry.set(f"{_XML}lang", item.language)
    _add(entry, "id", item.urn)
    _add(entry, "title", item.title)
    _add(entry, "published", _moment(item.published))
    _add(entry, "updated", _moment(item.updated))
    if item.author:
        _add(_add(entry, "author"), "name", item.author)
    for tag in item.tags:
        _add(entry, "category", term=tag)
    _add(entry, "link", rel="alternate", type="text/html", href=item.url)
    if item.about:
        _add(entry, "link", rel="related", type="text/html", href=item.about)
    _add(entry, "content", item.html or item.text, type="html" if item.html else "text")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_ATOM}}}{name}", {key: _NO_XML.sub("", told) for key, told in attributes.items()})
    made.text = _NO_XML.sub("", text) if text else None
    return made


def _moment(value: datetime) -> str:
    return clock.iso(value) or ""
