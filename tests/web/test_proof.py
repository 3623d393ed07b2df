"""The record's page and the proof of one contribution, recomputed from what the page shows."""

import hashlib
import re
from base64 import b64encode
from html import unescape

import pytest
from httpx import AsyncClient

from app.database import Database
from app.record import notes
from tests.making import SLUG, make, say
from tests.record.served import grow
from tests.web.pages import heading

pytestmark = pytest.mark.anyio
RECORD = f"/c/{SLUG}/record"


async def test_a_reader_can_check_a_contribution(database: Database, client: AsyncClient) -> None:
    made = await make(database)
    said = await say(database, made, title="A title", body='Body with "quotes" <b>')
    await grow(database, made, 300)
    record = await client.get(RECORD)
    key = re.search(r"plenary/record/[\w-]+\+[0-9a-f]{8}\+[\w+/=]+", unescape(record.text))
    assert key is not None and "What is promised, and what is not" in record.text
    sent = await client.get(f"{RECORD}/number?n={said.number}")
    assert sent.headers["location"] == f"{RECORD}/{said.number}"
    page = await client.get(f"{RECORD}/{said.number}")
    assert heading(page) == f"Contribution {said.number} in the record"
    assert "It fits:" in page.text
    text = [unescape(code) for code in re.findall(r"<code[^>]*>(.*?)</code>", page.text, re.DOTALL)]
    content, salt, committed, entry, leaf, *steps, root, note = text
    assert hashlib.sha256(bytes.fromhex(salt) + content.encode()).hexdigest() == committed
    assert committed in entry and str(said.id) in entry
    reached = hashlib.sha256(b"\0" + entry.encode()).digest()
    assert reached.hex() == leaf
    sides = re.findall(r"<li>On the (left|right)", page.text)
    assert len(sides) * 2 == len(steps) and len(sides) > 7
    for side, neighbour, told in zip(sides, steps[::2], steps[1::2], strict=True):
        pair = [bytes.fromhex(neighbour), reached] if side == "left" else [reached, bytes.fromhex(neighbour)]
        reached = hashlib.sha256(b"\1" + b"".join(pair)).digest()
        assert reached.hex() == told
    assert reached.hex() == root
    assert b64encode(notes.opened(note.encode(), notes.verifier(key[0])).root).decode() in note
    assert notes.opened(note.encode(), notes.verifier(key[0])).root == reached
    assert f'href="{RECORD}/{said.number}"' in (await client.get(f"/c/{SLUG}/{said.number}")).text
    for path in ("/99", "/0x1", "/number?n=one", "/number"):
        assert (await client.get(RECORD + path)).status_code == 404
