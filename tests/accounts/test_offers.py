"""Offers of roles: sent to an address, taken on by who has it and nobody else, listed as they agree, and gone again."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from app import clock, errors, record
from app.accounts import offers, team
from app.accounts.actions import erase_account
from app.accounts.actors import actor_of_person
from app.accounts.held import held_about
from app.accounts.models import Membership, RoleOffer, TeamMember
from app.accounts.private_consultations import make_private
from app.accounts.purging import purge_expired
from app.consultations.offering import offer_role
from app.database import Database
from app.permissions import ANYONE, OPERATOR, Actor
from app.record.log import log_id
from app.record.models import Entry
from tests.making import AFTER, Made, make, make_person

pytestmark = pytest.mark.anyio
TO = "participant-a@example.org"


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def offered(database: Database, made: Made, email: str = TO, role: str = "moderator", **more: Any) -> UUID:
    async with database.writing() as session:
        return await offer_role(session, more.pop("by", made.organiser), made.id, email, role, **more)


def token_of(id: UUID) -> str:
    return offers.link_path(id).rsplit("/", 1)[1]


async def accepted(database: Database, actor: Actor, id: UUID, listing: str = "full") -> UUID:
    async with database.writing() as session:
        return (await offers.accept(session, actor, id, token_of(id), listing)).id


async def now(database: Database, actor: Actor) -> Actor:
    """The same person with the roles of this moment."""
    assert actor.person is not None
    async with database.writing() as session:
        return await actor_of_person(session, actor.person)


async def entries(database: Database, made: Made, begins: str = "role.") -> list[str]:
    """What the service log says of roles, then what the public one says of the team."""
    async with database.writing() as session:
        query = select(Entry.kind, Entry.payload).order_by(Entry.seq)
        told = await session.execute(query.where(Entry.record_id == log_id("service", None)))
        public = await session.execute(query.where(Entry.record_id == log_id("public", made.id)))
        changed = [row.payload["changed"] for row in public if row.kind == "consultation.updated"]
        return [row.kind for row in told if row.kind.startswith(begins)] + [
            "team" for each in changed if each == ["team"]
        ]


async def listed(database: Database) -> list[tuple[str, str | None, str | None]]:
    async with database.reading() as connection:  # as the public reads it
        rows = await connection.execute(select(TeamMember.role, TeamMember.name, TeamMember.organisation))
        return [(row.role, row.name, row.organisation) for row in rows]


async def test_a_whole_life(database: Database, made: Made) -> None:
    id = await offered(database, made, topic=AFTER, language="fr")
    assert (await now(database, made.participant)).topics == {}
    membership = await accepted(database, made.participant, id)
    actor = await now(database, made.participant)
    [(topic, roles)] = actor.topics[made.id].items()
    assert (actor.roles, roles, actor.desk(made.id)) == ({}, frozenset({"moderator"}), frozenset({topic}))
    assert await listed(database) == [("moderator", "Participant A", "Sample network")]
    async with database.writing() as session:
        offer = await session.get_one(RoleOffer, id)
        assert (offer.outcome, offer.email, offer.language) == ("accepted", None, "fr")
        held = await session.get_one(Membership, membership)
        assert held.granted_by == made.organiser.person and held.topic_id == topic
    async with database.writing() as session:
        await team.list_as(session, actor, membership, "organisation")
    assert await listed(database) == [("moderator", None, "Sample network")]
    async with database.writing() as session:
        await team.leave(session, actor, membership)
    assert await listed(database) == [] and (await now(database, made.participant)).topics == {}
    told = ["role.offered", "role.granted", "role.taken_back"]
    assert await entries(database, made) == [*told, "team", "team", "team"]
    with pytest.raises(errors.Gone):
        await accepted(database, made.participant, id)


async def test_nothing_is_granted_to_anybody_else(database: Database, made: Made) -> None:
    id = await offered(database, made)
    new = await make_person(database, "Participant N")
    for actor, error in ((ANYONE, errors.Unauthenticated), (made.other, errors.Forbidden), (new, errors.Forbidden),
                         (made.organiser, errors.Forbidden)):  # fmt: skip
        with pytest.raises(error):
            await accepted(database, actor, id)
    async with database.writing() as session:
        for token in ("", "x" * 64, "\ud800", token_of(made.id)):
            with pytest.raises(errors.NotFound):
                await offers.accept(session, made.participant, id, token, "full")
            with pytest.raises(errors.NotFound):
                await offers.decline(session, id, token)
        for listing in ("", "everywhere", "\x00"):
            with pytest.raises(errors.Invalid):
                await offers.accept(session, made.participant, id, token_of(id), listing)
    assert (await now(database, made.participant)).roles == {} and await listed(database) == []
    assert await entries(database, made) == ["role.offered"]


async def test_who_may_not_offer_and_what_is_no_offer(database: Database, made: Made) -> None:
    elsewhere = await make_person(database, "Organiser E", consultation=clock.new_id(), role="organiser")
    for actor in (made.participant, made.moderator, elsewhere):
        with pytest.raises(errors.Forbidden):
            await offered(database, made, by=actor)
    with pytest.raises(errors.Unauthenticated):
        await offered(database, made, by=ANYONE)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("email", {"email": "nobody"}), ("email", {"email": "\x00@example.org"}), ("role", {"role": "queen"}),
        ("email", {"email": " ORGANISER-D@example.org"}), ("topic", {"topic": "none"}),
        ("topic", {"role": "organiser", "topic": AFTER}), ("role", {"role": "participant"}),
        ("email", {"email": "moderator-c@example.org"}),
        ("email", {"email": "moderator-c@example.org", "topic": AFTER}),
    ]  # fmt: skip
    for field, given in wrong:
        with pytest.raises(errors.Invalid) as caught:
            await offered(database, made, **given)
        assert list(caught.value.fields) == [field], given
    await offered(database, made)
    with pytest.raises(errors.Invalid, match="already"):
        await offered(database, made, email=TO.upper())
    assert await entries(database, made) == ["role.offered"]


async def test_declined_taken_back_and_over(database: Database, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    declined, gone, late = [await offered(database, made, f"p{n}@example.org") for n in range(3)]
    async with database.writing() as session:
        await offers.decline(session, declined, token_of(declined))
        with pytest.raises(errors.Forbidden):
            await offers.take_back(session, made.moderator, made.id, gone)
        with pytest.raises(errors.NotFound):
            await offers.take_back(session, made.organiser, made.id, clock.new_id())
        await offers.take_back(session, made.organiser, made.id, gone)
        await session.execute(update(RoleOffer).where(RoleOffer.id == late).values(expires=clock.now()))
    for id in (declined, gone, late):
        async with database.writing() as session:
            with pytest.raises(errors.Gone):
                await offers.decline(session, id, token_of(id))
    async with database.writing() as session:
        await purge_expired(session)
        addresses = select(RoleOffer.email).order_by(RoleOffer.id)
        assert (await session.scalars(addresses)).all() == ["p0@example.org", None, None]
    assert await entries(database, made) == ["role.offered"] * 3 + ["role.declined", "role.withdrawn"]
    await offered(database, made, "p2@example.org")
    monkeypatch.setattr(offers, "MOST_WAITING", 1)
    with pytest.raises(errors.Invalid, match="1 offers wait"):
        await offered(database, made, "p3@example.org")


async def test_taken_back_by_another_organiser(database: Database, made: Made) -> None:
    membership = await accepted(database, made.participant, await offered(database, made), "none")
    async with database.writing() as session:
        for actor in (made.moderator, await now(database, made.participant)):
            with pytest.raises(errors.Forbidden):
                await team.revoke(session, actor, made.id, membership)
        other = clock.new_id()
        elsewhere = Actor(clock.new_id(), complete=True, roles={other: frozenset({"organiser"})})
        with pytest.raises(errors.NotFound):  # under another consultation's address
            await team.revoke(session, elsewhere, other, membership)
        with pytest.raises(errors.Invalid):
            await team.revoke(session, made.organiser, made.id, membership, "x" * 1_001)
        with pytest.raises(errors.NotFound):
            await team.leave(session, made.other, membership)
        await team.revoke(session, made.organiser, made.id, membership, "We have enough.")
        held = await session.get_one(Membership, membership)
        assert (held.ended_by, held.reason) == (made.organiser.person, "We have enough.") and held.ended is not None
        with pytest.raises(errors.NotFound):
            await team.revoke(session, made.organiser, made.id, membership)
        assert made.participant.person is not None
        [role] = (await held_about(session, made.participant, made.participant.person))["roles"]
        assert role["reason"] == "We have enough."
    assert await entries(database, made) == ["role.offered", "role.granted", "role.taken_back"]


async def test_the_last_organiser_stays(database: Database, made: Made) -> None:
    async with database.writing() as session:
        mine = await session.scalar(select(Membership.id).where(Membership.person_id == made.organiser.person))
    assert mine is not None and made.organiser.person is not None
    for again in range(2):
        async with database.writing() as session:
            with pytest.raises(errors.Conflict, match="Appoint another organiser first"):
                await team.leave(session, made.organiser, mine)
            with pytest.raises(errors.Conflict, match="Appoint another organiser first"):
                await erase_account(session, made.organiser, made.organiser.person)
            with pytest.raises(errors.Forbidden, match="Another organiser"):
                await team.revoke(session, made.organiser, made.id, mine)
        if not again:  # to appoint is not enough: the role has to be taken on
            id = await offered(database, made, role="organiser")
    await accepted(database, made.participant, id, "none")
    async with database.writing() as session:
        await team.leave(session, made.organiser, mine)
    with pytest.raises(errors.Forbidden):
        await offered(database, made, by=await now(database, made.organiser))


async def test_all_of_it_goes_with_the_account(database: Database, made: Made) -> None:
    second = await make_person(database, "Organiser F", consultation=made.id, role="organiser")
    await accepted(database, made.participant, await offered(database, made, by=second))
    await offered(database, made, role="rapporteur")
    async with database.writing() as session:
        for actor in (made.participant, second):
            assert actor.person is not None
            await erase_account(session, actor, actor.person)
    assert await listed(database) == []
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).where(RoleOffer.email.is_not(None))) == 0
        assert await session.scalar(select(RoleOffer.offered_by)) is None
    assert (await entries(database, made))[-2:] == ["team", "team"]
    with pytest.raises(errors.Unauthenticated):
        await accepted(database, await now(database, made.participant), await offered(database, made, by=OPERATOR))


async def test_into_a_private_consultation_people_are_invited(database: Database, made: Made) -> None:
    async with database.writing() as session:
        await make_private(session, made.id, "invited", made.organiser.person)
    actor = await now(database, made.participant)
    assert actor.shut_out == {made.id}
    id = await offered(database, made, role="participant")
    with pytest.raises(errors.Forbidden):
        await accepted(database, await now(database, made.other), id)
    await accepted(database, actor, id)
    assert (await now(database, made.participant)).admitted == {made.id}
    assert await listed(database) == []
    second = await offered(database, made, "participant-b@example.org", topic=AFTER)
    await accepted(database, await now(database, made.other), second, "none")  # a role for one topic admits, too
    assert (await now(database, made.other)).admitted == {made.id}


async def test_who_is_named_in_an_archived_consultation_may_leave(database: Database, made: Made) -> None:
    membership = await accepted(database, made.participant, await offered(database, made))
    async with database.writing() as session:
        await record.seal(session, made.id, clock.now())
    async with database.writing() as session:
        await team.leave(session, made.participant, membership)
    assert await listed(database) == []
