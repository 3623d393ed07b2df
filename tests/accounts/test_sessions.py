"""Signed-in browsers, and who acts in them: one query, prolonged once an hour."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app import clock, errors
from app.accounts import sessions
from app.accounts.actions import complete_profile, grant_role, make_key, take_role_back
from app.accounts.actors import STRANGER, actor_of_key, actor_of_person, actor_of_session, visitor_of_session
from app.accounts.models import Key, Membership, Session
from app.accounts.profile_form import ProfileForm
from app.accounts.sessions import device_of, end_all_other_sessions, end_session, sessions_of, start_session
from app.database import Database
from app.permissions import ANYONE, OPERATOR, Actor
from tests.counting import counted
from tests.people import People, ServiceLog, Someone, someone

pytestmark = pytest.mark.anyio


async def sign_in(database: Database, actor: Someone, device: str = "Firefox on Linux") -> tuple[Someone, str]:
    async with database.writing() as session:
        _id, token = await start_session(session, actor.person, device)
        return someone(await actor_of_session(session, token)), token


async def test_a_session_tells_who_acts(database: Database, registered: People, service_log: ServiceLog) -> None:
    person = await registered(name="Ana", language="es", time_zone="America/Lima")
    actor, token = await sign_in(database, person)
    assert (actor.person, actor.complete, actor.scopes, actor.roles) == (person.person, True, None, {})
    assert actor.session is not None
    entry = await service_log.last()
    assert (entry.kind, entry.subject, entry.payload) == (
        "session.started",
        actor.session,
        {"person": str(person.person)},
    )
    async with database.at_once() as connection:
        visitor = await visitor_of_session(connection, token)
    assert (visitor.name, visitor.language, visitor.time_zone) == ("Ana", "es", "America/Lima")


@pytest.mark.parametrize("token", [None, "", "x", "\ud800", "a" * 100_000])
async def test_a_token_of_nobody_is_a_stranger(database: Database, token: str | None) -> None:
    async with database.at_once() as connection:
        assert await visitor_of_session(connection, token) == STRANGER
        assert await actor_of_session(connection, token) == ANYONE


async def test_the_token_itself_is_not_stored(database: Database, registered: People) -> None:
    _actor, token = await sign_in(database, await registered())
    async with database.writing() as session:
        row = (await session.scalars(select(Session))).one()
    assert token.encode() not in row.token_hash
    assert len(row.token_hash) == 32


async def test_who_acts_is_one_query(database: Database, registered: People, consultation: UUID) -> None:
    person = await registered(name="Ana")
    await grant(database, consultation, "moderator")
    _actor, token = await sign_in(database, person)
    async with counted(database) as queries, database.recognising() as driver:
        await actor_of_session(driver, token)
    assert len(queries) == 1


async def grant(database: Database, consultation: UUID, *roles: str) -> None:
    async with database.writing() as session:
        for role in roles:
            await grant_role(session, OPERATOR, "ana@example.org", role, consultation)


async def test_roles_and_suspensions_are_those_of_now(
    database: Database, registered: People, consultation: UUID
) -> None:
    person = await registered(name="Ana")
    elsewhere, earlier = clock.new_id(), clock.new_id()
    await grant(database, consultation, "moderator", "rapporteur")
    async with database.writing() as session:
        for email in ("ana@example.org", "ben@example.org"):
            await grant_role(session, OPERATOR, email, "organiser", elsewhere)
        await take_role_back(session, OPERATOR, "ana@example.org", "organiser", elsewhere)
        for where, until in ((elsewhere, timedelta(days=1)), (earlier, -timedelta(days=1))):
            session.add(
                Membership(person_id=person.person, consultation_id=where, role="suspended", until=clock.now() + until)
            )
    actor, _token = await sign_in(database, person)
    assert actor.roles == {consultation: frozenset(("moderator", "rapporteur"))}
    assert actor.suspended == frozenset((elsewhere,))
    async with database.writing() as session:
        assert (await actor_of_person(session, person.person)).roles == actor.roles


async def test_a_session_slides_at_most_once_an_hour(database: Database, registered: People) -> None:
    actor, token = await sign_in(database, await registered())

    async def seen_after(ago: timedelta) -> tuple[timedelta, timedelta]:
        moment = clock.now() - ago
        async with database.at_once() as connection:
            await connection.execute(update(Session).values(seen=moment, expires=moment + sessions.LASTS))
            assert (await actor_of_session(connection, token)).person == actor.person
            row = (await connection.execute(select(Session.seen, Session.expires))).one()
        return clock.now() - row.seen, row.expires - row.seen

    ago, lasts = await seen_after(timedelta(minutes=59))
    assert ago > timedelta(minutes=58)
    ago, lasts = await seen_after(timedelta(minutes=61))
    assert ago < timedelta(minutes=1)
    assert lasts == timedelta(days=90)


async def test_a_session_ends_ninety_days_after_its_last_use(database: Database, registered: People) -> None:
    _actor, token = await sign_in(database, await registered())
    async with database.at_once() as connection:
        await connection.execute(update(Session).values(expires=clock.now()))
        assert await actor_of_session(connection, token) == ANYONE


async def test_signing_out_is_for_good(database: Database, registered: People, service_log: ServiceLog) -> None:
    actor, token = await sign_in(database, await registered())
    async with database.writing() as session:
        await end_session(session, actor, actor.session)
        await end_session(session, actor, actor.session)  # a double click
        assert await actor_of_session(session, token) == ANYONE
    entry = await service_log.last()
    assert (entry.kind, entry.subject) == ("session.ended", actor.session)
    assert (await service_log.kinds()).count("session.ended") == 1


async def test_nobody_ends_the_session_of_another(
    database: Database, registered: People, service_log: ServiceLog
) -> None:
    ana, token = await sign_in(database, await registered())
    ben, _token = await sign_in(database, await registered("ben@example.org"))
    for actor in (ben, ANYONE):
        with pytest.raises(errors.NotFound):
            async with database.writing() as session:
                await end_session(session, actor, ana.session)
    async with database.at_once() as connection:
        assert (await actor_of_session(connection, token)).person == ana.person
        with pytest.raises(errors.Forbidden):
            await sessions_of(connection, ben, ana.person)


async def test_all_other_browsers_can_be_signed_out(
    database: Database, registered: People, service_log: ServiceLog
) -> None:
    person = await registered()
    others = [await sign_in(database, person, f"browser {number}") for number in range(3)]
    actor, token = await sign_in(database, person, "this one")
    _ben, bens = await sign_in(database, await registered("ben@example.org"))
    async with database.writing() as session:
        listed = await sessions_of(session, actor, actor.person)
        assert [each.device for each in listed if each.current] == ["this one"]
        assert len(listed) == 4
        assert await end_all_other_sessions(session, actor) == 3
        assert [await actor_of_session(session, token) for _actor, token in others] == [ANYONE] * 3
        assert [each.current for each in await sessions_of(session, actor, actor.person)] == [True]
        assert (await actor_of_session(session, token)).person == person.person
        assert (await actor_of_session(session, bens)).person is not None
    assert (await service_log.kinds()).count("session.ended") == 3


async def test_a_key_acts_within_its_scopes(database: Database, registered: People) -> None:
    person = await registered(name="Ana")
    async with database.writing() as session:
        _key, secret = await make_key(session, person, person.person, "mirror", ["read"])
    async with database.at_once() as connection:
        actor = await actor_of_key(connection, secret)
        assert actor == Actor(person=person.person, complete=True, scopes=frozenset(("read",)))
        used = await connection.scalar(select(Key.used))
        assert used == clock.now().date()
        await actor_of_key(connection, secret)
        assert await connection.scalar(select(Key.used)) == used  # the day, and no moment
        for no_key in ("", secret[:-1], "plenary_", "\ud800"):
            assert await actor_of_key(connection, no_key) is None


async def test_without_name_and_consent_nobody_is_complete(database: Database, registered: People) -> None:
    actor, token = await sign_in(database, await registered())
    assert not actor.complete
    async with database.writing() as session:
        await complete_profile(session, actor, ProfileForm(name="Ana"), consents=True)
        assert (await actor_of_session(session, token)).complete


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "Firefox on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605.1.15 Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36", "Chrome on Linux"),
        ("curl/8.0", "A browser"), (None, "A browser"), ("\x00" * 100_000, "A browser"),
    ],
)  # fmt: skip
async def test_devices_have_names_that_people_know(agent: str | None, device: str) -> None:
    assert device_of(agent) == device
