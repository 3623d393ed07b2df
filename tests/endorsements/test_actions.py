"""Endorsing for an organisation: once for each, through people whose mandates are confirmed, never with their names."""

import asyncio
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select, text, update

from app import errors
from app.accounts.actions import erase_account
from app.accounts.models import Person
from app.database import Database
from app.endorsements.actions import endorse, take_back
from app.endorsements.models import Endorsement
from app.moderation import erasing
from app.moderation.deciding import Options
from app.permissions import ANYONE, Actor
from app.readings.discussion.contributions import by_id
from app.record.models import Entry
from tests.making import AFTER, Made, curate, decide, make, make_speaker, say

pytestmark = pytest.mark.anyio

UNION, CHURCH = "Sample union", "Sample parish"


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


@pytest.fixture
async def one(database: Database, made: Made) -> UUID:
    """A public contribution of the participant, for the sample network."""
    return (await say(database, made)).id


@pytest.fixture
async def ana(database: Database, made: Made) -> Actor:
    return await make_speaker(database, "Speaker A", UNION)


@pytest.fixture
async def ben(database: Database, made: Made) -> Actor:
    return await make_speaker(database, "Speaker B", UNION)


async def do(database: Database, act: Any, actor: Actor, id: UUID, capacity: str | None = None) -> None:
    async with database.writing() as session:
        await act(session, actor, id, capacity)


async def shown(database: Database, id: UUID) -> tuple[int, list[str]]:
    """How many people support it in public, and the names of the organisations."""
    async with database.reading() as connection:
        fields = orjson.loads((await by_id(connection, id, ""))[0])
    return fields["endorsements"], [each["name"] for each in fields["endorsing_organisations"]]


async def entries(database: Database) -> list[tuple[str, bool]]:
    """The public entries about endorsements, each with whether it is about an organisation."""
    async with database.reading() as connection:
        query = select(Entry.kind, Entry.payload).where(Entry.kind.startswith("endorsement.")).order_by(Entry.seq)
        rows = (await connection.execute(query)).all()
    return [(row.kind.removeprefix("endorsement."), "organisation" in row.payload) for row in rows]


async def test_an_organisation_is_named_and_its_person_counted_once(
    database: Database, one: UUID, ana: Actor, made: Made
) -> None:
    await do(database, endorse, ana, one)
    assert await shown(database, one) == (1, [])
    for _twice in range(2):
        await do(database, endorse, ana, one, "organisation")
    await do(database, endorse, ana, one)  # says nothing of a capacity, and changes none
    await do(database, endorse, made.other, one)
    assert await shown(database, one) == (2, [UNION])
    await do(database, endorse, ana, one, "personal")
    assert await shown(database, one) == (2, [])
    await do(database, endorse, ana, one, "organisation")
    await do(database, take_back, ana, one)
    assert await shown(database, one) == (1, [])
    assert await entries(database) == [
        ("given", False), ("given", True), ("given", False), ("taken_back", True), ("given", True),
        ("taken_back", True),
    ]  # fmt: skip


async def test_what_is_public_of_it_tells_no_person(database: Database, one: UUID, ana: Actor) -> None:
    await do(database, endorse, ana, one, "organisation")
    async with database.reading() as connection:
        document = (await by_id(connection, one, ""))[0]
        log = str((await connection.execute(text("SELECT payload::text FROM entries"))).all())
    assert orjson.loads(document)["endorsing_organisations"][0] | {"id": ""} == {
        "id": "", "name": UNION, "kind": "union", "country": "ES", "region": "Europe",
    }  # fmt: skip
    for secret in (str(ana.person), "Speaker A"):
        assert secret not in document.decode() and secret not in log
    assert UNION not in log


async def test_each_organisation_once_whoever_is_first(database: Database, one: UUID, ana: Actor, ben: Actor) -> None:
    async def attempt(actor: Actor) -> str:
        try:
            await do(database, endorse, actor, one, "organisation")
        except errors.Conflict as error:
            return error.message
        return "given"

    said = sorted(await asyncio.gather(attempt(ana), attempt(ben)))
    assert said[1] == "given" and f"{UNION} has endorsed it already" in said[0]
    assert await shown(database, one) == (1, [UNION])
    parish = await make_speaker(database, "Speaker C", CHURCH)
    await do(database, endorse, parish, one, "organisation")
    assert (await shown(database, one))[1] == [UNION, CHURCH]


