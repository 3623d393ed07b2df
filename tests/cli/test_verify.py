"""`verify`: a record on a server that runs, in a folder, and an export in a file."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn

from app.cli.verify import verify
from app.database import Database
from app.errors import OperatorError
from app.main import create_app
from app.record.verifying import Misfit
from tests.making import SLUG, say
from tests.record.served import with_a_history
from tests.running import command

pytestmark = pytest.mark.anyio


@pytest.fixture
async def server(database: Database) -> AsyncIterator[str]:
    """The address of a server on this database."""
    running = uvicorn.Server(uvicorn.Config(create_app(database), port=0, log_config=None))
    task = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    await task


async def test_a_record_is_verified_saved_and_verified_again(
    database: Database, server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = await with_a_history(database, entries=10)
    saved, data, url = tmp_path / "saved", tmp_path / "mine", f"{server}/c/{SLUG}"
    await asyncio.to_thread(verify, url, save=saved, data=data)
    told = capsys.readouterr()
    assert re.fullmatch(r"Everything fits: \d+ entries and 5 contributions\.\n", told.out)
    assert "This record is new here" in told.err
    key = (saved / "key").read_text().strip()
    assert key in told.err
    await asyncio.to_thread(verify, str(saved), key=key)
    await say(database, made)
    await asyncio.to_thread(verify, f"{server}/api/v1/consultations/{SLUG}", data=data)  # from the last checkpoint on
    told = capsys.readouterr()
    assert "and 6 contributions" in told.out and "new here" not in told.err
    await asyncio.to_thread(verify, str(saved / "export.jsonl"), url=url, data=data)  # older than the record: fits
    for export, old in (("export.jsonl", b"Title 1"), ("export.jsonl", b"Participant A"), ("checkpoint", b"=\n")):
        whole = (saved / export).read_bytes()
        assert old in whole
        (saved / export).write_bytes(whole.replace(old, old.swapcase() if old[:1] != b"=" else b"\n", 1))
        with pytest.raises(Misfit, match=export):
            await asyncio.to_thread(verify, str(saved), key=key)
        (saved / export).write_bytes(whole)
    (saved / "export.jsonl").write_text("{}\n")
    ended = await command("verify", saved / "export.jsonl", "--url", url, "--data", data)
    assert (ended.code, ended.out) == (1, "")
    assert ended.error.endswith("export.jsonl, line 1: it is not a contribution.\n")
    table, other = saved / "export.csv", "x+00000000+AAAA"
    table.write_text("number\n")
    for arguments, said in (
        ({"target": str(saved / "export.jsonl")}, "--url"), ({"target": "nothing"}, "neither an address nor a file"),
        ({"target": str(table), "url": url}, "export.manifest.json.format=csv"),
        ({"target": f"{server}/about"}, "Give the address of a consultation"), ({"target": url, "key": other}, "--key"),
        ({"target": url, "save": saved}, "is not empty"),
    ):  # fmt: skip
        with pytest.raises(OperatorError, match=said) as refused:
            await asyncio.to_thread(verify, **arguments, data=data)
        assert refused.value.status == 2


async def test_a_mirror_is_verified_against_the_record_it_follows(
    database: Database, server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = await with_a_history(database, entries=10)
    file, data, url = tmp_path / "mirror.sqlite", tmp_path / "mine", f"{server}/c/{SLUG}"
    assert (await command("pull", url, "--to", file)).code == 0
    await say(database, made)  # what came after is not missing
    await asyncio.to_thread(verify, str(file), data=data)
    assert capsys.readouterr().out.endswith(" and 5 contributions.\n")
    with pytest.raises(OperatorError, match="say which of them with --url"):
        await asyncio.to_thread(verify, str(file), url=f"{server}/c/another", data=data)
    whole = file.read_bytes()
    for spoilt, told in (
        ("UPDATE contributions SET document = replace(document, 'Title 1', 'Title one')", "do not give the hash"),
        ("DELETE FROM contributions WHERE number = 2", "contribution 2 is public in the record and missing"),
        ("DROP TABLE mirrors", "not a mirror that pull made"),
    ):
        file.write_bytes(whole)
        with closing(sqlite3.connect(file, isolation_level=None)) as mirror:
            mirror.execute(spoilt)
        with pytest.raises((Misfit, OperatorError), match=told):
            await asyncio.to_thread(verify, str(file), data=data)
