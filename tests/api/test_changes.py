"""The change feed: whoever follows it, from wherever, holds what the export holds; waiting ends when things happen."""

import asyncio
import csv
import io
import json
import signal
import time
from typing import Any

import orjson
import pytest
from httpx import AsyncClient

from app.api.waiting import Watch
from app.clock import now
from app.database import Database
from app.errors import Unavailable
from tests.api.talk import Talk
from tests.making import BEFORE

pytestmark = pytest.mark.anyio


class Mirror:
    """A client that follows the changes, as docs/api.md tells it to."""

    def __init__(self, said: Talk, limit: int) -> None:
        self.said = said
        self.held: dict[str, Any] = {}
        self.next = f"{said.home}/changes?after=0&limit={limit}"
        self.seen: list[int] = []

    async def follow(self) -> None:
        """Read up to the end."""
        while True:
            page = await self.said.read(self.next)
            self.next = page["next"]
            for entry in page["items"]:
                self.take(entry)
            if not page["items"]:
                assert not self.seen or page["size"] == self.seen[-1]
                return

    def take(self, entry: dict[str, Any]) -> None:
        self.seen.append(entry["seq"])
        if entry["kind"].startswith("contribution."):
            if entry["contribution"] is None:
                self.held.pop(entry["subject"], None)
            else:
                self.held[entry["subject"]] = entry["contribution"]
        for other in entry["related"]:
            self.held[other["id"]] = other


async def exported(said: Talk) -> list[dict[str, Any]]:
    """What the export holds."""
    answer = await said.get(f"{said.home}/export.jsonl")
    assert answer.status_code == 200
    return [orjson.loads(line) for line in answer.text.splitlines()]


async def everything_happens(said: Talk) -> Any:
    """Each kind of act in turn; yields after each."""
    root = await said.posted()
    yield
    reply = await said.posted("other", parent=root["id"])
    yield
    deeper = await said.posted(parent=reply["id"])
    yield
    await said.ask("PATCH", said.at(root["id"]), "participant", {"If-Match": "*"}, json={"body": "Edited."})
    yield
    await said.ask("PATCH", said.at(root["id"]), "participant", {"If-Match": "*"}, json={"byline": "organisation"})
    yield
    await said.decide(reply["id"], "hide")
    yield
    await said.ask("PATCH", said.at(deeper["id"]), "participant", {"If-Match": "*"}, json={"body": "Edited, too."})
    yield
    await said.decide(reply["id"], "restore")
    yield
    await said.ask("DELETE", said.at(deeper["id"]), "participant")
    yield
    waiting = await said.posted(topic=BEFORE)
    yield
    await said.decide(waiting["id"], "approve", revision=waiting["waiting"]["revision"])
    yield
    await said.ask("PATCH", said.at(waiting["id"]), "participant", {"If-Match": "*"}, json={"body": "It waits."})
    yield
    refused = await said.posted(topic=BEFORE)
    await said.decide(refused["id"], "reject", revision=refused["waiting"]["revision"])
    yield
    await said.ask("DELETE", said.at(reply["id"]), "other", params={"erase": "true"})
    yield
    await said.ask("DELETE", said.at(root["id"]), "organiser", params={"erase": "true", "reason": "Personal data."})
    yield


async def test_a_follower_holds_what_the_export_holds(said: Talk) -> None:
    steady, slow, hasty = Mirror(said, 50), Mirror(said, 1), Mirror(said, 3)
    step = 0
    async for _ in everything_happens(said):
        step += 1
        await steady.follow()
        held = sorted(steady.held.values(), key=lambda each: each["number"])
        assert held == await exported(said), f"after step {step}"
        if step % 4 == 0:
            await hasty.follow()
    for mirror in (steady, slow, hasty, Mirror(said, 1000)):
        await mirror.follow()
        assert mirror.seen == list(range(1, mirror.seen[-1] + 1))
        assert sorted(mirror.held.values(), key=lambda each: each["number"]) == await exported(said)


async def test_entries_name_nobody_and_hold_no_words(said: Talk) -> None:
    async for _ in everything_happens(said):
        pass
    page = await said.read(f"{said.home}/changes", limit=1000)
    told = orjson.dumps([{**entry, "contribution": None, "related": []} for entry in page["items"]]).decode()
    people = [str(getattr(said.made, who).person) for who in ("participant", "other", "moderator", "organiser")]
    for private in (*people, "Participant", "Edited", "Because of a rule", "Personal data", "example.org"):
        assert private not in told


async def test_the_end_of_the_record(said: Talk) -> None:
    size = (await said.read(f"{said.home}/changes"))["size"]
    at_end = await said.read(f"{said.home}/changes", after=size)
    assert at_end["items"] == []
    assert f"after={size}" in at_end["next"]
    beyond = await said.get(f"{said.home}/changes", after=size + 1)
    assert beyond.status_code == 422
    assert beyond.json()["errors"][0]["field"] == "after"
    for wrong in (
        {"after": -1},
        {"after": 2**63},
        {"after": "x"},
        {"wait": 3601},
        {"wait": "nan"},
        {"wait": "inf"},
        {"limit": 0},
    ):
        assert (await said.get(f"{said.home}/changes", **wrong)).status_code == 422


