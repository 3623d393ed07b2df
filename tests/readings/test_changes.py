"""Whoever follows the change feed holds exactly what is public, whatever happened and wherever they stopped."""

import random
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.contributions import actions, translating
from app.contributions.classifying import How, classify
from app.contributions.models import Contribution
from app.contributions.translating import Wording
from app.contributions.translation_models import Translation
from app.database import Database
from app.endorsements import actions as endorsements
from app.moderation import erasing
from app.moderation import translations as deciding
from app.moderation.deciding import Grounds, Options
from app.readings.discussion.listing import SORTS, Filters, Page, listing
from app.readings.exporting.export import chunks
from app.readings.record import changes as feed
from app.record.kinds import ENDS_PUBLICITY
from tests.contributions.stored import revisions, stored
from tests.making import AFTER, BEFORE, Made, curate, decide, make, say, speak_for

pytestmark = pytest.mark.anyio

Mirror = dict[str, dict[str, Any]]


async def follow(database: Database, made: Made, mirror: Mirror, after: int, limit: int) -> int:
    """One page of changes applied to a mirror, as docs/api.md tells clients to. Returns where to go on."""
    async with database.reading() as connection:
        page = await feed.changes(connection, made.id, "https://example.org/c/x/", after, limit)
    for item in map(orjson.loads, page.items):
        if item["contribution"] is not None:
            mirror[item["contribution"]["id"]] = item["contribution"]
        elif item["kind"].startswith("contribution."):
            mirror.pop(item["subject"], None)
        for other in item["related"]:
            mirror[other["id"]] = other
    return page.last


async def exported(database: Database, made: Made) -> Mirror:
    texts = [text async for chunk in chunks(database, made.id, "https://example.org/c/x/") for text in chunk]
    return {item["id"]: item for item in map(orjson.loads, texts)}


