"""A record with a history, and everything that the API serves of it."""

from httpx import AsyncClient

from app import record
from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from app.record import tiles, tiling, tree
from app.record.log import Draft
from tests.making import SLUG, Made, decide, make, say

HOME = f"/api/v1/consultations/{SLUG}"
ERASED = "A sentence that was erased"


async def grow(database: Database, made: Made, entries: int, *, store: bool = True) -> None:
    """Append so many entries in one act, and let the worker's part follow."""
    async with database.writing() as session:
        turn = await record.take_turn(session, "public", made.id, entries)
        await record.write(session, turn, [Draft("consultation.updated", made.id, {"changed": ["x"]})] * entries)
    if store:
        await store_tiles(database)


async def store_tiles(database: Database) -> None:
    """What the worker does each second."""
    async with database.writing() as session:
        await tiling.store(session)


async def with_a_history(database: Database, entries: int = 300) -> Made:
    """Contributions that were published, hidden, restored, withdrawn, erased; and many other entries."""
    made = await make(database)
    said = [await say(database, made, title=f"Title {n}", body=f"Body {n}, مرحبا 🌍") for n in range(6)]
    erased = await say(database, made, body=ERASED)
    await decide(database, made, "hide", said[0].id)
    await decide(database, made, "hide", said[1].id)
    await decide(database, made, "restore", said[1].id)
    await grow(database, made, entries)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, said[2].id)
        await erasing.erase(session, made.participant, erased.id)
    await say(database, made, title="The last one")
    return made


async def read_all(client: AsyncClient) -> dict[str, bytes]:
    """Checkpoint, key, export, and every tile and bundle there is at this size."""
    files = {name: await _get(client, f"/record/{name}") for name in ("checkpoint", "key")}
    size = int(files["checkpoint"].split(b"\n")[1])
    for level, index in tree.all_tiles(size):
        for kind in (level, "entries") if level == 0 else (level,):
            where = tiles.address(kind, index, tree.width(size, level, index))
            files[where] = await _get(client, f"/record/{where}")
    return files | {"export.jsonl": await _get(client, "/export.jsonl")}


async def _get(client: AsyncClient, path: str) -> bytes:
    answer = await client.get(HOME + path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.content
