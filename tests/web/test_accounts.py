"""Signing in by mail, first steps, one's own page and one's own data."""

import re
from uuid import UUID

import pytest
from httpx import ASGITransport, AsyncClient

from app.accounts import tokens
from app.accounts.sign_in import link_path
from app.database import Database
from tests.making import SLUG, Made, say
from tests.web.conftest import ORIGIN, Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
NEW = "somebody@example.org"


async def ask(browser: AsyncClient, onward: str = "/") -> UUID:
    """Ask for a mail; the challenge it is about."""
    answer = await browser.post("/sign-in", data={"email": NEW, "onward": onward})
    assert answer.status_code == 303
    return UUID(answer.headers["location"].split("challenge=")[1])


def another(browser: AsyncClient) -> AsyncClient:
    """Another browser in front of the same application."""
    return AsyncClient(transport=browser._transport, base_url=ORIGIN, headers={"Origin": ORIGIN})


async def test_with_the_code_a_newcomer_gets_a_session_and_gives_a_name(stranger: AsyncClient) -> None:
    challenge = await ask(stranger, f"/c/{SLUG}")
    form = await stranger.get(f"/sign-in/code?challenge={challenge}")
    assert NEW in form.text and 'autocomplete="one-time-code"' in form.text
    wrong = await stranger.post("/sign-in/code", data={"challenge": str(challenge), "code": "0"})
    assert wrong.status_code == 422 and "4 tries are left" in wrong.text
    done = await stranger.post("/sign-in/code", data={"challenge": str(challenge), "code": tokens.code_of(challenge)})
    assert done.headers["location"] == f"/me/welcome?onward=/c/{SLUG}"
    cookie = next(line for line in done.headers.get_list("set-cookie") if line.startswith("plenary_session"))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    again = await stranger.post("/sign-in/code", data={"challenge": str(challenge), "code": tokens.code_of(challenge)})
    assert again.status_code == 422 and "used already" in again.text


async def test_opening_a_link_signs_nobody_in_pressing_its_button_does(stranger: AsyncClient) -> None:
    challenge = await ask(stranger)
    for _ in range(3):
        page = await stranger.get(link_path(challenge))
        assert heading(page) == f"Sign in as {NEW}?" and "set-cookie" not in page.headers
    done = await stranger.post(link_path(challenge))
    assert done.status_code == 303 and "plenary_session" in done.headers["set-cookie"]
    over = await stranger.get(link_path(challenge))
    assert over.status_code == 410 and "used already" in over.text


async def test_in_another_browser_the_link_asks_for_the_code(stranger: AsyncClient) -> None:
    challenge = await ask(stranger)
    elsewhere = another(stranger)
    page = await elsewhere.get(link_path(challenge))
    assert "another browser" in page.text
    only_code = await elsewhere.post(
        "/sign-in/code", data={"challenge": str(challenge), "code": tokens.code_of(challenge)}
    )
    assert only_code.status_code == 422
    both = {"challenge": str(challenge), "code": tokens.code_of(challenge), "link_token": hidden(page, "link_token")}
    assert (await elsewhere.post("/sign-in/code", data=both)).status_code == 303
    await elsewhere.aclose()


async def test_the_answer_is_the_same_for_who_has_an_account_and_who_has_not(stranger: AsyncClient, made: Made) -> None:
    answers = []
    for email in ("participant-a@example.org", "nobody@example.org"):
        browser = another(stranger)
        asked = await browser.post("/sign-in", data={"email": email, "onward": "/"})
        page = await browser.get(asked.headers["location"])
        answers.append(
            (asked.status_code, page.status_code, re.sub(r"[0-9a-f-]{36}", "", page.text).replace(email, ""))
        )
        await browser.aclose()
    assert answers[0] == answers[1]
    wrong = await stranger.post("/sign-in", data={"email": "no address", "onward": "/"})
    assert wrong.status_code == 422 and "no address" in wrong.text


async def test_signing_out_ends_the_session(browse: Browse, made: Made) -> None:
    browser, copy = await browse(made.participant), await browse(made.participant)
    copy.cookies = browser.cookies
    assert (await browser.post("/sign-out")).status_code == 303
    assert (await copy.get("/me")).headers["location"].startswith("/sign-in")


