"""What moderators do about authors: warn, suspend, lift, reveal. The public record never tells whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import errors
from app.accounts.actors import actor_of_person
from app.clock import now
from app.database import Database
from app.moderation.deciding import Options
from app.moderation.models import Decision
from app.moderation.people import revealed_name
from app.record.log import log_id
from app.record.models import Entry
from tests.contributions.stored import kinds
from tests.making import BEFORE, Made, curate, make, say
from tests.moderation.test_actions import payloads

pytestmark = pytest.mark.anyio
SOON = Options(until=now() + timedelta(days=7))


async def staff(database: Database, made: Made, kind: str) -> list[dict[str, object]]:
    async with database.writing() as session:
        its = (Entry.record_id == log_id("staff", made.id)) & (Entry.kind == kind)
        return list(await session.scalars(select(Entry.payload).where(its).order_by(Entry.seq)))


async def test_a_warning_is_told_to_the_author_and_names_only_itself(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await curate(database, made, "warn", said.id)
    assert set((await payloads(database, made, "decision.made"))[-1]) == {"act", "rule", "hash", "role"}
    assert (await kinds(database, made, "staff"))[-2:] == ["author.told", "person.warned"]


async def test_who_is_suspended_takes_no_part_until_it_is_lifted(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, byline="anonymous")
    await curate(database, made, "suspend", said.id, SOON)
    assert made.participant.person is not None
    async with database.writing() as session:
        suspended = await actor_of_person(session, made.participant.person)
    with pytest.raises(errors.Forbidden, match="suspended"):
        await say(database, made, actor=suspended)
    assert set((await payloads(database, made, "decision.made"))[-1]) == {"act", "rule", "hash", "role"}
    assert (await staff(database, made, "person.suspended"))[0]["person"] == str(made.participant.person)
    await curate(database, made, "suspend", said.id, SOON)  # again: the newer one holds
    await curate(database, made, "lift", said.id)
    async with database.writing() as session:
        back = await actor_of_person(session, made.participant.person)
    await say(database, made, actor=back)
    with pytest.raises(errors.Conflict, match="not suspended"):
        await curate(database, made, "lift", said.id)


async def test_suspensions_that_make_no_sense(database: Database) -> None:
    made = await make(database)
    said, note = await say(database, made), await say(database, made, kind="note", title=None, actor=made.organiser)
    for options in (Options(), Options(until=now() - timedelta(days=1))):
        with pytest.raises(errors.Invalid, match="until when"):
            await curate(database, made, "suspend", said.id, options)
    with pytest.raises(errors.Conflict, match="holds a role"):
        await curate(database, made, "suspend", note.id, SOON)
    with pytest.raises(errors.Conflict, match="your own"):
        await curate(database, made, "warn", note.id, actor=made.organiser)
    with pytest.raises(errors.Forbidden):
        await curate(database, made, "suspend", said.id, SOON, actor=made.other)


async def test_a_name_is_revealed_with_a_reason_and_everyone_concerned_is_told(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE, byline="anonymous")
    before = await kinds(database, made)
    decision = await curate(database, made, "reveal", said.id)
    async with database.writing() as session:
        assert await revealed_name(session, made.moderator, decision) == "Participant A"
        assert await revealed_name(session, made.organiser, decision) is None
    assert await kinds(database, made) == before  # nothing of it is public
    assert {entry["person"] for entry in await staff(database, made, "author.told")} == {
        str(made.participant.person), str(made.organiser.person),
    }  # fmt: skip
    assert (await staff(database, made, "author.revealed"))[0]["person"] == str(made.moderator.person)
    async with database.reading() as connection:
        assert (await connection.execute(select(Decision.id))).all() == []
    with pytest.raises((errors.Forbidden, errors.NotFound)):
        await curate(database, made, "reveal", said.id, actor=made.other)
