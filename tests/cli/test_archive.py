"""`export --archive`: what goes into a research archive, what never does, and that it proves itself."""

import asyncio
import csv
import hashlib
import io
import re
import zipfile
from pathlib import Path

import orjson
import pytest

from app import clock
from app.cli.content import Format, export
from app.cli.verify import verify
from app.contributions import actions
from app.database import Database
from app.errors import OperatorError
from app.readings.archives.archive import write_archive
from app.record.verifying import Misfit
from tests.contributions.offering import offer
from tests.making import BEFORE, SLUG, decide, make, say
from tests.record.served import grow
from tests.running import command

pytestmark = pytest.mark.anyio
SECRETS = ("D’un autre", "Never agreed", "Taken back", "Withdrawn words", "Hidden words", "Waiting words")


async def fill(database: Database) -> None:
    """Three texts that may be deposited, and each kind of text that may not."""
    made = await make(database)
    full = await say(database, made, title="=Agreed", deposit=True, questions=("diasporas.a",))
    await offer(database, made, full.id, body="D’un autre.")
    await offer(database, made, full.id, made.participant, "es", body="Del autor.")
    await say(database, made, title="By nobody", byline="anonymous", deposit=True)
    await say(database, made, parent=full.id, body="A reply مرحبا", byline="organisation", deposit=True)
    await say(database, made, actor=made.other, title="Never agreed")
    taken_back = await say(database, made, title="Taken back", deposit=True)
    withdrawn = await say(database, made, title="Withdrawn words", deposit=True)
    hidden = await say(database, made, title="Hidden words", deposit=True)
    await say(database, made, title="Waiting words", topic=BEFORE, deposit=True)
    await decide(database, made, "hide", hidden.id)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, withdrawn.id)
        await actions.edit(session, made.participant, taken_back.id, 1, {"deposit": False})
    await grow(database, made, 300, store=False)  # more than a tile, which no worker has stored yet


async def test_an_archive(database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await fill(database)
    folder = tmp_path / "archives"
    folder.mkdir()
    file, again = folder / "archive.zip", io.BytesIO()
    ended = await command("export", "--consultation", SLUG, "--archive", "--out", file)
    assert (ended.code, ended.out) == (0, "") and "3 contributions archived" in ended.error
    assert [path.name for path in folder.iterdir()] == ["archive.zip"]
    with zipfile.ZipFile(file) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
        times = {info.date_time for info in packed.infolist()}
    assert len(times) == 1
    whole = b"".join(files.values()).decode(errors="replace")
    assert [secret for secret in SECRETS if secret in whole] == []
    items = [orjson.loads(line) for line in files["contributions.jsonl"].splitlines()]
    assert [each["title"] for each in items] == ["=Agreed", "By nobody", None]
    assert [each["author"] is None for each in items] == [False, True, True]
    assert [each["organisation"] is None for each in items] == [False, True, False]
    assert all("deposit" not in each for each in items)
    translations = [(each["language"], each["by"]) for item in items for each in item["translations"]]
    assert translations == [("es", "author")]  # others agreed to nothing
    rows = list(csv.DictReader(io.StringIO(files["contributions.csv"].decode())))
    assert [row["title"] for row in rows] == ["'=Agreed", "By nobody", ""]
    assert [row["author_id"] != "" for row in rows] == [True, False, False]
    if "contributions.parquet" in files:
        parquet = pytest.importorskip("pyarrow.parquet")
        assert parquet.read_table(io.BytesIO(files["contributions.parquet"])).num_rows == 3
    assert files["codebook.csv"].startswith(b"column,type,meaning,values")
    about, manifest = orjson.loads(files["consultation.json"]), orjson.loads(files["manifest.json"])
    assert about["topics"][1]["questions"][0]["key"] == "diasporas.a"
    assert (manifest["contributions"], manifest["left_out"]) == (3, 2)
    size = int(files["record/checkpoint"].split(b"\n")[1])
    assert manifest["record_size"] == size > 256 and "record/tile/0/000" in files
    assert clock.iso(clock.now()) >= manifest["time"]
    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name not in ("manifest.json", "SHA256SUMS")
    }
    readme = files["README.md"].decode()
    for said in ("2 public texts are left out", manifest["licence"]["name"], manifest["controller"]["name"],
                 manifest["contact"], manifest["citation"], "As of"):  # fmt: skip
        assert said in readme
    await write_archive(database, SLUG, manifest["url"].partition("/c/")[0], again, lambda _count: None)
    assert again.getvalue() == file.read_bytes()  # the same record and texts
    await proves_itself(file, files, tmp_path, capsys)


async def proves_itself(
    file: Path, files: dict[str, bytes], tmp_path: Path, told: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """As it is, it fits; with one word changed in it, that is found."""
    key = files["record/key"].decode().strip()
    await asyncio.to_thread(verify, str(file), key=key)
    assert re.fullmatch(r"Everything fits: 3\d\d entries and 3 contributions\.\n", told.readouterr().out)
    for name, old, new in (("contributions.jsonl", b"By nobody", b"By no-one"), ("manifest.json", b"sample", b"simple"),
                           ("record/tile/entries/000", b"diasporas", b"diasporaz")):  # fmt: skip
        changed = tmp_path / "changed.zip"
        with zipfile.ZipFile(changed, "w") as packed:
            for each, content in files.items():
                packed.writestr(each, content.replace(old, new, 1) if each == name else content)
        with pytest.raises(Misfit, match=name.removeprefix("record/").split("/")[0]):
            await asyncio.to_thread(verify, str(changed), key=key)


def test_a_locked_archive_is_refused_in_one_sentence(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("README.md", "locked")
    content, locked = bytearray(made.getvalue()), tmp_path / "locked.zip"
    content[6] |= 1  # the flag of encryption, at the file and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(content)
    with pytest.raises(Misfit, match=r"locked\.zip: it cannot be unpacked"):
        verify(str(locked))


async def test_an_export_that_fails_leaves_nothing(database: Database, tmp_path: Path) -> None:
    ended = await command("export", "--consultation", "nowhere", "--out", tmp_path / "a.jsonl")
    assert ended.code == 2 and ended.error.startswith("There is no consultation “nowhere” here")
    assert list(tmp_path.glob("a.jsonl*")) == []


async def test_what_cannot_be_archived(database: Database, tmp_path: Path) -> None:
    ended = await command("export", "--consultation", "nowhere", "--archive", "--out", tmp_path / "a.zip")
    assert ended.code == 2 and ended.error.startswith("There is no consultation “nowhere” here")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("a.zip")] == []
    with pytest.raises(OperatorError, match="An archive has every format"):
        export(SLUG, Format.csv, archived=True)
