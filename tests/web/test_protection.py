"""Safe by default: headers on every answer, no state change for another site, nothing hostile reaches a page."""

import json
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import Request
from httpx import AsyncClient
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError

from app.accounts import limits
from app.contributions import actions, drafts
from app.contributions.models import Contribution
from app.database import Database
from app.web.kit.assets import ASSETS
from app.web.kit.guard import HEADERS
from app.web.kit.network import network_of
from tests.making import AFTER, SLUG, Made, say
from tests.web.conftest import ORIGIN, Browse
from tests.web.test_writing import FORM, count, filled

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
HOSTILE = Path(__file__).parents[3] / "shared/data/hostile/hostile_dev.jsonl"


async def test_every_answer_is_protected(stranger: AsyncClient, browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    mine = await browse(made.participant)
    answers = [await stranger.get(path) for path in (C, C, f"{C}/1", "/none", "/sign-in", "/me", "/static/none.css")]
    answers += [await mine.get("/me"), await mine.post(FORM, data=filled(title="")), await stranger.post("/sign-in")]
    for answer in answers:
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode(), (answer.url, name)
    policy = answers[0].headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {},
    ],
)
async def test_no_form_is_taken_from_elsewhere(
    browse: Browse, database: Database, made: Made, headers: dict[str, str]
) -> None:
    await say(database, made)
    victim = await browse(made.participant)
    del victim.headers["Origin"]
    for path in (FORM, f"{C}/1/withdraw", f"{C}/1/erase", "/me/data/erase", "/me/keys", "/sign-out", "/sign-in"):
        answer = await victim.post(path, data=filled(sure="yes", texts="erase"), headers=headers)
        assert answer.status_code == 403, path
    assert await count(database, Contribution) == 1
    assert (await victim.get(f"{C}/1")).status_code == 200


async def test_over_https_cookies_have_the_host_prefix(stranger: AsyncClient) -> None:
    answer = await stranger.post(
        "https://testserver/sign-in", data={"email": "a@example.org"}, headers={"Origin": "https://testserver"}
    )
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-plenary_") and "Secure" in cookie and "HttpOnly" in cookie


OURS = {asset.url for asset in ASSETS.values()}


