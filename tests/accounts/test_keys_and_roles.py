"""API keys are shown once and limited by scope; roles are rows with who and when."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock, errors
from app.accounts.actions import grant_role, make_key, revoke_key, take_role_back
from app.accounts.actors import actor_of_key, actor_of_person
from app.accounts.keys import LONGEST, MOST, keys_of
from app.accounts.models import Key, Membership, Person
from app.database import Database
from app.permissions import ANYONE, OPERATOR, Actor, Thing, may
from tests.people import People, ServiceLog

pytestmark = pytest.mark.anyio


async def test_a_key_is_made_and_only_its_hash_kept(
    database: Database, registered: People, service_log: ServiceLog
) -> None:
    ana = await registered(name="Ana")
    async with database.writing() as session:
        key, secret = await make_key(session, ana, ana.person, " Research  mirror ", ["write", "read"])
        assert (key.name, key.scopes, key.person_id) == ("Research mirror", ["read", "write"], ana.person)
        listed = await keys_of(session, ana, ana.person)
    assert secret.startswith("plenary_")
    assert len(secret) > 50
    assert key.prefix == secret[:14] == listed[0].prefix
    assert secret not in repr(vars(key))
    entry = await service_log.last()
    assert (entry.kind, entry.subject) == ("key.made", key.id)
    assert entry.payload == {"person": str(ana.person), "scopes": ["read", "write"]}


@pytest.mark.parametrize(
    ("name", "scopes", "fields"),
    [("", ["read"], ["name"]), ("x" * 81, ["read"], ["name"]), ("\x00", ["read"], ["name"]), ("k", [], ["scopes"]),
     ("k", ["root"], ["scopes"]), ("", ["read", "root"], ["name", "scopes"])],
)  # fmt: skip
async def test_no_odd_key_is_made(
    database: Database, registered: People, name: str, scopes: list[str], fields: list[str]
) -> None:
    ana = await registered(name="Ana")
    async with database.writing() as session:
        with pytest.raises(errors.Invalid) as invalid:
            await make_key(session, ana, ana.person, name, scopes)
        assert list(invalid.value.fields) == fields


async def test_a_revoked_key_opens_nothing(database: Database, registered: People, service_log: ServiceLog) -> None:
    ana, ben = await registered(name="Ana"), await registered("ben@example.org", name="Ben")
    async with database.writing() as session:
        key, secret = await make_key(session, ana, ana.person, "k", ["read"])
    for actor in (ben, ANYONE):
        with pytest.raises(errors.NotFound):
            async with database.writing() as session:
                await revoke_key(session, actor, key.id)
    async with database.writing() as session:
        await revoke_key(session, ana, key.id)
        await revoke_key(session, ana, key.id)
        assert await actor_of_key(session, secret) is None
        assert await keys_of(session, ana, ana.person) == ()
    entry = await service_log.last()
    assert (entry.kind, entry.subject) == ("key.revoked", key.id)
    assert (await service_log.kinds()).count("key.revoked") == 1


async def test_a_key_grants_nothing_that_its_owner_lacks_or_has_lost(
    database: Database, registered: People, consultation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await registered(name="Ana")
    deciding = Thing(consultation)
    async with database.writing() as session:
        with pytest.raises(errors.Invalid, match="scopes"):
            await make_key(session, ana, ana.person, "k", ["read", "moderate"])
        await grant_role(session, OPERATOR, "ana@example.org", "moderator", consultation)
        moderator = await actor_of_person(session, ana.person)
        for last in (clock.now().date() - timedelta(days=1), clock.now().date() + LONGEST + timedelta(days=1)):
            with pytest.raises(errors.Invalid, match="expires"):
                await make_key(session, moderator, ana.person, "k", ["read"], last)
        last = clock.now().date() + timedelta(days=7)
        _key, secret = await make_key(session, moderator, ana.person, "k", ["moderate"], last)
        weak = replace(moderator, scopes=frozenset(("write",)))
        with pytest.raises(errors.Invalid, match="scopes"):
            await make_key(session, weak, ana.person, "k", ["moderate"])
    async with database.writing() as session:
        actor = await actor_of_key(session, secret)
        assert actor is not None and may(actor, "contribution.decide", deciding)
        await take_role_back(session, OPERATOR, "ana@example.org", "moderator", consultation)
    async with database.writing() as session:
        actor = await actor_of_key(session, secret)
        assert actor is not None and not may(actor, "contribution.decide", deciding)
        later = clock.now() + timedelta(days=8)
        monkeypatch.setattr("app.accounts.actors.clock.now", lambda: later)
        assert await actor_of_key(session, secret) is None
        (listed,) = await keys_of(session, ana, ana.person)
        assert (listed.expires, listed.expired) == (last, True)


async def test_nobody_makes_keys_for_another_except_the_operator(database: Database, registered: People) -> None:
    ana, ben = await registered(name="Ana"), await registered("ben@example.org", name="Ben")
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            await make_key(session, ben, ana.person, "k", ["read"])
        with pytest.raises(errors.Unauthenticated):
            await make_key(session, ANYONE, ana.person, "k", ["read"])
        reader = Actor(person=ana.person, complete=True, scopes=frozenset(("read",)))
        with pytest.raises(errors.Forbidden, match="scope"):
            await make_key(session, reader, ana.person, "k", ["moderate"])
        key, _secret = await make_key(session, OPERATOR, ana.person, "k", ["moderate"])
        assert key.person_id == ana.person


async def test_keys_in_use_are_limited(database: Database, registered: People) -> None:
    ana = await registered(name="Ana")
    async with database.writing() as session:
        made = [await make_key(session, ana, ana.person, f"k{number}", ["read"]) for number in range(MOST)]
        with pytest.raises(errors.Conflict):
            await make_key(session, ana, ana.person, "one more", ["read"])
        await revoke_key(session, ana, made[0][0].id)
        await make_key(session, ana, ana.person, "one more", ["read"])
        assert len((await session.scalars(select(Key))).all()) == MOST + 1


async def test_a_role_brings_an_account_where_there_is_none(
    database: Database, service_log: ServiceLog, consultation: UUID
) -> None:
    async with database.writing() as session:
        person = await grant_role(session, OPERATOR, " Moderator@Example.org ", "moderator", consultation)
        assert await session.scalar(select(Person.email)) == "moderator@example.org"
        actor = await actor_of_person(session, person)
        row = (await session.scalars(select(Membership))).one()
    assert actor.roles == {consultation: frozenset(("moderator",))}
    assert await service_log.kinds() == ["person.registered", "role.granted"]
    entry = await service_log.last()
    assert (entry.subject, entry.payload) == (
        row.id, {"person": str(person), "role": "moderator", "consultation": str(consultation)},
    )  # fmt: skip


async def test_a_role_is_held_once(database: Database, service_log: ServiceLog, consultation: UUID) -> None:
    async def grant() -> None:
        async with database.writing() as session:
            await grant_role(session, OPERATOR, "mo@example.org", "moderator", consultation)

    await asyncio.gather(*(grant() for _ in range(4)))
    assert (await service_log.kinds()).count("role.granted") == 1


async def test_a_role_taken_back_can_be_given_again(
    database: Database, registered: People, service_log: ServiceLog, consultation: UUID
) -> None:
    ana = await registered(name="Ana")
    async with database.writing() as session:
        await grant_role(session, OPERATOR, "ana@example.org", "rapporteur", consultation)
        assert await take_role_back(session, OPERATOR, "ana@example.org", "rapporteur", consultation) == ana.person
        assert (await actor_of_person(session, ana.person)).roles == {}
        for email, role in (
            ("ana@example.org", "rapporteur"),
            ("nobody@example.org", "rapporteur"),
            ("ana@example.org", "organiser"),
        ):
            with pytest.raises(errors.NotFound):
                await take_role_back(session, OPERATOR, email, role, consultation)
        await grant_role(session, OPERATOR, "ana@example.org", "rapporteur", consultation)
        rows = (await session.scalars(select(Membership).order_by(Membership.id))).all()
    assert [row.ended is None for row in rows] == [False, True]
    assert (await service_log.kinds())[-3:] == ["role.granted", "role.taken_back", "role.granted"]


async def test_organisers_grant_roles_where_they_organise(
    database: Database, registered: People, consultation: UUID
) -> None:
    ana = await registered(name="Ana")
    async with database.writing() as session:
        await grant_role(session, OPERATOR, "ana@example.org", "organiser", consultation)
        organiser = await actor_of_person(session, ana.person)
        ben = await grant_role(session, organiser, "ben@example.org", "moderator", consultation)
        granted = select(Membership.granted_by).where(Membership.person_id == ben)
        assert await session.scalar(granted) == ana.person
        moderator = await actor_of_person(session, ben)
        with pytest.raises(errors.Forbidden):
            await grant_role(session, organiser, "ben@example.org", "moderator", clock.new_id())
        with pytest.raises(errors.Forbidden):
            await grant_role(session, moderator, "eve@example.org", "organiser", consultation)
        with pytest.raises(errors.Unauthenticated):
            await grant_role(session, ANYONE, "eve@example.org", "organiser", consultation)


@pytest.mark.parametrize("role", ["suspended", "admin", ""])
async def test_no_odd_role_is_granted(
    database: Database, service_log: ServiceLog, consultation: UUID, role: str
) -> None:
    async with database.writing() as session:
        with pytest.raises(errors.Invalid):
            await grant_role(session, OPERATOR, "ana@example.org", role, consultation)
        with pytest.raises(errors.Invalid):
            await grant_role(session, OPERATOR, "no address", "moderator", consultation)
