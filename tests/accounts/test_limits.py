"""Limits hold across processes and store nobody's address; the same request is done once."""

import asyncio
import time

import pytest
from sqlalchemy import func, select, text

from app import clock, errors
from app.accounts import limits
from app.accounts.idempotency import Answer, keep_answer, remember
from app.accounts.models import Idempotency
from app.config import settings
from app.database import Database
from app.language import speaking
from tests.people import People

pytestmark = pytest.mark.anyio


async def allowed(database: Database, *parts: str, most: int = 3, per_seconds: int = 3600) -> bool:
    try:
        await limits.allow(database, "test", *parts, most=most, per_seconds=per_seconds)
    except errors.RateLimited:
        return False
    return True


async def test_so_many_and_no_more(database: Database) -> None:
    assert [await allowed(database, "192.0.2.7") for _ in range(5)] == [True] * 3 + [False] * 2
    assert await allowed(database, "192.0.2.8")
    assert await allowed(database, "192.0.2.7", per_seconds=1800)  # another window, another count


async def test_who_is_refused_learns_when_to_come_back(database: Database) -> None:
    await allowed(database, "x", most=1)
    with pytest.raises(errors.RateLimited) as refused:
        await limits.allow(database, "test", "x", most=1, per_seconds=3600)
    assert refused.value.details["retry_after"] == pytest.approx(3600 - time.time() % 3600, abs=2)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "через 1 секунду"), (119, "через 119 секунд"), (120, "через 2 минуты"), (7_201, "через 3 часа")],
)
def test_when_to_come_back_is_said_in_the_readers_language(seconds: int, said: str) -> None:
    used_up = limits.Standing("test", most=1, per_seconds=86_400, count=2, resets_in=seconds)
    with speaking("ru"), pytest.raises(errors.RateLimited, match=said):
        limits.require_left([used_up])


async def test_limits_hold_across_processes(database: Database, database_url: str) -> None:
    others = [Database(database_url, pool=2) for _ in range(2)]
    try:
        answers = await asyncio.gather(*(allowed(each, "one network") for each in others * 10))
    finally:
        for each in others:
            await each.close()
    assert answers.count(True) == 3


async def test_a_new_window_begins_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [await allowed(database, "x", most=1) for _ in range(2)] == [True, False]
    later = time.time() + 3600
    monkeypatch.setattr(limits, "_seconds", lambda: later)
    assert await allowed(database, "x", most=1)


async def test_no_address_is_stored(database: Database) -> None:
    await limits.allow_sign_in(database, "ana@example.org", "192.0.2.7")
    async with database.writing() as session:
        stored = await session.scalar(
            text("SELECT string_agg(convert_from(decode(encode(key, 'hex'), 'escape'), 'latin1'), '') FROM rate_limits")
        )
    assert stored
    assert "ana" not in stored
    assert "192.0.2.7" not in stored


async def test_parts_do_not_run_into_each_other(database: Database) -> None:
    assert await allowed(database, "ab", "c", most=1)
    assert await allowed(database, "a", "bc", most=1)
    assert await allowed(database, "abc", most=1)
    assert await allowed(database, "\ud800", most=1)


async def test_sign_ins_are_limited_per_address_whatever_the_network(database: Database) -> None:
    for number in range(5):
        await limits.allow_sign_in(database, "Ana@example.org ", f"network {number}")
    with pytest.raises(errors.RateLimited):
        await limits.allow_sign_in(database, "ana@example.org", "one more network")


@pytest.mark.parametrize("domain", ["ｅxample.org", "exa\u00admple.org", "example。org", "EXAMPLE.org"])
async def test_another_spelling_of_an_address_is_no_other_address(database: Database, domain: str) -> None:
    for number in range(5):
        await limits.allow_sign_in(database, "ana@example.org", f"network {number}")
    with pytest.raises(errors.RateLimited):
        await limits.allow_sign_in(database, f"ana@{domain}", "one more network")


async def test_sign_ins_are_limited_per_network_whatever_the_address(database: Database) -> None:
    for number in range(20):
        await limits.allow_sign_in(database, f"p{number}@example.org", "one network")
    with pytest.raises(errors.RateLimited):
        await limits.allow_sign_in(database, "one-more@example.org", "one network")


async def test_benchmarks_go_without(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENARY_RATE_LIMITS", "off")
    settings.cache_clear()
    assert all([await allowed(database, "x", most=0) for _ in range(3)])


async def test_the_same_request_is_done_once_and_answered_twice(database: Database, registered: People) -> None:
    ana = await registered()
    subject = clock.new_id()
    done: list[int] = []

    async def post(pause: float = 0.1) -> Answer:
        async with database.writing() as session:
            remembered = await remember(session, ana.person, "key-1", b"hash")
            if remembered.answer is not None:
                return remembered.answer
            await asyncio.sleep(pause)
            done.append(1)
            answer = Answer(201, "/api/v1/contributions/1", subject)
            await keep_answer(session, remembered, answer)
            return answer

    answers = await asyncio.gather(*(post() for _ in range(3)))
    assert done == [1]
    assert answers == [Answer(201, "/api/v1/contributions/1", subject)] * 3
    assert await post() == answers[0]


async def test_a_request_that_failed_can_be_sent_again(database: Database, registered: People) -> None:
    ana = await registered()

    async def post() -> None:
        async with database.writing() as session:
            await remember(session, ana.person, "key-1", b"hash")
            raise errors.Invalid({"body": "Please write your text here."})

    with pytest.raises(errors.Invalid):
        await post()
    async with database.writing() as session:
        assert (await remember(session, ana.person, "key-1", b"other hash")).answer is None


async def test_a_key_stands_for_one_request_of_one_person(database: Database, registered: People) -> None:
    ana, ben = await registered(), await registered("ben@example.org")
    async with database.writing() as session:
        await keep_answer(session, await remember(session, ana.person, "key-1", b"hash"), Answer(204))
        assert (await remember(session, ben.person, "key-1", b"other hash")).answer is None
        with pytest.raises(errors.Invalid):
            await remember(session, ana.person, "key-1", b"other hash")
        assert await session.scalar(select(func.count()).select_from(Idempotency)) == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "\x00", "a\nb", "\ud800"])
async def test_no_odd_key_is_remembered(database: Database, registered: People, key: str) -> None:
    ana = await registered()
    async with database.writing() as session:
        with pytest.raises(errors.Invalid):
            await remember(session, ana.person, key, b"hash")