async def listed(database: Database, made: Made, sort: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        async with database.fetching() as driver:
            page = await listing(driver, made.id, "https://example.org/c/x/", Filters(), sort, 3, cursor)
        items += map(orjson.loads, page.items)
        cursor = page.next
        if cursor is None:
            return items


HOW: tuple[How, ...] = ("set", "add", "remove")
CURATING = ("move", "move", "split", "merge", "redact", "pin", "unpin", "lock", "unlock", "ask")
ACTS = (
    "post", "reply", "reply", "reply", "edit", "approve", "hide", "restore", "withdraw", "lower", "erase", "endorse",
    "endorse", "take_back", "translate", "translate", "judge", "judge", *CURATING,
    "classify", "classify",
)  # fmt: skip


def options(chance: random.Random, most: int) -> Options:
    """Any: those that do not fit are refused."""
    return Options(
        passage=chance.choice(["Text", "reply", "0."]), topic=chance.choice([None, BEFORE, AFTER]),
        parent=chance.choice([None, chance.randint(1, most)]), into=chance.randint(1, most), title="A new title",
        kind="question",
    )  # fmt: skip


async def something(database: Database, made: Made, chance: random.Random, ids: list[UUID]) -> None:
    """One random act; those that do not fit the state are refused and change nothing."""
    act = chance.choice(ACTS)
    if act == "post" or not ids:
        ids.append((await say(database, made, topic=chance.choice([BEFORE, AFTER]))).id)
        return
    id = chance.choice(ids)
    try:
        if act == "reply":
            ids.append((await say(database, made, parent=id, body=str(chance.random()))).id)
        elif act in CURATING:
            await curate(database, made, act, id, options(chance, len(ids)))
        elif act in ("approve", "hide", "restore"):
            newest = (await revisions(database, id))[-1].id if act == "approve" else None
            await decide(database, made, act, id, newest)
        else:
            latest = (await stored(database, id)).latest
            async with database.writing() as session:
                if act == "edit":
                    await actions.edit(session, made.participant, id, latest, {"body": str(chance.random())})
                elif act in OTHERS:
                    await OTHERS[act](session, made, chance, id)
                elif act in ("endorse", "take_back"):
                    actor = chance.choice([made.other, made.moderator, made.organiser])
                    capacity = chance.choice([None, "organisation", "personal"])
                    await getattr(endorsements, act)(session, actor, id, capacity)
                elif act == "lower":
                    await actions.lower_byline(session, made.participant, id, "anonymous")
                else:
                    await getattr(erasing if act == "erase" else actions, act)(session, made.participant, id)
    except (errors.Conflict, errors.Invalid, errors.NotFound, errors.Forbidden, errors.Closed):
        pass


async def translate(session: AsyncSession, made: Made, chance: random.Random, id: UUID) -> None:
    """Into one of two languages, as anybody, what may or may not be the public revision."""
    contribution = await session.get(Contribution, id)
    who = chance.choice([made.participant, made.other, made.moderator])
    words = Wording(chance.choice(["fr", "es"]), str(chance.random()), contribution.latest if contribution else 1, "Un")
    await translating.offer(session, who, id, words)


async def judge(session: AsyncSession, made: Made, chance: random.Random, id: UUID) -> None:
    """Any decision about any translation of a text, by anybody."""
    rows = (await session.scalars(select(Translation).where(Translation.contribution_id == id))).all()
    if not rows:
        return
    row, because = chance.choice(rows), Grounds("Because of a rule.")
    act = chance.choice([*deciding.VERBS, "approve", "take away"])
    if act == "approve":
        await translating.approve(session, made.participant, id, row.id)
    elif act == "take away":
        actor = chance.choice([made.participant, made.other, made.moderator])
        await deciding.take_away(session, actor, id, row.id, because)
    else:
        await deciding.VERBS[act](session, made.moderator, id, None, because, Options(translation=row.id))


async def ask_anew(session: AsyncSession, made: Made, chance: random.Random, id: UUID) -> None:
    """A question of one of the topics, to a text of either."""
    asked = [chance.choice([BEFORE, AFTER]) + ".a"]
    await classify(session, made.moderator, made.id, [id], asked, chance.choice(HOW))


OTHERS = {"translate": translate, "judge": judge, "classify": ask_anew}


@pytest.mark.parametrize("seed", range(6))
async def test_mirror_equals_export_after_any_history(database: Database, seed: int) -> None:
    made = await make(database)
    for colleague in (made.moderator, made.organiser):
        await speak_for(database, colleague, "Sample union")
    chance = random.Random(seed)
    ids: list[UUID] = []
    mirror: Mirror = {}
    at = 0
    for step in range(90):
        await something(database, made, chance, ids)
        if chance.random() < 0.3:
            at = await follow(database, made, mirror, at, limit=chance.choice([1, 2, 1_000]))
        if step % 20 == 19:
            late, position = dict(mirror), at
            while (reached := await follow(database, made, late, position, 5)) != position:
                position = reached
            assert late == await exported(database, made)
    while (reached := await follow(database, made, mirror, at, 3)) != at:
        at = reached
    public = await exported(database, made)
    assert mirror == public
    for sort in SORTS:
        items = await listed(database, made, sort)
        assert {item["id"]: item for item in items} == public and len(items) == len(public)


async def test_beyond_the_end_is_an_error_and_the_end_is_empty(database: Database) -> None:
    made = await make(database)
    async with database.reading() as connection:
        size = (await feed.changes(connection, made.id, "", 0, 1)).size
        assert (await feed.changes(connection, made.id, "", size, 10)).items.pieces == []
        with pytest.raises(errors.Invalid, match=f"has {size} entries"):
            await feed.changes(connection, made.id, "", size + 1, 10)


async def test_a_cursor_of_another_list_or_a_tampered_one_is_refused(database: Database) -> None:
    made = await make(database)
    for _ in range(3):
        await say(database, made)
    async with database.fetching() as driver:

        async def ask(sort: str, cursor: str | None) -> Page:
            return await listing(driver, made.id, "", Filters(), sort, 1, cursor)

        cursor = (await ask("number", None)).next or ""
        for wrong in (cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), "x", "", "é", cursor + "====", "AAAA" * 99):
            with pytest.raises(errors.Malformed):
                await ask("number", wrong)
        with pytest.raises(errors.Malformed):
            await ask("-number", cursor)


def test_what_ends_publicity_is_a_kind() -> None:
    from app.record.kinds import KINDS

    assert set(KINDS) >= ENDS_PUBLICITY