async def test_sessions_are_listed_and_ended(browse: Browse, made: Made) -> None:
    first, second = await browse(made.participant), await browse(made.participant)
    page = (await first.get("/me")).text
    assert page.count("<p>Firefox on Linux") == 2 and "this browser" in page
    await first.post("/me/sessions/end-others")
    assert (await second.get("/me")).status_code == 303
    assert (await first.get("/me")).status_code == 200


async def test_a_profile_is_changed_and_a_refused_one_kept(browse: Browse, made: Made) -> None:
    browser = await browse(made.participant)
    form = {
        "name": "A New Name", "organisation": "Another network", "organisation_kind": "faith", "language": "en",
        "organisation_country": "QQ", "capacity": "organisation", "time_zone": "Asia/Manila",
    }  # fmt: skip
    refused = await browser.post("/me", data=form)
    assert refused.status_code == 422 and "A New Name" in refused.text and "Another network" in refused.text
    assert (await browser.post("/me", data=form | {"organisation_country": "MA"})).status_code == 303
    page = (await browser.get("/me")).text
    assert "A New Name" in page and '<option value="MA" selected>' in page


async def test_a_key_is_shown_once_and_revoked(browse: Browse, made: Made) -> None:
    browser = await browse(made.participant)
    shown = await browser.post("/me/keys", data={"name": "Mirror", "scopes": ["read", "write"]})
    secret = re.search(r"plenary_[\w-]{40,}", shown.text)
    assert secret and shown.headers["cache-control"] == "private, no-store"
    listed = (await browser.get("/me/keys")).text
    assert "Mirror" in listed and "never used" in listed and secret[0] not in listed
    revoke = re.search(r'action="(/me/keys/[^"]+/revoke)"', listed)
    assert revoke and (await browser.post(revoke[1])).status_code == 303
    assert "Mirror" not in (await browser.get("/me/keys")).text
    for wrong in ({"name": ""}, {"expires": "soon"}, {"expires": "2016-07-26"}, {"scopes": ["moderate"]}):
        refused = await browser.post("/me/keys", data={"name": "Kept name", "scopes": ["read"], **wrong})
        assert refused.status_code == 422 and ("Kept name" in refused.text or "name" in wrong), wrong
    assert 'value="moderate"' not in listed
    assert 'value="moderate"' in (await (await browse(made.moderator)).get("/me/keys")).text


async def test_ones_data_is_one_file(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, title="Mine to take along")
    browser = await browse(made.participant)
    answer = await browser.get("/me/data/download")
    assert answer.headers["content-disposition"].startswith("attachment")
    held = answer.json()
    assert held["email"] == "participant-a@example.org"
    assert [text["title"] for text in held["contributions"]] == ["Mine to take along"]
    assert {"drafts", "sessions", "keys", "messages"} <= held.keys()


@pytest.mark.parametrize(("texts", "status"), [("erase", 410), ("keep", 200)])
async def test_an_account_is_erased_with_or_without_its_texts(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, texts: str, status: int
) -> None:
    await say(database, made, title="What remains")
    browser = await browse(made.participant)
    unsure = await browser.post("/me/data/erase", data={"texts": texts})
    assert unsure.status_code == 422 and f'value="{texts}" checked' in unsure.text
    assert (await browser.post("/me/data/erase", data={"texts": texts, "sure": "yes"})).status_code == 303
    assert (await browser.get("/me")).headers["location"].startswith("/sign-in")
    page = await stranger.get(f"/c/{SLUG}/1")
    assert page.status_code == status
    assert "Participant A" not in page.text and "Sample network" not in page.text


@pytest.mark.parametrize(
    ("onward", "to"),
    [("/c/x", "/c/x"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"), ("", "/"),
     ("/a\nb", "/"), ("/" + "x" * 3_000, "/")],
)  # fmt: skip
async def test_onward_stays_here(browse: Browse, made: Made, onward: str, to: str) -> None:
    answer = await (await browse(made.participant)).get("/me/welcome", params={"onward": onward})
    assert answer.headers["location"] == to


async def test_without_signing_in_there_is_nothing_of_ones_own(stranger: AsyncClient) -> None:
    for path in ("/me", "/me/keys", "/me/data", "/me/data/download", "/me/welcome"):
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in"), path
    assert isinstance(stranger._transport, ASGITransport)
    assert (await stranger.post("/me/keys", data={"name": "x"})).status_code == 401
