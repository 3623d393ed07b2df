"""Killed at each step: what was acknowledged is posted once and answered once, and nothing else is."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.database import Database
from app.inbound.processing import take_in
from app.mailed.models import InboundMail
from tests.inbound.dying import STEPS
from tests.inbound.test_replies import ready
from tests.inbound.writing import Post, reply_to, written
from tests.making import say

pytestmark = pytest.mark.anyio


async def test_a_ledger_of_texts_comes_out_even(database: Database, post: Post, tmp_path: Path) -> None:
    made = await ready(database)
    parent = await say(database, made)
    to = reply_to(made.other, parent.id)
    (tmp_path / "envelope").write_text(f"participant-b@example.org\n{to}")
    for step in STEPS:
        (tmp_path / f"{step}.eml").write_bytes(written(to, f"Killed when {step}.", Message_ID=f"<{step}@example.org>"))
    process = [sys.executable, "-m", "tests.inbound.dying", str(tmp_path)]
    root = Path(__file__).parents[2]
    await asyncio.to_thread(subprocess.run, process, check=True, cwd=root, env=os.environ)
    assert {step: int((tmp_path / f"{step}.ended").read_text()) for step in STEPS} == dict.fromkeys(
        STEPS, signal.SIGKILL
    )
    acknowledged = {step for step in STEPS if (tmp_path / f"{step}.acknowledged").exists()}
    assert acknowledged == set(STEPS) - {"keeping"}
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).select_from(InboundMail)) == len(acknowledged)
        await session.execute(update(InboundMail).values(due=clock.now()))  # the leases of the dead are over
    while await take_in(database):
        pass
    bodies = sorted(revision.body or "" for _text, revision in await post.texts())
    assert bodies == sorted(f"Killed when {step}." for step in acknowledged)
    assert len(await post.answers()) == len(acknowledged)
