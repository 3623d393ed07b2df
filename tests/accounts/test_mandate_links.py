"""Asking the organisation itself: the link works once, for a time, and only the newest; the address goes with it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app import errors
from app.accounts import mandate_links, mandates
from app.accounts.models import MandateClaim, Person
from app.accounts.purging import purge_expired
from app.clock import new_id, now
from app.database import Database
from app.permissions import ANYONE
from app.record.log import log_id
from app.record.models import Entry
from tests.making import Made, make, make_person

pytestmark = pytest.mark.anyio
OFFICE = "office@sample.example"


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def passed_on(database: Database, made: Made, id: UUID | None = None) -> tuple[UUID, str]:
    """A request that the organiser has passed on (again), and the secret part of the link."""
    async with database.writing() as session:
        id = id or (await mandates.ask(session, made.participant, made.id)).id
        claim = await mandate_links.pass_on(session, made.organiser, made.id, id, f" {OFFICE.upper()}", "fr")
        return id, mandate_links.link_path(id, claim.letters).rpartition("/")[2]


async def answer(database: Database, id: UUID, token: str, *, yes: bool = True) -> None:
    async with database.writing() as session:
        await mandate_links.answer_link(session, id, token, yes=yes)


async def claim_of(database: Database, id: UUID) -> MandateClaim:
    async with database.writing() as session:
        return (await session.scalars(select(MandateClaim).where(MandateClaim.id == id))).one()


@pytest.mark.parametrize(
    ("yes", "outcome", "mandate"), [(True, "confirmed", "confirmed"), (False, "declined", "claimed")]
)
async def test_the_organisation_answers_once(
    database: Database, made: Made, yes: bool, outcome: str, mandate: str
) -> None:
    id, token = await passed_on(database, made)
    claim = await claim_of(database, id)
    assert (claim.email, claim.language) == (OFFICE, "fr") and claim.decided is None
    await answer(database, id, token, yes=yes)
    claim = await claim_of(database, id)
    assert (claim.outcome, claim.how, claim.decided_by, claim.email) == (outcome, "organisation", None, None)
    async with database.writing() as session:
        assert await session.scalar(select(Person.mandate).where(Person.id == made.participant.person)) == mandate
        query = select(Entry.kind, Entry.payload).where(Entry.record_id == log_id("staff", made.id))
        log = (await session.execute(query.order_by(Entry.seq))).all()
    assert [row.kind for row in log] == ["mandate.asked", "mandate.passed_on", f"mandate.{outcome}"]
    assert log[-1].payload == {"person": str(made.participant.person), "how": "organisation"}
    assert OFFICE not in str(log)
    with pytest.raises(errors.Gone):
        await answer(database, id, token, yes=not yes)


async def test_links_that_do_nothing(database: Database, made: Made) -> None:
    id, first = await passed_on(database, made)
    _id, second = await passed_on(database, made, id)
    for token in ("", "0" * 64, "é", second[:-1] + ("0" if second[-1] != "0" else "1")):
        with pytest.raises(errors.NotFound):
            await answer(database, id, token)
    with pytest.raises(errors.NotFound):
        await answer(database, new_id(), second)
    with pytest.raises(errors.Gone):
        await answer(database, id, first)
    async with database.writing() as session:
        await session.execute(update(MandateClaim).values(expires=now() - timedelta(seconds=1)))
        await purge_expired(session)
    with pytest.raises(errors.Gone):
        await answer(database, id, second)
    claim = await claim_of(database, id)
    assert claim.email is None and claim.decided is None
    _id, third = await passed_on(database, made, id)
    async with database.writing() as session:
        await mandates.take_back(session, made.participant, made.id, id)
    with pytest.raises(errors.Gone):
        await answer(database, id, third)


async def test_an_organisers_answer_ends_the_link(database: Database, made: Made) -> None:
    id, token = await passed_on(database, made)
    async with database.writing() as session:
        await mandates.decline(session, made.organiser, made.id, id, "Its office called.")
    with pytest.raises(errors.Gone):
        await answer(database, id, token)
    claim = await claim_of(database, id)
    assert (claim.how, claim.email) == ("organiser", None)
    with pytest.raises(errors.Conflict):
        await passed_on(database, made, id)


async def test_who_may_not_pass_it_on_and_to_whom(database: Database, made: Made) -> None:
    async with database.writing() as session:
        id = (await mandates.ask(session, made.participant, made.id)).id

    async def attempt(actor: object, email: str = OFFICE) -> None:
        async with database.writing() as session:
            await mandate_links.pass_on(session, actor, made.id, id, email, None)  # type: ignore[arg-type]

    for actor in (made.participant, made.moderator, made.other):
        with pytest.raises(errors.Forbidden):
            await attempt(actor)
    with pytest.raises(errors.Unauthenticated):
        await attempt(ANYONE)
    for email in ("", "x", "a@b", "\x00@example.org", "Participant-A@example.org"):
        with pytest.raises(errors.Invalid):
            await attempt(made.organiser, email)
    for _each in range(mandate_links.MOST_LETTERS):
        await attempt(made.organiser)
    with pytest.raises(errors.Conflict, match="which is the most"):
        await attempt(made.organiser)
    own = await make_person(
        database, "Organiser F", organisation="Sample union", consultation=made.id, role="organiser"
    )
    async with database.writing() as session:
        claim = await mandates.ask(session, own, made.id)
        with pytest.raises(errors.Forbidden):
            await mandate_links.pass_on(session, own, made.id, claim.id, OFFICE, None)
