"""What holds for every list: a cursor that was tampered with is refused, and `fields` chooses what is given."""

import random
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.database import Database
from app.synthesis import coding, gists
from tests.api.document import document
from tests.api.talk import Talk
from tests.consultations.publishing import announced, posted
from tests.files import samples
from tests.making import AFTER, BEFORE, Made, say
from tests.meetings.planning import announce
from tests.synthesis.bringing import CITY, listed, send, summarised
from tests.synthesis.outcome import begin, published

pytestmark = pytest.mark.anyio
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MEETING = {
    "title": "Meeting", "date": "2016-09-13", "place": "Quezon City", "attendance": 2, "organisations": 1,
    "points": [{"body": "A point.", "questions": ["inclusion.a"], "said": "floor"}],
}  # fmt: skip


async def something_in_each_list(said: Talk, database: Database) -> str:
    """At least two of everything; the id of a contribution with revisions and replies."""
    root = await said.posted()
    for _ in range(2):
        await announced(database, said.made)
        await posted(database, said.made)
        await announce(database, said.made)
        await published(database, said.made.organiser, said.made, await say(database, said.made))
        await said.posted("other", parent=root["id"])
        await said.ask("PATCH", said.at(root["id"]), "participant", {"If-Match": "*"}, json={"body": f"Edited {_}."})
        rejected = await said.posted(topic=BEFORE)
        await said.decide(rejected["id"], "reject", revision=rejected["waiting"]["revision"])
        await said.ask("POST", said.at(rejected["id"], "/appeals"), "participant", json={"words": "Please look again."})
        await said.posted(topic=BEFORE)
        await said.ask("POST", said.at((await said.posted())["id"], "/flags"), "other", json={"note": "Look at it."})
        await said.ask("POST", f"{said.home}/meetings", "moderator", json=MEETING)
        letter = {"contribution": root["id"], "subject": f"Letter {_}", "words": "Would you say more?"}
        await said.ask("POST", f"{said.home}/invitations", "moderator", json=letter)
        read = await said.posted(topic=BEFORE)
        await said.decide(read["id"], "approve", revision=read["waiting"]["revision"])
        words = {"language": "fr", "revision": 1, "title": "Un titre", "body": "Des mots."}
        await said.ask("POST", said.at(read["id"], "/translations"), "other", json=words)
        await said.ask("POST", f"{said.home}/webhooks", "moderator", json={"url": f"https://example.org/{_}"})
        claim = (await said.ask("POST", f"{said.home}/mandates", "participant", json={})).json()["id"]
        declined = {"act": "decline", "reason": "Not known."}
        await said.ask("POST", f"{said.home}/mandates/{claim}/decisions", "organiser", json=declined)
    await _something_that_goes_with(said, root["id"])
    await _something_of_rapporteurs(database, said.made)
    return str(root["id"])


async def _something_that_goes_with(said: Talk, id: str) -> None:
    """Two files of a text, and its translations into two languages."""
    for file in (samples.png(), samples.docx()):
        await said.ask("POST", said.at(id, "/attachments"), "participant", params={"name": "a file"}, content=file)
    revision = (await said.read(said.at(id)))["revision"]
    for language in ("fr", "es"):
        words = {"language": language, "revision": revision, "title": "Un titre", "body": "Des mots."}
        await said.ask("POST", said.at(id, "/translations"), "other", json=words)


async def _something_of_rapporteurs(database: Database, made: Made) -> None:
    """Two codes, codings, gists and drafts of recommendations, and a summary that was sent to two institutions."""
    for number in (1, 2):
        await begin(database, made.organiser, made, title=f"Draft {number}")
        text = await say(database, made)
        async with database.writing() as session:
            await coding.put(session, made.organiser, made.id, text.id, name=f"Code {number}")
            await gists.write(session, made.organiser, made.id, text.id, f"Gist {number}")
    await summarised(database, made.organiser, made)
    cities = [replace(CITY, institution=f"City {number}", email=f"{number}@sample.example") for number in (1, 2)]
    await send(database, made, {await listed(database, made, city): [] for city in cities})


