"""Signing in tells nobody who has an account, and codes cannot be guessed with the help of several processes."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import event

from app.accounts import tokens
from app.accounts.actions import erase_account
from app.accounts.people import find_or_register
from app.accounts.sign_in import TRIES
from app.database import Database
from app.main import create_app
from app.permissions import OPERATOR
from tests.making import Made
from tests.web.conftest import ORIGIN

pytestmark = pytest.mark.anyio


@pytest.fixture
def quiet(database: Database) -> FastAPI:
    """The application without a worker: all statements on the database are the requests' own."""
    app = create_app()
    app.state.database, app.state.base_url = database, None
    return app


def browser_of(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url=ORIGIN, headers={"Origin": ORIGIN})


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """All that is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    engines = (database.write.sync_engine, database.read.sync_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def told(answer: Response, email: str) -> tuple[int, list[tuple[str, str]], str]:
    """Everything that an answer says, without identifiers, tokens and the address itself."""

    def plain(value: str) -> str:
        value = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|=[\w-]{43};", "…", value)
        value = re.sub(r"expires=[^;]+", "expires", value)
        return value.replace(email, "ADDRESS")

    length = "content-length"  # the address's own
    headers = [(name, plain(value)) for name, value in answer.headers.multi_items() if name != length]
    return answer.status_code, headers, plain(answer.text)


async def test_known_and_unknown_addresses_are_answered_alike_and_at_the_same_cost(
    database: Database, quiet: FastAPI, made: Made
) -> None:
    async with database.writing() as session:
        await find_or_register(session, "incomplete@example.org")
        gone, _new = await find_or_register(session, "erased@example.org")
        await erase_account(session, OPERATOR, gone)
    seen = []
    for email in ("warm-up@example.org", "participant-a@example.org", "moderator-c@example.org",
                  "incomplete@example.org", "erased@example.org", "nobody@example.org"):  # fmt: skip
        async with browser_of(quiet) as browser:
            with statements(database) as asked:
                posted = await browser.post("/sign-in", data={"email": email, "onward": "/me"})
                page = await browser.get(posted.headers["location"])
                challenge = posted.headers["location"].split("challenge=")[1]
                wrong = await browser.post("/sign-in/code", data={"challenge": challenge, "code": "not a code"})
        assert posted.status_code == 303 and wrong.status_code == 422
        seen.append(([told(answer, email) for answer in (posted, page, wrong)], asked))
    (answers, cost), *others = seen[1:]
    assert len(cost) > 3
    for other, its_cost in others:
        assert other == answers
        assert its_cost == cost


@pytest.fixture
async def processes(database: Database, made: Made) -> AsyncIterator[list[FastAPI]]:
    """Two whole applications on one database, as two server processes have them."""
    async with AsyncExitStack() as stack:
        apps = [create_app() for _ in range(2)]
        for app in apps:
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield apps


@pytest.mark.parametrize("in_mailed_link", [False, True])
async def test_a_challenge_has_five_tries_whichever_processes_they_go_to(
    processes: list[FastAPI], in_mailed_link: bool
) -> None:
    async with browser_of(processes[0]) as one, browser_of(processes[1]) as two:
        asked = await one.post("/sign-in", data={"email": "participant-a@example.org", "onward": "/"})
        challenge = asked.headers["location"].split("challenge=")[1]
        code, form = tokens.code_of(UUID(challenge)), {"challenge": challenge}
        if in_mailed_link:  # a browser that did not ask, and opened the link
            form["link_token"] = tokens.link_token_of(UUID(challenge))
        else:
            two.cookies = one.cookies
        guesses = [f"{(int(code) + number) % 10**6:06}" for number in range(1, 17)]
        answers = await asyncio.gather(
            *((one, two)[index % 2].post("/sign-in/code", data={**form, "code": guess})
              for index, guess in enumerate(guesses))
        )  # fmt: skip
        assert {answer.status_code for answer in answers} == {422}
        counted = [answer for answer in answers if "This is not the code in the mail." in answer.text]
        refused = [answer for answer in answers if "too many wrong codes" in answer.text]
        assert (len(counted), len(refused)) == (TRIES, len(guesses) - TRIES)
        for browser in (one, two):
            late = await browser.post("/sign-in/code", data={**form, "code": code})
            assert late.status_code == 422 and "too many wrong codes" in late.text
            assert not any("plenary_session" in cookie for cookie in late.headers.get_list("set-cookie"))


async def test_the_right_code_in_two_processes_at_once_signs_in_once(processes: list[FastAPI]) -> None:
    async with browser_of(processes[0]) as one, browser_of(processes[1]) as two:
        asked = await one.post("/sign-in", data={"email": "participant-a@example.org", "onward": "/"})
        two.cookies = one.cookies
        challenge = asked.headers["location"].split("challenge=")[1]
        form = {"challenge": challenge, "code": tokens.code_of(UUID(challenge))}
        answers = await asyncio.gather(*(browser.post("/sign-in/code", data=form) for browser in (one, two) * 2))
        assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
