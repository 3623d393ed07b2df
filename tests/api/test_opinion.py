"""Positions over the API: taken with a key, read by everyone as sums; nothing of it where nobody asks."""

import hashlib

import pytest

from app.accounts.people import find_or_register
from app.database import Database
from app.permissions import Actor
from app.record.commitments import canonical
from app.synthesis import actions
from app.synthesis.refreshing import refresh
from tests.api.talk import Talk, key_for
from tests.making import Made
from tests.synthesis.opinions import ask, open_for_comment, people, say_all
from tests.synthesis.outcome import publish

pytestmark = pytest.mark.anyio
COMMITTED = ("state", "people", "totals", "common", "groups", "map")


async def test_positions_are_taken_and_read_as_sums(said: Talk, database: Database, made: Made) -> None:
    opened = await open_for_comment(database, made, 2)
    opinion, position = f"{said.home}/opinion", f"{said.home}/recommendations/1/position"

    async def put(who: str | None = "participant", url: str = position, **given: object) -> int:
        return (await said.ask("PUT", url, who, json=given or {"value": "agree"})).status_code

    assert [await put(), await put(None), (await said.get(opinion)).status_code] == [404] * 3
    assert (await said.ask("DELETE", position, None)).status_code == 404
    await ask(database, made)
    assert await said.read(opinion) == {
        "consultation": made.slug, "url": f"https://plenary.example/c/{made.slug}/opinion", "updated": None,
        "needed": 15, "state": "few", "people": 0, "totals": [], "common": {"agree": [], "disagree": []},
        "groups": [], "map": None, "commitment": None,
    }  # fmt: skip
    assert [await put(), await put(value="pass"), await put()] == [204] * 3
    reading = await key_for(database, made.other, "read")
    assert [await put(None), await put(reading), await put(value="\ud800x".encode("utf-8", "replace").decode())] == [
        401, 403, 422,
    ]  # fmt: skip
    async with database.writing() as session:
        nameless, _new = await find_or_register(session, "new@example.org")
    refused = await said.ask("PUT", position, await key_for(database, Actor(person=nameless), "write"),
                             json={"value": "agree"})  # fmt: skip
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert "complete your profile" in refused.json()["detail"]
    assert await put(value=1) == 422 and await put(value="agree", why="so") == 422
    for number in ("0", "3", "00", "9" * 12, "x", "1%00"):
        assert await put(url=position.replace("/1/", f"/{number}/")) == 404
    assert (await said.ask("DELETE", position, "participant")).status_code == 204

    await say_all(database, made, await people(database, 16), *["++"] * 9, *["+-"] * 7)
    await refresh(database)
    found = await said.read(opinion)
    assert (found["state"], found["people"], found["needed"]) == ("groups", 16, 0)
    assert found["totals"][1] == {"recommendation": 2, "agree": 9, "disagree": 7, "pass": 0}
    salt, content = bytes.fromhex(found["commitment"]["salt"]), {name: found[name] for name in COMMITTED}
    assert hashlib.sha256(salt + canonical(content)).hexdigest() == found["commitment"]["hash"]
    last = (await said.read(f"{said.home}/changes", after=found["commitment"]["seq"] - 1))["items"][0]
    assert (last["kind"], last["hash"]) == ("opinion.updated", found["commitment"]["hash"])
    told = await said.get(f"{said.home}/changes", after=0)
    assert "position." not in told.text and str(made.participant.person) not in told.text
    assert set(await said.read(opinion, fields="common,people")) == {"common", "people"}

    async with database.writing() as session:
        await actions.revise(session, made.organiser, opened[0])
    await publish(database, made.organiser, opened[0], "final")
    closed = await said.ask("PUT", position, "participant", json={"value": "agree"})
    assert closed.status_code == 409 and closed.json()["type"] == "/problems/closed"
    assert (await said.ask("DELETE", position, "participant")).json()["type"] == "/problems/closed"