def lists(said: Talk, id: str) -> list[str]:
    """The addresses of all lists that take a cursor, from the document."""
    return [
        "/api/v1" + path.replace("{slug}", said.made.slug).replace("{id}", id)
        for path, operations in document()["paths"].items()
        if any(each["name"] == "cursor" for each in operations.get("get", {}).get("parameters", []))
    ]


def tampered(chance: random.Random, cursor: str) -> str:
    """The same cursor, but for one letter that was changed, lost, put in or moved."""
    at = chance.randrange(len(cursor))
    other = chance.choice([letter for letter in _LETTERS if letter != cursor[at]])
    return chance.choice([
        cursor[:at] + other + cursor[at + 1 :], cursor[:at] + cursor[at + 1 :], cursor[:at] + other + cursor[at:],
        cursor[:at] or other, cursor + other, cursor[::-1], cursor + "=",
    ])  # fmt: skip


async def test_a_tampered_cursor_is_refused_in_every_list(said: Talk, database: Database) -> None:
    chance = random.Random(4)
    found: dict[str, str] = {}
    urls = lists(said, await something_in_each_list(said, database))
    lone = ("/api/v1/consultations", f"{said.home}/decisions/figures")  # one consultation, one month
    for url in urls:
        answer = await said.get(url, "organiser", limit=1)
        following = answer.json()["next"]
        if url not in lone:
            found[url] = parse_qs(urlsplit(following).query)["cursor"][0]
            assert answer.headers["link"] == f'<{following}>; rel="next"'
    assert len(found) == len(urls) - len(lone) >= 9
    for url, cursor in found.items():
        assert (await said.get(url, "organiser", limit=1, cursor=cursor)).status_code == 200
        foreign = [each for other, each in found.items() if other != url]
        for wrong in ("", "A" * 1_001, *foreign, *(tampered(chance, cursor) for _ in range(25))):
            answer = await said.get(url, "organiser", limit=1, cursor=wrong)
            assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed"), (url, cursor, wrong)
    for url in lone:
        assert (await said.get(url, cursor="A" * 20)).status_code == 400


async def test_fields_choose_in_every_list_and_of_every_single_thing(said: Talk, database: Database) -> None:
    id = await something_in_each_list(said, database)
    meeting = (await said.read(f"{said.home}/meetings"))["items"][0]["id"]
    ones = [said.home, said.at(id), f"{said.home}/meetings/{meeting}"]
    for url in (*lists(said, id), *ones):
        whole = await said.read(url, "organiser")
        first: dict[str, Any] = whole["items"][0] if url not in ones else whole
        names = sorted(first)[:2]
        some = await said.read(url, "organiser", fields=",".join(names))
        for item in some["items"] if url not in ones else [some]:
            assert sorted(item) == names
        wrong = await said.get(url, "organiser", fields=f"{names[0]},poem")
        assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "fields"
        assert "“poem”" in wrong.json()["errors"][0]["message"]


async def test_fields_combine_with_everything(said: Talk) -> None:
    for _ in range(3):
        await said.posted()
    asked: dict[str, Any] = {"topic": AFTER, "sort": "-number", "limit": 2, "fields": "number,title"}
    page = await said.read(f"{said.home}/contributions", **asked)
    assert page["items"] == [{"number": 3, "title": "A proposal"}, {"number": 2, "title": "A proposal"}]
    last = await said.get(page["next"])
    assert last.json() == {"items": [{"number": 1, "title": "A proposal"}], "next": None}
    again = {"If-None-Match": last.headers["etag"]}
    assert (await said.ask("GET", page["next"], None, again)).status_code == 304
    one = await said.get(said.at((await said.posted())["id"]), fields="number")
    assert one.json() == {"number": 4} and one.headers["etag"] == f'"1-{(await said.read(said.home))["size"]}"'
