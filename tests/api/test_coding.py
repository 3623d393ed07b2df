"""Codes, codings and gists through the API: for rapporteurs' keys alone, and nobody is named."""

import pytest

from app.contributions import actions as texts
from app.database import Database
from app.synthesis import code_book, coding, gists
from app.synthesis.code_words import CodeWords
from tests.api.talk import Talk, key_for
from tests.making import decide, say
from tests.synthesis.outcome import make_rapporteur

pytestmark = pytest.mark.anyio


async def test_codes_and_codings_are_read_by_rapporteurs_and_nobody_is_named(said: Talk, database: Database) -> None:
    made = said.made
    rapporteur = await make_rapporteur(database, made)
    said.keys["rapporteur"] = await key_for(database, rapporteur)
    text, other = await say(database, made, body="Count the *hours*."), await say(database, made)
    async with database.writing() as session:
        costs = await code_book.make(session, rapporteur, made.id, CodeWords("Costs", "Money.", "red"))
        hours = await code_book.make(session, rapporteur, made.id, CodeWords("Time", parent=costs.id))
        await code_book.change(session, rapporteur, hours.id, CodeWords("Hours", parent=costs.id))
        await coding.put(session, rapporteur, made.id, text.id, [hours.id], passage="the hours")
        await coding.put(session, made.organiser, made.id, other.id, [costs.id, hours.id])
    codes = (await said.read(f"{said.home}/codes", "rapporteur"))["items"]
    assert [(each["name"], each["parent"], each["codings"], each["earlier_names"]) for each in codes] == [
        ("Costs", None, 1, []), ("Hours", str(costs.id), 2, ["Time"]),
    ]  # fmt: skip
    page, found = await said.read(f"{said.home}/codings", "rapporteur", limit=2), []
    while True:
        found += page["items"]
        if page["next"] is None:
            break
        page = await said.read(page["next"], "rapporteur")
    assert [(each["number"], each["coder"], each["words"]) for each in found] == [
        (1, "you", "the hours"), (2, "B", None), (2, "B", None),
    ]  # fmt: skip
    assert found[0]["passage"] == {"start": 6, "end": 16} and str(rapporteur.person) not in str(found)
    for asked, count in (
        ({"code": str(hours.id)}, 2), ({"contribution": str(other.id)}, 2), ({"coder": "B"}, 2), ({"coder": "you"}, 1),
        ({"code": str(hours.id), "coder": "A"}, 1), ({"code": str(made.id)}, 0),
    ):  # fmt: skip
        assert len((await said.read(f"{said.home}/codings", "rapporteur", **asked))["items"]) == count, asked
    await decide(database, made, "hide", text.id)
    [coded] = (await said.read(f"{said.home}/codings", "rapporteur", coder="A"))["items"]
    assert (coded["state"], coded["words"], coded["passage"]) == ("hidden", None, {"start": 6, "end": 16})


async def test_gists_are_read_page_by_page_and_only_of_what_is_public(said: Talk, database: Database) -> None:
    made = said.made
    rapporteur = await make_rapporteur(database, made)
    said.keys["rapporteur"] = await key_for(database, rapporteur)
    revised, hidden, last = [await say(database, made, title=f"Title {n}") for n in range(3)]
    async with database.writing() as session:
        await gists.write(session, made.organiser, made.id, hidden.id, "Hidden.")
        await gists.write(session, rapporteur, made.id, last.id, "Last.")
        await gists.write(session, made.organiser, made.id, revised.id, "First.")
        await texts.edit(session, made.participant, revised.id, 1, {"body": "Anew."})
    await decide(database, made, "hide", hidden.id)
    page = await said.read(f"{said.home}/gists", "rapporteur", limit=1)
    rest = await said.read(page["next"], "rapporteur")
    found = [*page["items"], *rest["items"]]
    assert [(each["contribution"], each["gist"], each["state"], each["coder"]) for each in found] == [
        (str(revised.id), "First.", "revised", "A"), (str(last.id), "Last.", "current", "you"),
    ]  # fmt: skip
    assert rest["next"] is None and found[0]["revision"] == 1 and "Rapporteur" not in str(found)


async def test_what_is_refused(said: Talk, database: Database) -> None:
    rapporteur = await make_rapporteur(database, said.made)
    for url in (f"{said.home}/codes", f"{said.home}/codings", f"{said.home}/gists"):
        assert (await said.get(url)).status_code == 401
        for who in ("participant", "moderator", await key_for(database, rapporteur, "read", "write")):
            assert (await said.get(url, who)).status_code == 403
        key = await key_for(database, rapporteur)
        assert (await said.get(url, key)).json() == {"items": [], "next": None}
        for query, status in ({"cursor": "x"}, 400), ({"limit": 0}, 422), ({"person": "x"}, 422):
            assert (await said.get(url, key, **query)).status_code == status
    for query in ({"coder": "me"}, {"coder": "Z"}, {"code": "x"}, {"contribution": "\x00"}):
        assert (await said.get(f"{said.home}/codings", key, **query)).status_code == 422