async def test_waiting_ends_when_something_happens(said: Talk) -> None:
    size = (await said.read(f"{said.home}/changes"))["size"]
    waiting = [asyncio.create_task(said.read(f"{said.home}/changes", after=size, wait=20)) for _ in range(50)]
    await asyncio.sleep(0.6)
    assert not any(task.done() for task in waiting)
    await said.posted()
    started = time.monotonic()
    pages = await asyncio.gather(*waiting)
    assert time.monotonic() - started < 1.5
    assert all(page == pages[0] for page in pages)
    assert [entry["kind"] for entry in pages[0]["items"]] == ["contribution.published"]
    assert "wait=20" in pages[0]["next"]


async def test_an_entry_has_each_name_once(said: Talk) -> None:
    posted = await said.posted()
    await said.decide(posted["id"], "hide")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), pairs
        return dict(pairs)

    answer = await said.get(f"{said.home}/changes", limit=1000)
    entries = json.loads(answer.text, object_pairs_hook=once)["items"]
    (decided,) = [entry for entry in entries if entry["kind"] == "decision.made"]
    assert (decided["contribution_id"], decided["contribution"]) == (posted["id"], None)


async def test_waiting_ends_by_itself(said: Talk) -> None:
    size = (await said.read(f"{said.home}/changes"))["size"]
    started = time.monotonic()
    answer = await said.get(f"{said.home}/changes", after=size, wait=0.3)
    assert 0.3 <= time.monotonic() - started < 2
    assert answer.json()["items"] == []
    again = await said.ask(
        "GET", f"{said.home}/changes?after={size}&wait=0.3", None, {"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_a_poller_rests_when_nobody_waits_and_survives_an_outage(database: Database, said: Talk) -> None:
    watch = Watch()
    await watch.until_longer(database, said.made.id, 10_000, 0.05)
    assert watch._poller is None
    assert watch._waiting == {}

    class Lost:
        def glancing(self) -> Any:
            raise Unavailable("gone")

    started = time.monotonic()
    await watch.until_longer(Lost(), said.made.id, 10_000, 5)  # type: ignore[arg-type]
    assert time.monotonic() - started < 1


async def test_waiting_ends_when_the_process_is_told_to_end(said: Talk) -> None:
    size = (await said.read(f"{said.home}/changes"))["size"]
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    try:
        waiting = asyncio.create_task(said.read(f"{said.home}/changes", after=size, wait=20))
        await asyncio.sleep(0.3)
        signal.raise_signal(signal.SIGTERM)
        page = await asyncio.wait_for(waiting, 1)
        assert page["items"] == []
        assert told == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_the_export_and_its_table(said: Talk) -> None:
    root = await said.posted(
        title="=1+1", body='+cmd\n\n@SUM(A1), "quoted"', places=[{"city": "-A", "country": "PH", "role": "origin"}]
    )
    await said.posted("other", parent=root["id"], body="日本語 عربى")
    answer = await said.get(f"{said.home}/export.jsonl")
    size = (await said.read(f"{said.home}/changes"))["size"]
    assert answer.headers["content-type"] == "application/jsonl"
    assert answer.headers["plenary-record-size"] == str(size)
    items = [orjson.loads(line) for line in answer.text.splitlines()]
    assert items == (await said.read(f"{said.home}/contributions"))["items"]
    table = await said.get(f"{said.home}/export.csv")
    assert table.headers["plenary-record-size"] == str(size)
    assert "attachment" in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    assert rows[0]["title"] == "'=1+1"
    assert rows[0]["body"].startswith("'+cmd")
    assert rows[0]["places"] == "'-A, PH (origin)"
    assert rows[0]["organisation_name"] == "Sample network"
    assert rows[1]["body"] == "日本語 عربى"
    assert rows[1]["parent"] == root["id"]


async def test_the_export_goes_on_beyond_a_chunk(said: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.readings.exporting import export

    monkeypatch.setattr(export, "CHUNK", 3)
    posted = [await said.posted() for _ in range(8)]
    assert [item["number"] for item in await exported(said)] == [1, 2, 3, 4, 5, 6, 7, 8]
    for gone in posted[3:6]:  # a whole chunk, in which nothing is left
        await said.ask("DELETE", said.at(gone["id"]), "participant")
    assert [item["number"] for item in await exported(said)] == [1, 2, 3, 7, 8]


async def test_times_are_in_utc(said: Talk) -> None:
    await said.posted()
    (entry,) = (await said.read(f"{said.home}/changes", limit=1000))["items"][-1:]
    assert entry["time"].endswith("Z")
    assert entry["time"][:10] == f"{now():%Y-%m-%d}"


async def test_an_empty_export(api: AsyncClient, said: Talk) -> None:
    assert await exported(said) == []
    assert len((await api.get(f"{said.home}/export.csv")).text.splitlines()) == 1