async def test_a_colleague_takes_the_name_back_and_not_the_support(
    database: Database, one: UUID, ana: Actor, ben: Actor, made: Made
) -> None:
    await do(database, endorse, ana, one, "organisation")
    parish = await make_speaker(database, "Speaker C", CHURCH)
    await do(database, take_back, parish, one, "organisation")  # theirs is not named here
    with pytest.raises(errors.Forbidden, match="not confirmed"):
        await do(database, take_back, made.participant, one, "organisation")
    with pytest.raises(errors.Invalid):
        await do(database, take_back, made.other, one, "organisation")  # speaks for none
    await do(database, take_back, ben, one)  # gave nothing
    assert await shown(database, one) == (1, [UNION])
    await do(database, take_back, ben, one, "organisation")
    assert await shown(database, one) == (1, [])
    await do(database, endorse, ben, one, "organisation")
    assert await shown(database, one) == (2, [UNION])


async def test_who_may_not_endorse_for_an_organisation(database: Database, one: UUID, made: Made, ana: Actor) -> None:
    theirs = (await say(database, made, actor=made.other, title="Another")).id
    with pytest.raises(errors.Forbidden, match="mandate"):  # only claims to speak for it
        await do(database, endorse, made.participant, theirs, "organisation")
    with pytest.raises(errors.Invalid):
        await do(database, endorse, made.moderator, theirs, "organisation")
    with pytest.raises(errors.Invalid):
        await do(database, endorse, ana, theirs, "emperor")
    with pytest.raises(errors.Unauthenticated):
        await do(database, endorse, ANYONE, theirs, "organisation")
    colleague = await make_speaker(database, "Speaker C", "sample  Network")
    with pytest.raises(errors.Forbidden, match="own text"):
        await do(database, endorse, colleague, one, "organisation")
    await do(database, endorse, colleague, one, "personal")
    assert await shown(database, one) == (1, []) and await shown(database, theirs) == (0, [])


async def test_a_refusal_does_not_tell_whose_a_text_without_a_name_is(database: Database, made: Made) -> None:
    hidden_author = (await say(database, made, byline="anonymous")).id
    colleague = await make_speaker(database, "Speaker C", "Sample network")
    await do(database, endorse, colleague, hidden_author, "organisation")
    assert await shown(database, hidden_author) == (1, ["Sample network"])


async def test_it_stands_as_it_was_said(database: Database, one: UUID, ana: Actor, ben: Actor) -> None:
    await do(database, endorse, ana, one, "organisation")
    async with database.writing() as session:
        changed = update(Person).where(Person.id == ana.person)
        other = {"organisation_name": CHURCH, "organisation_id": UUID(int=7), "mandate": "confirmed"}
        await session.execute(changed.values(**other))
    assert await shown(database, one) == (1, [UNION])
    with pytest.raises(errors.Conflict, match=f"for {UNION}"):
        await do(database, endorse, ana, one, "organisation")
    async with database.writing() as session:
        await session.execute(changed.values(mandate="claimed"))
    assert await shown(database, one) == (1, [UNION])
    await do(database, take_back, ana, one, "organisation")  # who gave it takes it back, mandate or not
    assert await shown(database, one) == (1, [])


async def test_it_stays_when_who_gave_it_leaves_and_goes_with_the_text(
    database: Database, one: UUID, ana: Actor, ben: Actor, made: Made
) -> None:
    two = (await say(database, made, title="Another")).id
    for id in (one, two):
        await do(database, endorse, ana, id, "organisation")
    assert ana.person is not None
    async with database.writing() as session:
        await erasing.erase_all_by(session, ana, ana.person)
        await erase_account(session, ana, ana.person)
        await erasing.erase(session, made.participant, two)
        rows = (await session.execute(select(Endorsement.contribution_id, Endorsement.person_id))).all()
    assert [tuple(row) for row in rows] == [(one, None)]
    assert await shown(database, one) == (1, [UNION])
    await do(database, take_back, ben, one, "organisation")
    assert await shown(database, one) == (1, [])


async def test_hiding_takes_it_out_of_public_and_restoring_brings_it_back(
    database: Database, one: UUID, ana: Actor, made: Made
) -> None:
    await do(database, endorse, ana, one, "organisation")
    await decide(database, made, "hide", one)
    with pytest.raises(errors.Gone):
        await shown(database, one)
    with pytest.raises(errors.Conflict):
        await do(database, endorse, ana, one, "personal")
    await decide(database, made, "restore", one)
    assert await shown(database, one) == (1, [UNION])


async def test_a_merge_gives_nobodys_support_to_another_text(
    database: Database, one: UUID, ana: Actor, made: Made
) -> None:
    survivor = await say(database, made, topic=AFTER, title="Another")
    await do(database, endorse, ana, one, "organisation")
    await curate(database, made, "merge", one, Options(into=survivor.number))
    assert await shown(database, survivor.id) == (0, [])
