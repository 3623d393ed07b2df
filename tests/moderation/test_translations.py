"""Decisions about translations: who may make them, what they change, what the log says, who is told."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app import errors
from app.contributions.models import Contribution
from app.contributions.translation_models import Translation
from app.database import Database
from app.moderation import translations as deciding
from app.moderation.actions import VERBS
from app.moderation.acts import ON_TRANSLATIONS
from app.moderation.deciding import NO_GROUNDS, Grounds
from app.permissions import ANYONE
from app.readings.discussion import private
from app.readings.letters.letters import decision_letter
from app.readings.moderation import acts
from app.readings.record import public_log
from app.readings.record.public_log import LoggedDecision
from app.record.log import log_id
from app.record.models import Entry
from tests.contributions.offering import BECAUSE, judge, kept, offer, public
from tests.making import BEFORE, Made, curate, make, make_person, say
from tests.people import someone

pytestmark = pytest.mark.anyio


async def waiting(database: Database) -> tuple[Made, Contribution, Translation]:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    await curate(database, made, "approve", said.id)
    return made, said, await offer(database, made, said.id)


async def logged(database: Database, made: Made) -> LoggedDecision:
    async with database.reading() as connection:
        return (await public_log.log(connection, made.id)).items[0]


async def told(database: Database, made: Made) -> list[str | None]:
    """Who was told of the last decision."""
    async with database.writing() as session:
        query = select(Entry.payload).where(Entry.record_id == log_id("staff", made.id), Entry.kind == "author.told")
        return [payload["person"] for payload in await session.scalars(query.order_by(Entry.seq))][-1:]


async def test_a_refusal_needs_a_reason_and_tells_the_translator_alone(database: Database) -> None:
    made, said, row = await waiting(database)
    with pytest.raises(errors.Invalid, match="reason"):
        await judge(database, made, "refuse", row, grounds=NO_GROUNDS)
    decision = await judge(database, made, "refuse", row)
    assert await public(database, said.id) == [] and (await kept(database, said.id))[0].status == "refused"
    shown = await logged(database, made)
    assert (shown.act, shown.number, shown.said.reason, shown.said.reason_is) == (
        "refuse-translation", None, None, "withheld",
    )  # fmt: skip
    assert await told(database, made) == [str(made.other.person)]
    async with database.writing() as session:
        letter = await decision_letter(session, decision.id, someone(made.other).person)
        assert letter is not None and (letter.reason, letter.about, letter.appeal_path) == (BECAUSE.reason, None, None)
        own = await private.own(session, made.participant, said.id, "")
        assert own is not None and own.decision is not None and own.decision.act == "approve"
    with pytest.raises(errors.Conflict, match="meanwhile"):
        await judge(database, made, "accept", row)
    assert (await offer(database, made, said.id, body="Mieux.")).status == "waiting"


async def test_letting_through_and_reviewing(database: Database) -> None:
    made, said, row = await waiting(database)
    decision = await judge(database, made, "accept", row, grounds=NO_GROUNDS)
    assert [each["status"] for each in await public(database, said.id)] == ["offered"]
    async with database.writing() as session:
        entries = select(Entry.kind, Entry.payload).where(Entry.record_id == log_id("public", made.id))
        *_before, told_so, changed = (await session.execute(entries.order_by(Entry.seq))).all()
    assert (told_so.kind, told_so.payload["number"]) == ("decision.made", 1)
    assert (changed.kind, changed.payload["decision"]) == ("contribution.updated", str(decision.id))
    assert changed.payload["translation"] == row.hash.hex()
    await judge(database, made, "review", row, grounds=Grounds(signed=True))
    assert [each["status"] for each in await public(database, said.id)] == ["reviewed"]
    shown = await logged(database, made)
    assert (shown.act, shown.number, shown.decider_name) == ("review-translation", 1, "Moderator C")
    assert await told(database, made) == [str(made.other.person)]


async def test_nobody_reviews_their_own(database: Database) -> None:
    made, said, _row = await waiting(database)
    own = await offer(database, made, said.id, made.moderator, "es")
    with pytest.raises(errors.Conflict, match="somebody else"):
        await judge(database, made, "review", own)
    await judge(database, made, "review", own, made.organiser)
    machine = await offer(database, made, said.id, made.moderator, "de", machine=True)
    await judge(database, made, "review", machine)
    assert [each["status"] for each in await public(database, said.id)] == ["reviewed", "reviewed"]


async def test_a_moderator_takes_one_away(database: Database) -> None:
    made, said, row = await waiting(database)
    with pytest.raises(errors.Conflict):  # it does not stand
        await judge(database, made, "remove", row)
    await judge(database, made, "accept", row)
    await judge(database, made, "remove", row)
    assert await public(database, said.id) == [] and (await kept(database, said.id))[0].status == "removed"
    shown = await logged(database, made)
    assert (shown.act, shown.number, shown.role, shown.said.reason) == (
        "remove-translation", 1, "moderator", BECAUSE.reason,
    )  # fmt: skip


async def test_the_original_s_author_takes_one_away(database: Database) -> None:
    made, said, row = await waiting(database)
    await judge(database, made, "accept", row)
    for actor, error in (
        (ANYONE, errors.Unauthenticated), (await make_person(database, "Participant E"), errors.Forbidden),
        (replace(made.participant, scopes=frozenset({"read", "moderate"})), errors.Forbidden),
    ):  # fmt: skip
        with pytest.raises(error):
            async with database.writing() as session:
                await deciding.take_away(session, actor, said.id, row.id, BECAUSE)
    with pytest.raises(errors.Invalid):
        async with database.writing() as session:
            await deciding.take_away(session, made.participant, said.id, row.id, NO_GROUNDS)
    async with database.writing() as session:
        await deciding.take_away(session, made.participant, said.id, row.id, BECAUSE)
    assert await public(database, said.id) == []
    shown = await logged(database, made)
    assert (shown.act, shown.role, shown.said.reason) == ("remove-translation", "author", BECAUSE.reason)
    assert await told(database, made) == [str(made.other.person)]


@pytest.mark.parametrize("act", ON_TRANSLATIONS)
async def test_only_moderators_decide(database: Database, act: str) -> None:
    made, said, row = await waiting(database)
    for actor, error in (
        (ANYONE, errors.Unauthenticated), (made.participant, errors.Forbidden), (made.other, errors.Forbidden),
        (replace(made.moderator, suspended=frozenset({made.id})), errors.Forbidden),
        (replace(made.moderator, scopes=frozenset({"read", "write"})), errors.Forbidden),
    ):  # fmt: skip
        with pytest.raises(error):
            await judge(database, made, act.removesuffix("-translation"), row, actor)
    with pytest.raises(errors.Invalid, match="Name the translation"):
        async with database.writing() as session:
            await deciding.VERBS[act](session, made.moderator, said.id, None, BECAUSE)
    row.contribution_id = (await say(database, made)).id
    with pytest.raises(errors.NotFound):
        await judge(database, made, act.removesuffix("-translation"), row)
    assert [each.status for each in await kept(database, said.id)] == ["waiting"]


async def test_they_are_none_of_the_acts_on_texts(database: Database) -> None:
    made, said, _row = await waiting(database)
    async with database.writing() as session:
        assert not set(await acts.possible(session, made.moderator, said.id)) & set(ON_TRANSLATIONS)
    assert not set(VERBS) & set(ON_TRANSLATIONS) and set(deciding.VERBS) == set(ON_TRANSLATIONS)
