"""Mandates: asked for by who claims one, answered by an organiser, and gone with the organisation or the account."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.accounts import mandates
from app.accounts.actions import change_profile, erase_account, grant_role
from app.accounts.held import held_about
from app.accounts.models import MandateClaim, Person
from app.accounts.profile_form import ProfileForm
from app.clock import new_id
from app.database import Database
from app.permissions import ANYONE, OPERATOR, Actor
from app.record.log import log_id
from app.record.models import Entry
from tests.making import Made, make, make_person

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def ask(database: Database, made: Made, actor: Actor | None = None, words: str = "Ask our office.") -> UUID:
    async with database.writing() as session:
        return (await mandates.ask(session, actor or made.participant, made.id, words)).id


async def answer(database: Database, made: Made, id: UUID, act: str, reason: str = "", by: Actor | None = None) -> None:
    async with database.writing() as session:
        await mandates.answer(session, by or made.organiser, made.id, id, act, reason)


async def mandate_of(database: Database, actor: Actor) -> str | None:
    async with database.writing() as session:
        return await session.scalar(select(Person.mandate).where(Person.id == actor.person))


async def claims(database: Database) -> list[MandateClaim]:
    async with database.writing() as session:
        return list(await session.scalars(select(MandateClaim).order_by(MandateClaim.id)))


async def told(database: Database, made: Made) -> list[tuple[str, dict[str, Any]]]:
    """What the staff log says of mandates."""
    async with database.writing() as session:
        query = select(Entry.kind, Entry.payload).where(Entry.record_id == log_id("staff", made.id))
        rows = await session.execute(query.where(Entry.kind.startswith("mandate.")).order_by(Entry.seq))
        return [(row.kind, row.payload) for row in rows]


async def test_asked_confirmed_and_kept_with_who_when_and_how(database: Database, made: Made) -> None:
    id = await ask(database, made)
    await answer(database, made, id, "confirm")
    assert await mandate_of(database, made.participant) == "confirmed"
    [claim] = await claims(database)
    assert (claim.outcome, claim.how, claim.decided_by, claim.words) == (
        "confirmed", "organiser", made.organiser.person, "Ask our office.",
    )  # fmt: skip
    assert claim.organisation_name == "Sample network" and claim.decided is not None and claim.ended is None
    person = {"person": str(made.participant.person)}
    assert await told(database, made) == [
        ("mandate.asked", person), ("mandate.confirmed", person | {"how": "organiser"}),
    ]  # fmt: skip
    with pytest.raises(errors.Conflict, match="confirmed already"):
        await ask(database, made)
    for act in ("confirm", "decline"):
        with pytest.raises(errors.Conflict, match="answered"):
            await answer(database, made, id, act, "Because.")


async def test_declined_with_a_reason_and_asked_again(database: Database, made: Made) -> None:
    id = await ask(database, made)
    with pytest.raises(errors.Conflict, match="asked already"):
        await ask(database, made)
    for reason in ("", " \u200b", "x" * 1_001, "\x00"):
        with pytest.raises(errors.Invalid):
            await answer(database, made, id, "decline", reason)
    await answer(database, made, id, "decline", "Nobody there knows you.")
    assert await mandate_of(database, made.participant) == "claimed"
    assert (await claims(database))[0].reason == "Nobody there knows you."
    await ask(database, made)
    assert [kind for kind, _payload in await told(database, made)] == [
        "mandate.asked", "mandate.declined", "mandate.asked",
    ]  # fmt: skip


async def test_ended_by_an_organiser(database: Database, made: Made) -> None:
    id = await ask(database, made)
    with pytest.raises(errors.Conflict, match="not confirmed"):
        await answer(database, made, id, "end", "Too early.")
    await answer(database, made, id, "confirm")
    with pytest.raises(errors.Invalid):
        await answer(database, made, id, "end")
    await answer(database, made, id, "end", "They have left it.")
    assert await mandate_of(database, made.participant) == "claimed"
    [claim] = await claims(database)
    assert claim.ended is not None and (claim.ended_by, claim.reason) == (made.organiser.person, "They have left it.")
    assert (await told(database, made))[-1][0] == "mandate.ended"
    with pytest.raises(errors.Conflict):
        await answer(database, made, id, "end", "Again.")


async def test_taken_back_while_it_waits(database: Database, made: Made) -> None:
    id = await ask(database, made)
    async with database.writing() as session:
        for stranger, error in ((made.other, errors.NotFound), (ANYONE, errors.Unauthenticated)):
            with pytest.raises(error):
                await mandates.take_back(session, stranger, made.id, id)
        with pytest.raises(errors.NotFound):
            await mandates.take_back(session, made.participant, new_id(), id)
        await mandates.take_back(session, made.participant, made.id, id)
    assert await claims(database) == [] and (await told(database, made))[-1][0] == "mandate.taken_back"
    with pytest.raises(errors.NotFound):
        await answer(database, made, id, "confirm")
    id = await ask(database, made)
    await answer(database, made, id, "confirm")
    async with database.writing() as session:
        with pytest.raises(errors.Conflict):
            await mandates.take_back(session, made.participant, made.id, id)


async def test_who_may_not_ask(database: Database, made: Made) -> None:
    for actor, error in ((ANYONE, errors.Unauthenticated), (made.other, errors.Conflict)):
        with pytest.raises(error):
            await ask(database, made, actor)
    for words in ("x" * 1_001, "\x00", "e" + "\u0301" * 99):
        with pytest.raises(errors.Invalid):
            await ask(database, made, words=words)
    assert await claims(database) == []


async def test_who_may_not_answer(database: Database, made: Made) -> None:
    id = await ask(database, made)
    elsewhere = await make_person(database, "Organiser E", consultation=new_id(), role="organiser")
    refused = (made.participant, made.other, made.moderator, elsewhere)
    for act in mandates.ACTS:
        for actor in refused:
            with pytest.raises(errors.Forbidden):
                await answer(database, made, id, act, "Because.", by=actor)
        with pytest.raises(errors.Unauthenticated):
            await answer(database, made, id, act, "Because.", by=ANYONE)
    async with database.writing() as session:
        with pytest.raises(errors.NotFound):  # under another consultation's address
            await mandates.confirm(session, elsewhere, next(iter(elsewhere.roles)), id)
        with pytest.raises(errors.Invalid):
            await mandates.answer(session, made.organiser, made.id, id, "crown")
    assert await mandate_of(database, made.participant) == "claimed"


async def test_nobody_confirms_their_own_nor_appoints_themselves(database: Database, made: Made) -> None:
    own = await make_person(
        database, "Organiser F", organisation="Sample union", consultation=made.id, role="organiser"
    )
    id = await ask(database, made, own)
    with pytest.raises(errors.Forbidden, match="Another organiser"):
        await answer(database, made, id, "confirm", by=own)
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden, match="Another organiser"):
            await grant_role(session, own, "organiser-f@example.org", "moderator", made.id)
        await grant_role(session, own, "organiser-d@example.org", "moderator", made.id)
    await answer(database, made, id, "confirm")
    assert await mandate_of(database, own) == "confirmed"


SAME = {
    "organisation": "Sample network", "organisation_kind": "diaspora", "organisation_country": "PH",
    "capacity": "organisation",
}  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"organisation": "Sample union"}, {"organisation_country": "ES"}, {"capacity": "personal"},
        {"organisation": None, "capacity": "personal"},
    ],
)  # fmt: skip
async def test_it_ends_with_what_was_said_of_the_organisation(
    database: Database, made: Made, changed: dict[str, Any]
) -> None:
    async def save(**fields: Any) -> None:
        async with database.writing() as session:
            await change_profile(session, made.participant, ProfileForm(name="Participant A", **(SAME | fields)))

    id = await ask(database, made)
    await save()
    assert [claim.id for claim in await claims(database)] == [id]
    await save(**changed)
    assert await claims(database) == []
    await save()
    await answer(database, made, await ask(database, made), "confirm")
    await save()
    assert await mandate_of(database, made.participant) == "confirmed"
    await save(**changed)
    assert await mandate_of(database, made.participant) != "confirmed"
    [claim] = await claims(database)
    assert claim.ended is not None and claim.ended_by == made.participant.person


async def test_one_can_take_it_away_and_it_goes_with_the_account(database: Database, made: Made) -> None:
    await answer(database, made, await ask(database, made), "confirm")
    second = await make_person(database, "Participant G", organisation="Sample union")
    await answer(database, made, await ask(database, made, second), "decline", "Nobody there knows you.")
    assert made.participant.person is not None and made.organiser.person is not None
    async with database.writing() as session:
        held = await held_about(session, made.participant, made.participant.person)
        assert [(each["outcome"], each["words"]) for each in held["mandates"]] == [("confirmed", "Ask our office.")]
        await erase_account(session, made.participant, made.participant.person)
        await erase_account(session, OPERATOR, made.organiser.person)
    [claim] = await claims(database)
    assert (claim.person_id, claim.decided_by, claim.outcome) == (second.person, None, "declined")
