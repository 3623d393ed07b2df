"""Signing in by mail: codes and links are good once, for ten minutes, in the right browser."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from app import clock, errors
from app.accounts import tokens
from app.accounts.actors import visitor_of_session
from app.accounts.models import Challenge, Person
from app.accounts.sign_in import (
    NotSignedIn,
    SignedIn,
    ask_sign_in,
    letter_for,
    link_path,
    peek_link,
    printed_link,
    sign_in_with_code,
    sign_in_with_link,
)
from app.config import settings
from app.database import Database
from tests.people import People, ServiceLog

pytestmark = pytest.mark.anyio

BROWSER, OTHER = "the browser that asked", "another one"


async def ask(database: Database, email: str = "ana@example.org", **more: str) -> Challenge:
    async with database.writing() as session:
        return await ask_sign_in(session, email, BROWSER, **more)


async def enter(
    database: Database, challenge: Challenge, code: str, browser: str | None = BROWSER, link_token: str | None = None
) -> SignedIn | NotSignedIn:
    async with database.writing() as session:
        return await sign_in_with_code(session, challenge.id, code, browser, "Firefox", link_token)


async def follow(
    database: Database, challenge: Challenge, browser: str | None = BROWSER, token: str | None = None
) -> SignedIn | NotSignedIn:
    async with database.writing() as session:
        token = tokens.link_token_of(challenge.id) if token is None else token
        return await sign_in_with_link(session, challenge.id, token, browser, "Firefox")


async def expire(database: Database, challenge: Challenge) -> None:
    async with database.writing() as session:
        await session.execute(update(Challenge).where(Challenge.id == challenge.id).values(expires=clock.now()))


def wrong(challenge: Challenge) -> str:
    return f"{(int(tokens.code_of(challenge.id)) + 1) % 10**6:06}"


async def test_asking_leaves_an_entry_without_the_address(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(
        database, " Ana@Example.ORG ", language="ar-EG", onward="/c/mayoral-forum-2016/contribute?topic=x"
    )
    assert (challenge.email, challenge.language) == ("ana@example.org", "ar")
    assert challenge.onward == "/c/mayoral-forum-2016/contribute?topic=x"
    assert challenge.expires - challenge.created == timedelta(minutes=10)
    entry = await service_log.last()
    assert (entry.kind, entry.subject, entry.payload) == ("sign_in.asked", challenge.id, {})


async def test_asking_does_the_same_for_everybody(
    database: Database, registered: People, service_log: ServiceLog
) -> None:
    await registered("known@example.org", name="Ana")
    before = len(await service_log.all())
    for email in ("known@example.org", "unknown@example.org"):
        await ask(database, email)
    assert await service_log.kinds() == (await service_log.kinds())[:before] + ["sign_in.asked"] * 2
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.parametrize(
    "email",
    ["", "ana", "ana@", "@example.org", "a b@example.org", "ana@example", "ana@exa mple.org",
     "ana@example.org\nBcc: x@y.org",
     "ana@-example.org", "ana@example..org", "a" * 65 + "@example.org", "a@" + "b" * 250 + ".org",
     "ana\x00@example.org",
     "ana@[127.0.0.1]", ".ana@example.org", "ana@example.org>", "\ud800@example.org", "ana@" + "é" * 300 + ".org",
     "a@b@c.org,"],
)  # fmt: skip
async def test_what_is_no_address_is_refused(database: Database, service_log: ServiceLog, email: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        await ask(database, email)
    assert list(refused.value.fields) == ["email"]
    assert await service_log.all() == []


async def test_an_international_domain_is_kept_in_ascii(database: Database, service_log: ServiceLog) -> None:
    assert (await ask(database, "ana@bücher.example")).email == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nSet-Cookie: x", "/" + "a" * 3000]
)
async def test_only_our_own_paths_are_gone_on_to(database: Database, service_log: ServiceLog, onward: str) -> None:
    assert (await ask(database, onward=onward)).onward == "/"


async def test_the_first_code_registers_a_person(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database, language="fr", onward="/me")
    done = await enter(database, challenge, tokens.code_of(challenge.id))
    assert isinstance(done, SignedIn)
    assert (done.new, done.complete, done.onward) == (True, False, "/me")
    assert await service_log.kinds() == ["sign_in.asked", "person.registered", "session.started"]
    assert (await service_log.last()).payload == {"person": str(done.person)}
    async with database.writing() as session:
        visitor = await visitor_of_session(session, done.token)
        assert await session.scalar(select(Person.email)) == "ana@example.org"
    assert (visitor.actor.person, visitor.actor.session, visitor.language) == (done.person, done.session, "fr")


async def test_the_second_code_finds_that_person(database: Database, registered: People) -> None:
    actor = await registered(name="Ana")
    challenge = await ask(database, "ANA@example.org")
    done = await enter(database, challenge, tokens.code_of(challenge.id))
    assert isinstance(done, SignedIn)
    assert (done.person, done.new, done.complete) == (actor.person, False, True)


async def test_a_code_may_have_spaces_and_other_digits(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    arabic = "".join(chr(0x660 + int(digit)) for digit in tokens.code_of(challenge.id))
    assert isinstance(await enter(database, challenge, f" {arabic[:3]} {arabic[3:]} "), SignedIn)


async def test_wrong_codes_count_although_they_are_refused(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    left = [await enter(database, challenge, wrong(challenge)) for _ in range(5)]
    assert left == [NotSignedIn("wrong", tries) for tries in (4, 3, 2, 1, 0)]
    assert await enter(database, challenge, tokens.code_of(challenge.id)) == NotSignedIn("too_many_tries")
    assert await service_log.kinds() == ["sign_in.asked"]


async def test_tries_are_limited_across_processes(
    database: Database, database_url: str, service_log: ServiceLog
) -> None:
    challenge = await ask(database)
    others = [Database(database_url, pool=3) for _ in range(2)]
    try:
        tried = await asyncio.gather(*(enter(each, challenge, wrong(challenge)) for each in others * 10))
    finally:
        for each in others:
            await each.close()
    assert sum(answer == NotSignedIn("too_many_tries") for answer in tried) == 15
    assert {NotSignedIn("wrong", left) for left in range(5)} < set(tried)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\x00", "９" * 10_000, "-1", "½", "\ud800"])
async def test_no_odd_code_is_taken(database: Database, service_log: ServiceLog, code: str) -> None:
    assert await enter(database, await ask(database), code) == NotSignedIn("wrong", 4)


async def test_a_code_is_good_once(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    code = tokens.code_of(challenge.id)
    answers = await asyncio.gather(*(enter(database, challenge, code) for _ in range(4)))
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert answers.count(NotSignedIn("used")) == 3
    assert (await service_log.kinds()).count("session.started") == 1
    assert await follow(database, challenge) == NotSignedIn("used")


async def test_code_and_link_at_once_sign_in_once(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    answers = await asyncio.gather(
        enter(database, challenge, tokens.code_of(challenge.id)), follow(database, challenge)
    )
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1


async def test_two_first_sign_ins_at_once_make_one_person(database: Database, service_log: ServiceLog) -> None:
    challenges = [await ask(database) for _ in range(3)]
    answers = await asyncio.gather(*(enter(database, each, tokens.code_of(each.id)) for each in challenges))
    assert len({answer.person for answer in answers if isinstance(answer, SignedIn)}) == 1
    assert (await service_log.kinds()).count("person.registered") == 1


async def test_a_new_challenge_leaves_earlier_ones_valid(database: Database, service_log: ServiceLog) -> None:
    first, second = await ask(database), await ask(database)
    assert tokens.code_of(first.id) != tokens.code_of(second.id)
    assert isinstance(await enter(database, first, tokens.code_of(first.id)), SignedIn)
    assert isinstance(await enter(database, second, tokens.code_of(second.id)), SignedIn)


async def test_after_ten_minutes_neither_code_nor_link_is_good(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    await expire(database, challenge)
    assert await enter(database, challenge, tokens.code_of(challenge.id)) == NotSignedIn("expired")
    assert await follow(database, challenge) == NotSignedIn("expired")


async def test_a_code_in_another_browser_needs_the_link_too(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    code, link = tokens.code_of(challenge.id), tokens.link_token_of(challenge.id)
    for browser in (OTHER, None, ""):
        assert await enter(database, challenge, code, browser) == NotSignedIn("other_browser")
        assert await enter(database, challenge, code, browser, link_token="0" * 64) == NotSignedIn("other_browser")
    assert await enter(database, challenge, wrong(challenge), OTHER, link) == NotSignedIn("wrong", 4)
    assert isinstance(await enter(database, challenge, code, OTHER, link), SignedIn)


async def test_a_link_signs_in_only_where_it_was_asked_for(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    assert await follow(database, challenge, OTHER) == NotSignedIn("other_browser")
    assert await follow(database, challenge, None) == NotSignedIn("other_browser")
    assert await follow(database, challenge, BROWSER, token="é" * 64) == NotSignedIn("unknown")
    assert isinstance(await follow(database, challenge), SignedIn)


async def test_looking_at_a_link_uses_nothing_up(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database, onward="/me")
    link = tokens.link_token_of(challenge.id)

    async def state(browser: str | None = BROWSER, token: str = link) -> str:
        async with database.at_once() as connection:
            return (await peek_link(connection, challenge.id, token, browser)).state

    assert [await state(), await state(), await state(OTHER), await state(None)] == ["good", "good"] + [
        "other_browser"
    ] * 2
    assert await state(token="0" * 64) == "unknown"
    assert isinstance(await follow(database, challenge), SignedIn)
    assert await state() == "used"
    late = challenge = await ask(database)
    link = tokens.link_token_of(late.id)
    await expire(database, late)
    assert await state(token=link) == "expired"


async def test_a_link_tells_its_holder_alone_whose_it_is(database: Database, service_log: ServiceLog) -> None:
    challenge = await ask(database)
    async with database.at_once() as connection:
        assert (await peek_link(connection, challenge.id, "0" * 64, BROWSER)).email is None
        assert (
            await peek_link(connection, challenge.id, tokens.link_token_of(challenge.id), None)
        ).email == "ana@example.org"
        assert (await peek_link(connection, clock.new_id(), "x", None)).state == "unknown"


async def test_a_printed_link_is_good_in_any_browser_once_and_has_no_mail(
    database: Database, service_log: ServiceLog
) -> None:
    async with database.writing() as session:
        path = await printed_link(session, "op@example.org", timedelta(days=1), onward="/me")
        challenge = (await session.scalars(select(Challenge))).one()
        assert path == link_path(challenge.id) == f"/sign-in/{challenge.id}/{tokens.link_token_of(challenge.id)}"
        assert challenge.expires - challenge.created == timedelta(days=1)
        assert await letter_for(session, challenge.id) is None
    code = tokens.code_of(challenge.id)
    assert await enter(database, challenge, code, OTHER, tokens.link_token_of(challenge.id)) == NotSignedIn(
        "other_browser"
    )
    assert isinstance(await follow(database, challenge, None), SignedIn)
    assert await follow(database, challenge, None) == NotSignedIn("used")


async def test_the_letter_has_the_code_and_the_link_while_they_work(
    database: Database, service_log: ServiceLog
) -> None:
    challenge = await ask(database)
    async with database.writing() as session:
        letter = await letter_for(session, challenge.id)
        assert letter is not None
        assert (letter.email, letter.code, letter.path) == (
            "ana@example.org", tokens.code_of(challenge.id), link_path(challenge.id),
        )  # fmt: skip
        assert await letter_for(session, clock.new_id()) is None
    await follow(database, challenge)
    async with database.writing() as session:
        assert await letter_for(session, challenge.id) is None


async def test_codes_are_six_digits_and_differ_from_one_server_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = set()
    for secret in ("one", "two", "three"):
        monkeypatch.setenv("PLENARY_SECRET", secret * 16)
        settings.cache_clear()
        codes.add(tokens.code_of(UUID(int=7)))
    settings.cache_clear()
    assert len(codes) == 3
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
