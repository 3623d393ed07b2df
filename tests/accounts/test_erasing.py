"""What is held about people: theirs to take away, theirs to erase, and not kept longer than needed."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from app import clock, errors
from app.accounts import idempotency, limits
from app.accounts.actions import erase_account, grant_role, make_key
from app.accounts.actors import actor_of_key, actor_of_person, actor_of_session
from app.accounts.held import held_about
from app.accounts.models import Challenge, Idempotency, Key, Membership, Person, RateLimit, Session
from app.accounts.people import find_or_register
from app.accounts.purging import purge_expired
from app.accounts.sessions import start_session
from app.accounts.sign_in import ask_sign_in
from app.database import Database
from app.permissions import ANYONE, OPERATOR
from tests.people import People, ServiceLog, Someone

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ana(database: Database, registered: People, consultation: UUID) -> Someone:
    """Somebody with one of everything."""
    actor = await registered(name="Ana Secret", organisation="Secret Org", organisation_kind="union", byline="full")
    async with database.writing() as session:
        await start_session(session, actor.person, "Firefox on Linux")
        await make_key(session, actor, actor.person, "mirror", ["read"])
        await ask_sign_in(session, "ana@example.org", "browser")
        await grant_role(session, OPERATOR, "ana@example.org", "moderator", consultation)
        await idempotency.remember(session, actor.person, "key", b"hash")
    return actor


async def test_erasing_empties_the_person(database: Database, ana: Someone, service_log: ServiceLog) -> None:
    async with database.writing() as session:
        _session, token = await start_session(session, ana.person, "Safari")
        _key, secret = await make_key(session, ana, ana.person, "k", ["read"])
        await erase_account(session, ana, ana.person)
    async with database.writing() as session:
        row = (await session.scalars(select(Person))).one()
        assert (row.email, row.name, row.organisation_id, row.mandate, row.byline, row.consented) == (None,) * 6
        assert row.erased is not None
        for table in (Session, Key, Challenge, Idempotency):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        assert await session.scalar(select(func.count()).where(Membership.ended.is_(None))) == 0
        assert await actor_of_session(session, token) == await actor_of_person(session, ana.person) == ANYONE
        assert await actor_of_key(session, secret) is None
    entry = await service_log.last()
    assert (entry.kind, entry.subject, entry.payload) == ("account.erased", ana.person, {"person": str(ana.person)})


async def test_what_was_said_of_an_organisation_goes_with_who_said_it(
    database: Database, ana: Someone, registered: People
) -> None:
    ben = await registered("ben@example.org", name="Ben", organisation="Secret Org", organisation_kind="union")
    names = select(func.array_agg(Person.organisation_name))
    for person, left in ((ana, [None, "Secret Org"]), (ben, [None, None])):
        async with database.writing() as session:
            await erase_account(session, person, person.person)
            assert sorted(await session.scalar(names) or (), key=str) == left
    async with database.writing() as session:
        everything = await session.scalar(text("SELECT string_agg(people::text, ' ') FROM people"))
    assert "Secret" not in (everything or "") and "union" not in (everything or "")


async def test_erasing_twice_changes_nothing_and_the_address_is_free(
    database: Database, ana: Someone, service_log: ServiceLog
) -> None:
    async with database.writing() as session:
        await erase_account(session, OPERATOR, ana.person)
        await erase_account(session, OPERATOR, ana.person)
        person, new = await find_or_register(session, "ana@example.org")
        with pytest.raises(errors.NotFound):
            await erase_account(session, OPERATOR, clock.new_id())
    assert new
    assert person != ana.person
    assert (await service_log.kinds()).count("account.erased") == 1


async def test_nobody_erases_another(database: Database, ana: Someone, registered: People) -> None:
    ben = await registered("ben@example.org", name="Ben")
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            await erase_account(session, ben, ana.person)
        with pytest.raises(errors.Unauthenticated):
            await erase_account(session, ANYONE, ana.person)


async def test_no_log_holds_what_was_erased(database: Database, ana: Someone) -> None:
    async with database.writing() as session:
        await erase_account(session, ana, ana.person)
        logs = await session.scalar(text("SELECT string_agg(entries::text, ' ') FROM entries"))
    for secret in ("example.org", "Ana Secret", "Secret Org", "Firefox"):
        assert secret not in (logs or "")


async def test_people_can_take_away_what_is_held_about_them(
    database: Database, ana: Someone, consultation: UUID
) -> None:
    async with database.writing() as session:
        held = json.loads(json.dumps(await held_about(session, ana, ana.person)))
        with pytest.raises(errors.Unauthenticated):
            await held_about(session, ANYONE, ana.person)
    assert (held["email"], held["name"], held["organisation"]["name"]) == (
        "ana@example.org",
        "Ana Secret",
        "Secret Org",
    )
    assert [role["role"] for role in held["roles"]] == ["moderator"]
    assert held["roles"][0]["consultation"] == str(consultation)
    assert [len(held[name]) for name in ("sessions", "keys", "sign_ins_asked")] == [1, 1, 1]
    assert "hash" not in json.dumps(held)


async def test_what_is_over_is_purged(database: Database, ana: Someone) -> None:
    long_ago = clock.now() - timedelta(days=2)
    await limits.allow(database, "test", most=1, per_seconds=60)
    tables = (Session, Challenge, Idempotency, RateLimit)

    async def left() -> list[int]:
        async with database.writing() as session:
            await purge_expired(session)
            return [int(await session.scalar(select(func.count()).select_from(table)) or 0) for table in tables]

    assert await left() == [1, 1, 1, 1]
    async with database.writing() as session:
        await session.execute(update(Session).values(expires=long_ago))
        await session.execute(update(Challenge).values(expires=long_ago))
        await session.execute(update(Idempotency).values(created=long_ago))
        await session.execute(update(RateLimit).values(window=int(long_ago.timestamp())))
    assert await left() == [0, 0, 0, 0]
