"""`load` and `export`."""

import csv
import hashlib
import io
from pathlib import Path

import orjson
import pytest
from httpx import AsyncClient

from app.database import Database
from tests.making import DEFINITIONS, SLUG, make, say
from tests.running import command

pytestmark = pytest.mark.anyio


async def test_load_says_what_it_changed(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "definition.toml"
    file.write_text((DEFINITIONS / f"{SLUG}.toml").read_text())
    made = await command("load", file)
    assert (made.code, made.error) == (0, "")
    assert f"{SLUG}: created" in made.out.splitlines()
    assert (await command("load", file)).out == f"{SLUG}: nothing changed\n"
    file.write_text(file.read_text().replace('policy = "before"', 'policy = "after"'))
    assert (await command("load", file)).out == "topic inclusion: policy changed\n"


async def test_load_names_every_mistake(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "definition.toml"
    text = (DEFINITIONS / "sample.toml").read_text()
    file.write_text(
        text.replace('time_zone = "UTC"', 'time_zone = "Nowhere"').replace('policy = "after"', 'policy = "x"')
    )
    ended = await command("load", file)
    assert (ended.code, ended.out) == (2, "")
    *mistakes, last = ended.error.splitlines()
    assert [line.split(",")[1].split(":")[0].strip() for line in mistakes] == ["time_zone", "topics[2].policy"]
    assert all(line.startswith("line ") for line in mistakes)
    assert last == f"Nothing was loaded from {file}."
    file.write_bytes(b"\xff")
    assert (await command("load", file)).error == f"{file} is not UTF-8 text.\n"


async def test_export_is_what_the_api_gives(database: Database, client: AsyncClient, tmp_path: Path) -> None:
    made = await make(database)
    first = await say(database, made, title="=1+1")
    await say(database, made, parent=first.id)
    lines = await command("export", "--consultation", SLUG, "--format", "jsonl")
    answer = await client.get(f"/api/v1/consultations/{SLUG}/export.jsonl")
    ours, theirs = (
        [orjson.loads(line) | {"url": None} for line in text.splitlines()] for text in (lines.out, answer.text)
    )
    assert ours == theirs
    assert len(ours) == 2
    file = tmp_path / "table.csv"
    ended = await command("export", "--consultation", SLUG, "--format", "csv", "--codebook", "--out", file)
    assert (ended.code, ended.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [row["title"] for row in rows] == ["'=1+1", ""]
    book = csv.DictReader(io.StringIO((tmp_path / "table.csv.codebook.csv").read_text()))
    assert [row["column"] for row in book] == list(rows[0])
    manifest = orjson.loads((tmp_path / "table.csv.manifest.json").read_bytes())
    assert manifest["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest() and manifest["contributions"] == 2
    assert manifest["licence"]["name"] and manifest["record_size"] > 2
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize("more", [(), ("--codebook",), ("--archive",)])
async def test_a_file_that_cannot_be_written_is_named(database: Database, more: tuple[str, ...]) -> None:
    await make(database)
    ended = await command("export", "--consultation", SLUG, "--out", "/dev/null/x", *more)
    assert (ended.code, ended.out) == (1, "")
    assert "/dev/null/x" in ended.error and ended.error.endswith("cannot be written: Not a directory.\n")


async def test_export_of_nothing(database: Database) -> None:
    ended = await command("export", "--consultation", "nowhere")
    assert (ended.code, ended.out) == (2, "")
    assert ended.error.startswith("There is no consultation “nowhere” here")
    ended = await command("export", "--consultation", SLUG, "--format", "parquet")
    assert (ended.code, ended.out) == (2, "")