class _Dangers(HTMLParser):
    """Collects what no page of ours has: scripts but our own files, handlers, foreign elements, odd addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "script" and dict(attributes).get("src") in OURS:
            return
        if tag in ("script", "iframe", "object", "embed", "svg", "math", "base", "img", "video", "audio", "style"):
            self.found.append(tag)
        for name, value in attributes:
            scheme = (value or "").strip().lower().split(":")[0]
            if name.startswith("on") or name == "style" or scheme in ("javascript", "data", "vbscript"):
                self.found.append(f"{tag} {name}={value}")


def dangers(page: str) -> list[str]:
    parser = _Dangers()
    parser.feed(page)
    return parser.found


@pytest.mark.skipif(
    not HOSTILE.exists(), reason="no ../shared/data beside this checkout: hostile strings are not tried"
)
async def test_hostile_strings_stay_text(stranger: AsyncClient, browse: Browse, database: Database, made: Made) -> None:
    lines = [json.loads(line) for line in HOSTILE.read_text("utf-8").splitlines()[::60]]
    strings = [
        next(value for key, value in line.items() if key in ("text", "payload", "string", "value")) for line in lines
    ]
    author = await browse(made.participant)
    root = await say(database, made)
    for text in strings:
        answer = await author.post(FORM, data=filled(title=text[:200], body=text))
        assert answer.status_code in (303, 422), text
        assert not dangers(answer.text), text
        preview = await author.post(FORM, data=filled(title=text, body=text, do="preview", place_city_1=text))
        assert preview.status_code == 200 and not dangers(preview.text), text
        for path in (f"{C}/topics/{AFTER}?before={text}", f"/sign-in?onward={text}", f"{FORM}?topic={text}"):
            page = await stranger.get(path.replace("\x00", "").replace("#", ""))
            assert page.status_code < 500 and not dangers(page.text), text
    for path in (C, f"{C}/topics/{AFTER}", f"{C}/{root.number}", f"{C}/2", f"{C}/record"):
        page = await stranger.get(path)
        assert page.status_code == 200 and not dangers(page.text), path


async def test_names_are_escaped_everywhere(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    author = await browse(made.participant)
    bad = '<b onmouseover="x">"Name" & \'co\'</b>'
    profile = {"name": bad, "organisation": bad, "organisation_kind": "faith", "capacity": "organisation",
               "language": "en", "time_zone": "UTC"}  # fmt: skip
    assert (await author.post("/me", data=profile)).status_code == 303
    assert (
        await author.post(FORM, data=filled(title=bad, place_city_1=bad, capacity="organisation"))
    ).status_code == 303
    for browser in (author, stranger):
        for path in (C, f"{C}/1", f"{C}/topics/{AFTER}", f"{C}/contribute?parent=1"):
            page = (await browser.get(path)).text
            assert not dangers(page) and "<b onmouseover" not in page, path
    assert "<b onmouseover" not in (await author.get("/me")).text


@pytest.mark.parametrize(
    "path",
    [
        "/c/%00", "/c/%2500", "/c/1%00/record", f"{C}/topics/%00", f"{C}/topics/{AFTER}?before={2**31}",
        f"{C}/contribute?parent={2**40}", f"{C}/1?after={2**70}", f"{C}/{2**31}", f"{C}/{2**31}/history",
        f"{C}/1/history?before={2**20}", f"{C}/{2**32}/edit", f"{C}/9999999999/erase", f"{C}/1/revisions/{2**20}/erase",
    ],
)  # fmt: skip
async def test_no_address_is_too_odd(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made, path: str
) -> None:
    await say(database, made)
    author = await browse(made.participant)
    for browser in (stranger, author):
        assert (await browser.get(path)).status_code < 500
    assert (await author.post(path, data={"do": "send"})).status_code < 500


async def test_a_form_of_any_size_is_answered_soon(stranger: AsyncClient, made: Made) -> None:
    began = time.process_time()
    answer = await stranger.post(FORM, data=filled(do="preview", body="<http://" * 40_000))
    assert answer.status_code == 200 and time.process_time() - began < 5
    assert (
        await stranger.post(FORM, data=filled(body="a" * 900_000, title="b" * 900_000, kind="c" * 900_000))
    ).is_error
    many = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await stranger.post(FORM, content="a=b&" * 600_000, headers=many)).status_code == 413


async def test_other_forms_take_no_files(stranger: AsyncClient, made: Made) -> None:
    answer = await stranger.post("/sign-in", data={"email": "a@example.org"}, files={"onward": ("a.txt", b"text")})
    assert answer.status_code == 400


async def test_a_draft_keeps_what_no_database_takes_for_text(
    browse: Browse, database: Database, made: Made
) -> None:  # fmt: skip
    author = await browse(made.participant)
    answer = await author.post(FORM, data=filled(do="draft", body="what\x00 I wrote"))
    assert "what I wrote" in (await author.get(answer.headers["location"])).text


async def test_drafts_are_kept_up_to_a_number(
    browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    author = await browse(made.participant)
    answers = [await author.post(FORM, data=filled(do="draft", body=f"draft {number}")) for number in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 409]
    assert "draft 2" in answers[2].text
    first = answers[0].headers["location"].partition("draft=")[2].partition("&")[0]
    assert (await author.post(FORM, data=filled(do="draft", id=first))).status_code == 303


async def test_previewing_too_often_is_refused_and_loses_nothing(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PREVIEWS_PER_QUARTER", 1)
    await say(database, made)
    author = await browse(made.participant)
    edit = filled(do="preview", based_on="1", body="my edit")
    answers = [
        await author.post(f"{C}/1/edit", data=edit),
        await stranger.post(FORM, data=filled(do="preview", body="first text")),
        await stranger.post(FORM, data=filled(do="preview", body="second text")),
        await author.post(f"{C}/1/edit", data=edit),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert "second text" in answers[2].text and "my edit" in answers[3].text
    for answer in answers[2:]:
        assert "too often" in answer.text and 'id="preview" hidden' in answer.text
    assert (await author.post(FORM, data=filled(body="second text"))).status_code == 303


async def test_posting_too_often_is_refused_and_loses_nothing(
    browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRITES_OF_A_PERSON", 1)
    author = await browse(made.participant)
    assert (await author.post(FORM, data=filled())).status_code == 303
    answer = await author.post(FORM, data=filled(body="the second text"))
    assert answer.status_code == 429 and "the second text" in answer.text
    assert await count(database, Contribution) == 1


async def test_a_long_history_comes_in_parts(stranger: AsyncClient, database: Database, made: Made) -> None:
    posted = await say(database, made)
    for number in range(1, 24):
        async with database.writing() as session:
            await actions.edit(session, made.participant, posted.id, number, {"body": f"version {number + 1} of it"})
    first = await stranger.get(f"{C}/1/history")
    assert first.text.count('class="num"') == 20 and "Earlier revisions" in first.text
    rest = await stranger.get(f"{C}/1/history?before=5")
    assert rest.text.count('class="num"') == 4 and "Earlier revisions" not in rest.text


async def test_networks_are_told_apart_whatever_the_socket() -> None:
    def network(host: str) -> str:
        return network_of(Request({"type": "http", "client": (host, 1), "headers": []}))

    assert network("::ffff:192.0.2.7") == network("192.0.2.7") == "192.0.2.7"
    assert network("2001:db8::1") == network("2001:db8::2") != network("2001:db8:1::1")


async def test_what_failed_is_not_logged_with_its_content(database: Database) -> None:
    async with database.writing() as session:
        with pytest.raises(DBAPIError) as failed:
            await session.execute(select(func.length(bindparam("text"))), {"text": "a secret\x00"})
        await session.rollback()
    assert "a secret" not in str(failed.value)


@pytest.mark.parametrize("number", ["9" * 10, "9" * 5_000])  # Python does not read numbers of 4,301 digits
@pytest.mark.parametrize(
    "page", ["{}", "{}/history", "{}/questions", "recommendations/{}", "recommendations/{}/respond"]
)
async def test_there_is_no_page_of_a_number_without_measure(
    browse: Browse, made: Made, page: str, number: str
) -> None:  # fmt: skip
    answer = await (await browse(made.organiser)).get(f"/c/{SLUG}/{page.format(number)}")
    assert answer.status_code == 404
