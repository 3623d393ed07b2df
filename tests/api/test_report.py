"""The report through the API: nothing before it is published, every version after."""

import pytest

from app.database import Database
from app.record import commitments
from app.synthesis import reporting
from tests.api.talk import Talk
from tests.making import say
from tests.synthesis.outcome import make_rapporteur
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
    assert await said.read(url, version=1, fields="title,versions") == {
        "title": one["title"], "versions": one["versions"],
    }  # fmt: skip
    for version, status in ((2, 404), (0, 422), (10**30, 422), ("x", 422)):
        assert (await said.get(url, version=version)).status_code == status
