"""The short starts of `/developers`, done as they stand there."""

import asyncio
import re
import shutil
import sqlite3
import sys
from html import unescape
from pathlib import Path

import httpx
import pytest

from app.database import Database
from tests.api.talk import key_for
from tests.making import Made, make, say
from tests.serving import served

pytestmark = pytest.mark.anyio
RUNNERS = {
    "shell": ("bash", "-e", "-c"), "python": (sys.executable, "-c"),
    "javascript": ("node", "--input-type=module", "-e"),
}  # fmt: skip


async def done(kind: str, code: str, folder: Path) -> str:
    """What a start prints."""
    started = await asyncio.create_subprocess_exec(
        *RUNNERS[kind], code, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=folder
    )
    out, error = await started.communicate()
    assert started.returncode == 0, (code, error.decode())
    return out.decode()


async def test_each_start_does_what_it_says(database: Database, tmp_path: Path) -> None:
    made: Made = await make(database)
    first = await say(database, made, title="Said before")
    key, root = await key_for(database, made.other), str(Path(__file__).parents[2])
    async with served(database) as site, httpx.AsyncClient(base_url=site.url) as client:
        page = (await client.get("/developers")).text
        starts = re.findall(r'<code class="(\w+)( writes)?">(.*?)</code>', page, re.DOTALL)
        assert [kind for kind, _writes, _code in starts] == [
            "shell", "shell", "python", "javascript", "shell", "python", "shell", "python",
        ]  # fmt: skip
        for kind, writes, code in starts:
            if shutil.which(RUNNERS[kind][0]) is None:
                continue  # no such program here
            told = unescape(code).replace("KEY", key).replace("ID OF A CONTRIBUTION", str(first.id))
            told = told.replace("python3 -m app", f"cd {root}; PLENARY_DATA={tmp_path} {sys.executable} -m app")
            told = told.replace("mirror.sqlite", str(tmp_path / "mirror.sqlite")).replace("wait=30", "wait=1")
            out = await done(kind, told, tmp_path)
            assert ("Everything fits: " if "--to" in told else "Said before") in out or writes
            if writes:
                assert '"status":"pending"' in out if kind == "shell" else out.startswith("201 ")
        for sheet in re.findall(r'href="([^"]*/export\.[^"]*)"', page):
            assert (await client.get(unescape(sheet))).status_code == 200
    held = sqlite3.connect(tmp_path / "mirror.sqlite").execute("SELECT title FROM contributions").fetchall()
    assert held == [("Said before",)]
