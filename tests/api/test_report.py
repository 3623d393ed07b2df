"""The report through the API: nothing before it is published, every version after."""

from dataclasses import replace
from typing import Any

import pytest

from app.database import Database
from app.record import commitments
from app.synthesis import reporting
from app.synthesis.report_sections import sections
from tests.api.talk import Talk
from tests.making import say
from tests.synthesis.outcome import make_rapporteur
from tests.synthesis.test_report_translating import translated
from tests.synthesis.test_reporting import WORDS

pytestmark = pytest.mark.anyio
WHY = {"results": "Nobody answered.", "recommendations": "None yet.", "coverage": "None yet.", "neither": "All of it."}


async def test_every_version_and_how_to_check_it(said: Talk, database: Database) -> None:
    rapporteur, made = await make_rapporteur(database, said.made), said.made
    await say(database, made)
    async with database.writing() as session:
        await reporting.save(session, rapporteur, made.id, WORDS, 0)
    url = f"{said.home}/report"
    for who in (None, "organiser"):
        assert (await said.get(url, who)).status_code == 404
    async with database.writing() as session:
        await reporting.publish(session, rapporteur, made.id, 1, WHY)
    answer = await said.get(url)
    one = answer.json()
    assert answer.status_code == 200 and answer.headers["etag"]
    assert (one["version"], one["language"], one["recommendations"], one["reason"]) == (1, "fr", [], "")
    assert one["results"][0].keys() == {"key", "markdown", "html"} and one["url"].endswith("/report?version=1")
    assert one["record"]["size"] == one["commitment"]["seq"] - 1 and len(one["record"]["root"]) == 64
    assert str(rapporteur.person) not in answer.text
    content = {
        name: one[name] for name in ("version", "language", "title", "summary", "method", "reason", "acknowledged")
    }
    content["results"] = {each["key"]: each["markdown"] for each in one["results"]}
    salt = bytes.fromhex(one["commitment"]["salt"])
    assert commitments.commitment(salt, content).hex() == one["commitment"]["hash"]
    [entry] = [
        each for each in (await said.read(f"{said.home}/changes", limit=100))["items"]
        if each["kind"] == "report.published"
    ]  # fmt: skip
    assert (entry["hash"], entry["version"], entry["seq"]) == (
        one["commitment"]["hash"], 1, one["commitment"]["seq"],
    )  # fmt: skip
    assert (one["original"], one["languages"]) == ("fr", ["fr"]) and (
        await said.get(url, language="en")
    ).status_code == 404
    assert await said.read(url, version=1, fields="title,versions") == {
        "title": one["title"], "versions": one["versions"],
    }  # fmt: skip
    for version, status in ((2, 404), (0, 422), (10**30, 422), ("x", 422)):
        assert (await said.get(url, version=version)).status_code == status


async def test_each_language_of_a_version_and_how_to_check_it(said: Talk, database: Database) -> None:
    made, url = said.made, f"{said.home}/report"
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, WORDS, 0)
    english = replace(WORDS, title="What was said", language="en", summary="Hours count.")
    await translated(database, made.organiser, made, english, 0, *sections(english))
    async with database.writing() as session:
        await reporting.publish(session, made.organiser, made.id, 1, WHY)
    first = await said.read(url)
    assert (first["language"], first["original"], first["languages"]) == ("fr", "fr", ["fr", "en"])
    assert first["versions"][0]["languages"] == ["fr", "en"]
    other = await said.read(url, language="en")
    assert (other["language"], other["original"], other["title"]) == ("en", "fr", "What was said")
    assert other["commitment"] == first["commitment"] and other["url"].endswith("?version=1&language=en")
    content = _words(first) | {name: first[name] for name in ("version", "language", "acknowledged")}
    content["translations"] = {"en": _words(other)}
    salt = bytes.fromhex(first["commitment"]["salt"])
    assert commitments.commitment(salt, content).hex() == first["commitment"]["hash"]
    for language, status in (("es", 404), ("x" * 36, 422), ("\x00", 404)):
        assert (await said.get(url, language=language)).status_code == status


def _words(given: dict[str, Any]) -> dict[str, Any]:
    words = {name: given[name] for name in ("title", "summary", "method", "reason")}
    return words | {"results": {each["key"]: each["markdown"] for each in given["results"]}}
