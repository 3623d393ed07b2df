"""The record's checkpoint, tiles and bundles as the API serves them."""

import base64

import pytest
from sqlalchemy import text

from app.config import settings
from app.database import Database
from app.readings.record.checkpoints import Checkpoints
from app.record import notes, tiles, tree
from tests.api.talk import Talk
from tests.making import say
from tests.record.served import grow, store_tiles

pytestmark = pytest.mark.anyio
FOR_EVER = "public, max-age=31536000, immutable"


async def test_a_record_is_served_as_tiles(said: Talk, database: Database) -> None:
    at = f"{said.home}/record"

    async def checkpoint() -> notes.Checkpoint:
        note, key = await said.get(f"{at}/checkpoint"), await said.get(f"{at}/key")
        assert note.headers["content-type"] == "text/plain; charset=utf-8"
        assert note.headers["cache-control"] == "public, max-age=0, s-maxage=2"
        return notes.opened(note.content, notes.verifier(key.text))

    await say(database, said.made)
    size = (await said.read(said.home))["size"]
    first = await checkpoint()
    assert (first.size, first.origin) == (size, f"plenary/record/{said.made.id}")
    await grow(database, said.made, 600, store=False)
    assert (await checkpoint()).size == 255  # until the worker has stored the first tile
    assert (await said.get(f"{at}/tile/1/000.p/1")).status_code == 404
    await store_tiles(database)
    newest = await checkpoint()
    assert newest.size == size + 600
    leaves = []
    for index in range(3):
        width = tree.width(newest.size, 0, index)
        entries = await said.get(f"{at}/{tiles.address('entries', index, width)}")
        level0 = await said.get(f"{at}/{tiles.address(0, index, width)}")
        for answer in (entries, level0):
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["cache-control"] == FOR_EVER
        assert entries.headers["content-encoding"] == "zstd"
        hashes = [tree.leaf_hash(entry) for entry in tiles.unbundled(entries.content)]
        assert level0.content == b"".join(hashes)
        leaves += hashes
    assert tree.root_of(leaves) == newest.root
    assert tree.root_of(leaves[: first.size]) == first.root
    level1 = await said.get(f"{at}/tile/1/000.p/2")
    assert level1.content == tree.root_of(leaves[:256]) + tree.root_of(leaves[256:512])
    again = await said.ask("GET", f"{at}/tile/1/000.p/2", None, headers={"if-none-match": level1.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, FOR_EVER)
    assert (await said.get(f"{at}/tile/0/000.p/7")).content == b"".join(leaves[:7])
    mine = await said.get(f"{at}/tile/0/000", "participant")
    assert mine.headers["cache-control"] == "private, no-store"


async def test_what_is_no_tile_is_not_found(said: Talk, database: Database) -> None:
    at = f"{said.home}/record"
    for path in (
        "0/001", "0/000", "0/000.p/255", "1/000.p/1", "64/000", "00/000", "-1/000", "0/0", "x/000", "0/000.p/256",
        "0/x999/x999/x999/x999/999", "entries/001", "entries/000.p/0", "entries/000.p/200",
    ):  # fmt: skip
        answer = await said.get(f"{at}/tile/{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), path
    assert (await said.get(f"{said.home}x/record/checkpoint")).status_code == 404
    assert (await said.get(f"{said.home}x/record/tile/0/000")).status_code == 404
    assert (await said.get(f"{at}/checkpoint", size=3)).status_code == 422
    async with database.writing() as session:
        await session.execute(text("UPDATE consultations SET sample = true"))
    sample = await said.get(f"{at}/tile/0/000.p/1")  # it may be removed, and another come in its place
    assert (sample.status_code, sample.headers["cache-control"]) == (200, "public, max-age=0, s-maxage=2")


async def test_the_key_is_the_same_on_every_host_or_the_one_that_is_set(
    said: Talk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = said.made.slug
    one, other = [await Checkpoints(database).of(slug) for _host in range(2)]
    assert one == other
    await grow(database, said.made, 1)
    seed = bytes(range(32))
    monkeypatch.setenv("PLENARY_RECORD_KEY", base64.b64encode(seed).decode())
    settings.cache_clear()
    chosen = await Checkpoints(database).of(slug)
    assert chosen.verifier.public != one.verifier.public
    assert notes.opened(chosen.note, notes.verifier(str(chosen.verifier))).size == one.checkpoint.size + 1
    with pytest.raises(ValueError, match="no signature of the trusted key"):
        notes.opened(chosen.note, one.verifier)
    monkeypatch.setenv("PLENARY_RECORD_KEY", "short")
    settings.cache_clear()
    with pytest.raises(ValueError, match="32 bytes in base 64"):
        settings()
