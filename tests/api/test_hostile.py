"""Whatever bytes come, the answer is a clean refusal or the text as written: never a 500, never markup that runs."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.talk import PROPOSAL, Talk

pytestmark = pytest.mark.anyio
HOSTILE = Path(__file__).parents[2].parent / "shared/data/hostile/hostile_dev.jsonl"
JSON = {"Content-Type": "application/json"}


def text(**fields: str) -> bytes:
    """A proposal with fields given as raw JSON."""
    given = {name: json.dumps(value) for name, value in PROPOSAL.items()} | fields
    return ("{" + ",".join(f'"{name}":{value}' for name, value in given.items()) + "}").encode()


BODIES: list[tuple[bytes, int]] = [
    (b"", 400), (b"{", 400), (b"null", 400), (b"[]", 400), (b'"text"', 400), (b"\xff\xfe", 400), (b"{}", 422),
    (b"[" * 100_000, 400), (b'{"a":' * 50_000, 400), (text(body="[" * 100_000 + "]" * 100_000), 400),
    (text(body="NaN"), 422), (text(body="Infinity"), 422), (text(body="9" * 10_000), 400), (text(body="1e999999"), 422),
    (text(body='"\\ud800"'), 400), (text(body='"\\udc00x"'), 400), (text(body='"a\\u0000b"'), 422),
    (text(title='"\\u0000"'), 422), (text(topic='"\\u0000"'), 422), (text(kind='"\\u0000"'), 422),
    (text(language='"\\u0000"'), 422), (text(byline='"\\u0000"'), 422), (text(questions='["\\u0000"]'), 422),
    (text(places='[{"city":"\\u0000"}]'), 422), (text(places='[{"country":"\\u0000"}]'), 422), (text(body="true"), 422),
    (text(parent="9" * 400), 422), (text(title='"' + "é" * 200_000 + '"'), 413), (b"x" * 300_000, 413),
    (text(**{"\\u0000": '"x"'}), 422), (text(**{"x" * 5_000: '"x"'}), 422),
    (text(body='"\xff"').replace(b"\xc3", b""), 400),
]  # fmt: skip


async def test_bodies(said: Talk) -> None:
    for body, status in BODIES:
        answer = await said.ask("POST", f"{said.home}/contributions", "participant", JSON, content=body)
        assert answer.status_code == status, (body[:80], answer.text[:300])
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.content) < 5_000
    shown = await said.posted()
    for body in (b"{", b"[" * 100_000, b'{"act":NaN}', b'{"act":"hide","reason":"\\ud800"}', b'{"revision":1e400}'):
        for method, rest in (("POST", "/decisions"), ("PATCH", ""), ("DELETE", "")):
            headers = {**JSON, "If-Match": "*"}
            answer = await said.ask(method, said.at(shown["id"], rest), "participant", headers, content=body)
            assert 400 <= answer.status_code < 500
    assert len((await said.read(f"{said.home}/contributions"))["items"]) == 1


async def test_a_body_that_says_nothing_of_its_length(said: Talk) -> None:
    async def endless() -> object:
        while True:
            yield b" " * 60_000

    answer = await said.ask("POST", f"{said.home}/contributions", "participant", JSON, content=endless())
    assert answer.status_code == 413


async def test_content_types(said: Talk) -> None:
    for media_type, status in (
        ("application/json; charset=utf-8", 201), ("Application/JSON", 201), ("text/plain", 400), ("text/html", 400),
        ("application/x-www-form-urlencoded", 400), ("multipart/form-data; boundary=x", 400), ("\x00", 400),
    ):  # fmt: skip
        answer = await said.ask(
            "POST",
            f"{said.home}/contributions",
            "participant",
            {"Content-Type": media_type},
            content=json.dumps(PROPOSAL),
        )
        assert answer.status_code == status, media_type


async def test_headers(said: Talk) -> None:
    id = (await said.posted())["id"]
    for name, value in (
        ("If-Match", "9" * 5000), ("If-Match", '"99999999999999999999-1"'), ("If-None-Match", "\xff"),
        ("Accept-Encoding", ";;q="), ("Idempotency-Key", "\x01"), ("Idempotency-Key", "é"), ("Content-Length", "-1"),
        ("Authorization", "Bearer \xff"),
    ):  # fmt: skip
        for method in ("GET", "PATCH", "DELETE"):
            given_headers = {"authorization": f"Bearer {said.keys['other']}", "if-match": "*", name.lower(): value}
            headers = [(key.encode(), word.encode("latin-1")) for key, word in given_headers.items()]
            answer = await said.client.request(method, said.at(id), headers=headers, content=b"{}")
            assert answer.status_code < 500, (name, value, method)


async def test_parameters_given_twice(said: Talk) -> None:
    answer = await said.get(f"{said.home}?fields=slug&fields=title&limit=1")
    assert answer.status_code == 422 and [each["field"] for each in answer.json()["errors"]] == ["fields"]
    many = "&".join(f"{number:x}&{number:x}" for number in range(5_000))
    answer = await said.get(f"{said.home}?{many}")
    assert answer.status_code == 422 and len(answer.json()["errors"]) == 100


async def test_unknown_addresses_and_methods(said: Talk) -> None:
    for url in (
        "/api/v1/nothing",
        "/api/v2/consultations",
        "/api/v1/consultations/",
        f"{said.home}/export.xml",
        "/api/x",
        "/api/v1/consultations/two%0Alines/meetings",
    ):
        answer = await said.get(url)
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/not-found"
    id = (await said.posted())["id"]
    for method, url, allowed in (
        ("PUT", said.at(id), "DELETE, GET, HEAD, PATCH"), ("DELETE", f"{said.home}/contributions", "GET, HEAD, POST"),
        ("POST", "/api/v1/consultations", "GET, HEAD"), ("TRACE", said.home, "GET, HEAD"),
        ("PUT", "/api/v1", "GET, HEAD"), ("POST", "/api/v1/", "GET, HEAD"),
    ):  # fmt: skip
        answer = await said.ask(method, url, "participant")
        assert answer.status_code == 405
        assert answer.headers["allow"] == allowed
        assert answer.json()["type"] == "/problems/not-found"


@pytest.mark.skipif(not HOSTILE.exists(), reason="the shared hostile strings are not here")
async def test_hostile_strings_come_back_as_they_went(said: Talk) -> None:
    lines = HOSTILE.read_text().split("\n")
    for value in (json.loads(line)["payload"] for line in lines[::60] if line):
        answer = await said.post(body=value[:20_000], title=value[:200], language=value[:50])
        assert answer.status_code in (201, 422)
        answer = await said.post(body=f"x {value}"[:20_000])
        assert answer.status_code in (201, 422)
        if answer.status_code == 201:
            html = answer.json()["html"]
            assert not re.search(
                r"<(?!/?(p|br|em|strong|s|a|ul|ol|li|blockquote|code|pre|hr|h[456]|table|thead|tbody|tr|t[hd])\b)", html
            )
            assert not re.search(r"<[^>]+\s(on\w+|style|src)\s*=", html)
            assert not re.search(r'href="\s*(?!https?:|mailto:)[^"/?#]*:', html)
        for name in ("tag", "place", "topic", "question", "cursor", "updated_since"):
            found = await said.get(f"{said.home}/contributions", **{name: value})
            assert found.status_code in (200, 400, 422)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda value: json.dumps({"body": value}).encode("utf-8", "replace"))
)
def test_any_bytes(body: bytes) -> None:
    from pydantic import ValidationError

    from app.api.requests import Edit, NewContribution, NewDecision

    for model in (Edit, NewContribution, NewDecision):
        try:
            model.model_validate_json(body)
        except ValidationError:
            continue
