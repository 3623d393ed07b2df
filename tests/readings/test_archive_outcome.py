"""The outcome in the archive: what rapporteurs wrote of it, in every language, whom it went to, and no address."""

import io
import zipfile
from dataclasses import replace

import orjson
import pytest

from app.database import Database
from app.readings.archives.archive import write_archive
from app.synthesis import reporting
from app.synthesis.report_sections import sections
from tests.making import SLUG, make, say
from tests.synthesis.bringing import CITY, listed, send, summarised
from tests.synthesis.test_report_translating import FRENCH, WHY, WORDS, translated

pytestmark = pytest.mark.anyio


async def packed(database: Database) -> dict[str, bytes]:
    """The files of an archive."""
    whole = io.BytesIO()
    await write_archive(database, SLUG, "http://testserver", whole, lambda _count: None)
    with zipfile.ZipFile(whole) as files:
        return {name: files.read(name) for name in files.namelist()}


async def test_words_of_each_version_and_language(database: Database) -> None:
    made = await make(database)
    await say(database, made, title="Never agreed", body="Nobody may deposit this.")
    before = await packed(database)
    assert not any("report" in name for name in before) and b"report" not in before["README.md"]
    async with database.writing() as session:
        quoting = replace(WORDS, method="{quotation 1}")
        await reporting.save(session, made.organiser, made.id, quoting, 0)
    await translated(database, made.organiser, made, FRENCH, 0, *sections(FRENCH))
    async with database.writing() as session:
        await reporting.publish(session, made.organiser, made.id, 1, WHY)
    files = await packed(database)
    listed = orjson.loads(files["report.json"])
    assert [(each["version"], each["language"], each["languages"]) for each in listed] == [
        (1, "en", ["en", "fr"]), (1, "fr", ["en", "fr"]),
    ]  # fmt: skip
    assert listed[0]["commitment"] == listed[1]["commitment"] and listed[0]["record_size"] > 0
    english, french = (files[f"report/1-{tag}.md"].decode() for tag in ("en", "fr"))
    assert english.startswith("# What was said\n") and "{quotation 1 r1}" in english and "Partnerships." in english
    assert (
        "Des partenariats." in french
        and b"`report.json`" in files["README.md"]
        and b"report/1-fr.md" in files["SHA256SUMS"]
    )
    assert not any(b"Nobody may deposit this" in content for content in files.values())
    assert files == await packed(database)


async def test_the_summary_and_whom_it_was_sent_to(database: Database) -> None:
    made = await make(database)
    await say(database, made)
    before = await packed(database)
    assert (
        not any("summary" in name or "sendings" in name for name in before) and b"sendings" not in before["README.md"]
    )
    await summarised(database, made.organiser, made, speech="- Aloud.")
    await send(database, made, {await listed(database, made): []})
    await summarised(database, made.organiser, made, title="Corrected", language="fr", reason="A number was wrong.")
    files = await packed(database)
    first, second = orjson.loads(files["summary.json"])
    assert (first["version"], first["title"], second["language"], second["reason"]) == (
        1, "Two pages", "fr", "A number was wrong.",
    )  # fmt: skip
    assert first["commitment"]["seq"] > 0 and "files" not in first
    assert files["summary/1-en.md"].decode() == "# Two pages\n\nSample: cities count **hours**.\n"
    assert files["summary/1-en-aloud.md"].decode() == "# Two pages\n\n- Aloud.\n"
    assert files["summary/2-fr.md"].decode().startswith("# Corrected\n\nA number was wrong.")
    [sent] = orjson.loads(files["sendings.json"])
    assert (sent["what"], sent["version"], sent["institution"]["name"]) == ("summary", 1, CITY.institution)
    assert b"`sendings.json`" in files["README.md"] and b"summary/2-fr.md" in files["SHA256SUMS"]
    assert not any(b"sample.example" in content or b"Sample Mayor" in content for content in files.values())
    assert files == await packed(database)
