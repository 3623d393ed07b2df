"""Feeds of what was said, sitemaps, robots.txt, and what a page tells machines: only what is public."""

import json
import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from httpx import AsyncClient

from app.contributions import actions
from app.database import Database
from app.readings import sitemap
from tests.making import AFTER, BEFORE, SLUG, Made, decide, say

pytestmark = pytest.mark.anyio
C, ATOM = f"/c/{SLUG}", "{http://www.w3.org/2005/Atom}"
FEEDS = (C, f"{C}/topics/{AFTER}", f"{C}/1", f"/api/v1/consultations/{SLUG}")


async def test_feeds_of_a_consultation_a_topic_and_a_thread(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    root = await say(database, made, title="A <b>first</b> one", body="*Hello* ]]> \ufffe", language="es")
    await say(database, made, actor=made.other, parent=root.id, body="مرحبا", language="ar", byline="anonymous")
    hidden = await say(database, made, parent=root.id, body="Hidden words")
    await decide(database, made, "hide", hidden.id)
    await say(database, made, topic=BEFORE, title="It waits")
    for path in FEEDS:
        answer = await stranger.get(f"{path}/feed.atom")
        assert answer.headers["content-type"].startswith("application/atom+xml") and answer.headers["etag"]
        feed = ET.fromstring(answer.content)  # our own
        reply, first = feed.findall(f"{ATOM}entry")
        assert first.findtext(f"{ATOM}id") == f"urn:uuid:{root.id}" and "<em>Hello</em>" in first.findtext(
            f"{ATOM}content", ""
        )
        assert first.findtext(f"{ATOM}title") == "A <b>first</b> one"
        assert first.findtext(f"{ATOM}author/{ATOM}name") == "Participant A (Sample network)"
        assert reply.find(f"{ATOM}author") is None and reply.findtext(f"{ATOM}title") == "2 ↩ 1"
        assert reply.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
        told = (await stranger.get(f"{path}/feed.json")).json()
        assert told["version"] == "https://jsonfeed.org/version/1.1"
        assert [item["url"].rsplit("/", 1)[1] for item in told["items"]] == ["2", "1"]
        assert told["items"][1]["authors"] == [{"name": "Participant A (Sample network)"}]
        for secret in ("Hidden words", "It waits", "Participant B"):
            assert secret not in answer.text and secret not in json.dumps(told)
        again = await stranger.get(f"{path}/feed.atom", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    for path in FEEDS[:3]:
        page = (await stranger.get(path)).text
        assert 'type="application/atom+xml"' in page and f'href="{path}/feed.json"' in page
    for wrong in (f"{C}/feed.rss", f"{C}/3/feed.atom", f"{C}/9/feed.atom", f"{C}/topics/none/feed.json"):
        assert (await stranger.get(wrong)).status_code == 404
    await decide(database, made, "hide", root.id)
    for path in (FEEDS[0], FEEDS[1], FEEDS[3]):
        assert "first</b> one" not in (await stranger.get(f"{path}/feed.json")).text


async def test_a_page_tells_machines_what_it_shows(stranger: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, title='"><script>alert(1)</script>', body="Words")
    await say(database, made, byline="organisation", title="Withheld")
    page = (await stranger.get(f"{C}/1")).text
    assert 'itemtype="https://schema.org/DiscussionForumPosting"' in page and "<script>alert" not in page
    told = dict(re.findall(r'<meta itemprop="(\w+)" content="([^"]*)">', page))
    assert unescape(told["headline"]) == '"><script>alert(1)</script>' and told["text"] == "Words"
    assert (told["name"], told["commentCount"]) == ("Participant A", "0")
    told = dict(re.findall(r'<meta itemprop="(\w+)" content="([^"]*)">', (await stranger.get(f"{C}/2")).text))
    assert told["name"] == "Sample network"


async def test_sitemaps_and_robots(
    stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = await say(database, made)
    root = await say(database, made)
    await say(database, made, parent=root.id)
    await say(database, made)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, gone.id)
    robots = (await stranger.get("/robots.txt")).text
    assert "Disallow: /c/*/moderate\n" in robots and "Sitemap: http://testserver/sitemap.xml" in robots
    monkeypatch.setattr(sitemap, "_NUMBERS", 3)
    index = (await stranger.get("/sitemap.xml")).text
    places = re.findall("<loc>http://testserver(.*?)</loc>", index)
    assert places == [f"{C}/sitemap-1.xml", f"{C}/sitemap-2.xml"]
    first, second = [
        re.findall("<loc>http://testserver(.*?)</loc>", (await stranger.get(place)).text) for place in places
    ]
    assert first == [C, f"{C}/topics/{BEFORE}", f"{C}/topics/{AFTER}", f"{C}/2"] and second == [f"{C}/4"]
    for wrong in ("0", "x", "999999"):
        assert (await stranger.get(f"{C}/sitemap-{wrong}.xml")).status_code == 404


async def test_robots_and_sitemaps_are_sent_again_only_once_they_changed(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    parts = ("/robots.txt", "/sitemap.xml", f"{C}/sitemap-1.xml")
    known = [{"If-None-Match": f'"other", W/{(await stranger.get(path)).headers["etag"]}'} for path in parts]
    answers = [await stranger.get(path, headers=each) for path, each in zip(parts, known, strict=True)]
    assert [(each.status_code, each.content) for each in answers] == [(304, b"")] * 3
    await say(database, made)
    assert f"<loc>http://testserver{C}/2</loc>" in (await stranger.get(parts[2], headers=known[2])).text
