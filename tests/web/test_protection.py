"""Safe by default: headers on every answer, no state change for another site, nothing hostile reaches a page."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from httpx import AsyncClient

from app.contributions.models import Contribution
from app.database import Database
from app.web.guard import HEADERS
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


class _Dangers(HTMLParser):
    """Collects what no page of ours has: scripts, handlers, foreign elements, odd addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
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
