"""Whatever fails, and whenever: a form that could not be taken comes back, and nothing of another site’s acts here."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app import errors
from app.contributions.models import Contribution
from app.database import Database
from app.web.discussion import contribute
from app.web.kit import visit
from tests.files import samples
from tests.making import SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_writing import FORM, count, filled

pytestmark = pytest.mark.anyio
TEXT = "What I wrote <for an hour> & more."
SHOWN = "What I wrote &lt;for an hour&gt; &amp; more."
ELSEWHERE = {"Origin": "https://evil.example"}


@pytest.fixture
async def no_database(client: AsyncClient) -> AsyncIterator[None]:
    """Meanwhile nothing answers where the database was."""
    assert isinstance(client._transport, ASGITransport) and isinstance(client._transport.app, FastAPI)
    state = client._transport.app.state
    kept, state.database = state.database, Database("postgresql://postgres@127.0.0.1:1/none")
    yield
    await state.database.close()
    state.database = kept


async def test_a_text_survives_a_database_that_is_gone(
    stranger: AsyncClient, browse: Browse, made: Made, no_database: None
) -> None:
    for browser in (await browse(made.participant), stranger):
        answer = await browser.post(FORM, data=filled(body=TEXT))
        assert answer.status_code == 503 and SHOWN in answer.text and "Try again" in answer.text
        assert f'<form class="form" method="post" action="{FORM}"' in answer.text


async def test_of_a_form_with_files_the_text_survives_and_the_files_are_said_to_be_lost(
    browse: Browse, made: Made, no_database: None
) -> None:
    member = await browse(made.participant)
    answer = await member.post(FORM, data=filled(body=TEXT), files={"files": ("a.png", samples.png())})
    assert answer.status_code == 503 and SHOWN in answer.text
    assert "not the files that you chose" in answer.text and "Nothing is lost" not in answer.text


async def test_what_holds_no_form_is_refused_as_ever(browse: Browse, made: Made, no_database: None) -> None:
    member = await browse(made.participant)
    for answer in (
        await member.get(FORM), await member.head(FORM), await member.post("/sign-out"),
        await member.post(FORM, content=b"{}", headers={"Content-Type": "application/json"}),
        await member.post(FORM, content=b"x", headers={"Content-Type": "multipart/form-data; boundary=y"}),
        await member.post(FORM, content=b"a=b&" * 600_000,
                          headers={"Content-Type": "application/x-www-form-urlencoded"}),
    ):  # fmt: skip
        assert answer.status_code == 503 and "What you sent" not in answer.text


async def test_a_text_survives_what_nobody_foresaw_of_the_database(
    browse: Browse, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise asyncpg.UndefinedTableError("secret detail")

    monkeypatch.setattr(contribute, "place", fail)
    answer = await (await browse(made.participant)).post(FORM, data=filled(body=TEXT))
    assert answer.status_code == 500 and SHOWN in answer.text
    assert answer.headers["content-type"].startswith("text/html") and "secret" not in answer.text


async def test_what_nobody_foresaw_is_a_page_whether_the_form_was_read_or_not(
    browse: Browse, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    member = await browse(made.participant)
    assert isinstance(member._transport, ASGITransport)
    member._transport.raise_app_exceptions = False
    for module, name, is_read in ((contribute, "place", True), (visit, "visitor_of_session", False)):
        monkeypatch.setattr(module, name, fail)
        answer = await member.post(FORM, data=filled(body=TEXT))
        assert answer.status_code == 500 and "Something went wrong here" in answer.text
        assert (SHOWN in answer.text) is is_read and "secret" not in answer.text


async def test_the_button_sends_all_of_a_long_text_again(
    browse: Browse, made: Made, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a language whose letters take nine characters in the address of a form."""

    async def fail(*_: object) -> None:
        raise errors.Unavailable("The database does not answer.")

    member, text = await browse(made.participant), "字" * 250_000
    monkeypatch.setattr(contribute, "place", fail)
    first = await member.post(FORM, data=filled(body=text), files={"files": ("", b"")})
    assert first.status_code == 503 and text in first.text and 'enctype="multipart/form-data"' in first.text


async def test_a_form_of_another_site_can_be_copied_and_not_sent_on(
    browse: Browse, database: Database, made: Made
) -> None:
    victim = await browse(made.participant)
    answer = await victim.post(FORM, data=filled(title="Short words", body=TEXT), headers=ELSEWHERE)
    assert answer.status_code == 403 and SHOWN in answer.text and "Short words" in answer.text
    assert "It was not taken" in answer.text and answer.text.count("<textarea") == answer.text.count(" readonly>")
    assert "<form" not in answer.text and "<button" not in answer.text and "<input" not in answer.text
    assert await count(database, Contribution) == 0


async def test_a_form_of_another_site_is_not_sent_on_whatever_else_is_wrong(
    browse: Browse, made: Made, no_database: None
) -> None:
    answer = await (await browse(made.participant)).post(FORM, data=filled(body=TEXT), headers=ELSEWHERE)
    assert answer.status_code == 403 and "<form" not in answer.text
    answer = await (await browse(made.participant)).post(f"/c/{SLUG}/no/such/page", data=filled(body=TEXT))
    assert answer.status_code == 404 and SHOWN not in answer.text


async def test_what_somebody_may_not_send_can_be_copied(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    answer = await (await browse(made.other)).post(f"/c/{SLUG}/1/erase", data={"reason": TEXT})
    assert answer.status_code == 403 and SHOWN in answer.text and "<form" not in answer.text


@pytest.mark.parametrize("length", [250_000, 1_500_000])
async def test_a_text_that_is_too_large_comes_back(stranger: AsyncClient, length: int) -> None:
    text = "a" * length
    answer = await stranger.post("/sign-in", data={"email": text})
    assert answer.status_code == (413 if length > 1_000_000 else 422) and text in answer.text


@pytest.mark.parametrize("length", ["60000000", "0000000000060000000"])
async def test_more_than_strangers_may_send_is_not_read_however_its_length_is_written(
    stranger: AsyncClient, length: str
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": length}
    answer = await stranger.post(FORM, content=b"--x--", headers=headers)
    assert answer.status_code == 413 and "was not read and cannot be shown" in answer.text


async def test_what_is_too_large_to_be_read_is_said_to_be(browse: Browse, made: Made) -> None:
    answer = await (await browse(made.participant)).post(FORM, data=filled(body="a" * 2_100_000))
    assert answer.status_code == 413 and "What you sent" not in answer.text
    assert "was not read and cannot be shown" in answer.text and "go back in your browser" in answer.text
