"""The examples of docs/api.md, in order: what it says is what happens."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.talk import Talk

pytestmark = pytest.mark.anyio
GUIDE = (Path(__file__).parents[2] / "docs/api.md").read_text()
ANY = "…"


def fits(expected: Any, found: Any) -> bool:
    """Whether everything that the guide shows is there. An ellipsis stands for anything."""
    if expected == ANY:
        return found is not None
    if isinstance(expected, dict):
        return all(name in found and fits(value, found[name]) for name, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(fits, expected, found))
    return bool(expected == found)


def message(lines: str) -> tuple[str, dict[str, str], str]:
    """The first line, the headers and the body of a request or an answer."""
    head, _, body = lines.partition("\n\n")
    first, *headers = head.splitlines()
    return first, dict(line.split(": ", 1) for line in headers), body.strip()


async def test_the_guide_tells_what_happens(said: Talk) -> None:
    id = revision = "none yet"
    examples = re.findall(r"```http\n(.*?)\n\n(HTTP/1\.1.*?)\n```", GUIDE, re.DOTALL)
    assert len(examples) == GUIDE.count("```http")
    for asked, answered in examples:
        first, headers, body = message(asked)
        method, path = first.replace("/ID", f"/{id}").split(" ")
        key = said.keys["moderator" if "MODERATORS-KEY" in headers.get("Authorization", "") else "participant"]
        headers |= {"Authorization": f"Bearer {key}"} if "Authorization" in headers else {}
        content = body.replace("REVISION", revision) or None
        answer = await said.client.request(method, path, headers=headers, content=content)
        status, shown, expected = message(answered)
        assert answer.status_code == int(status.split()[1]), (first, answer.text)
        for name, value in shown.items():
            assert fits(value, answer.headers[name]), first
        if expected:
            assert fits(json.loads(expected), answer.json()), (first, answer.text)
        if answer.status_code == 201:
            id = answer.json()["id"]
            revision = (answer.json().get("waiting") or {}).get("revision", "")


async def test_a_mirror_as_the_guide_writes_it(said: Talk) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    known: dict[str, Any] = {}
    exec(code, known)
    held: dict[str, Any] = {}
    root = await said.posted()
    reply = await said.posted("other", parent=root["id"])
    await said.posted(parent=reply["id"])
    await said.decide(reply["id"], "hide")
    page = await said.read(f"{said.home}/changes", limit=1000)
    for entry in page["items"]:
        known["apply"](held, entry)
    exported = (await said.get(f"{said.home}/export.jsonl")).text.splitlines()
    assert sorted(held.values(), key=lambda each: each["number"]) == [json.loads(line) for line in exported]


def test_every_type_of_problem_is_in_the_guide() -> None:
    from app.api.problems import PROBLEMS

    assert set(re.findall(r"`/problems/([a-z-]+)`", GUIDE)) == set(PROBLEMS)
