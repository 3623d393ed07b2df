"""Files move to the bucket, are read from there by who may read them, and leave it with what held them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from pydantic import ValidationError
from sqlalchemy import select

from app import errors
from app.bucket import store
from app.bucket.models import BucketRemoval
from app.config import Settings, settings
from app.consultations import documents
from app.contributions import actions, attaching
from app.database import Database
from app.moderation import erasing
from app.worker import catch_up
from tests.bucket.serving import Bucket, bucket
from tests.consultations.publishing import published
from tests.contributions.stored import document
from tests.contributions.test_attaching import PHOTO, SHOT, edit, listed, rows, seen
from tests.files import samples
from tests.making import make, say

pytestmark = pytest.mark.anyio


@pytest.fixture
def kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket, and settings that name it."""
    with bucket() as there:
        for name, value in {
            "BUCKET": "s3://files/plenary", "BUCKET_ENDPOINT": there.address, "BUCKET_KEY": "sample-key",
            "BUCKET_SECRET": "sample-secret",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"PLENARY_{name}", value)
        settings.cache_clear()
        yield there


async def moved(database: Database) -> None:
    await catch_up(database, "https://plenary.example.org")


async def test_a_file_is_read_from_the_bucket_and_leaves_it_when_it_is_erased(
    client: AsyncClient, database: Database, kept: Bucket
) -> None:
    made = await make(database)
    said = await say(database, made, files=(PHOTO,))
    [file] = await listed(database, said.id)
    before = await client.get(file["url"])
    await moved(database)
    [row] = await rows(database)
    assert row.content is None and list(kept.objects) == [f"/files/plenary/{row.bucket_key}"]
    after = await client.get(file["url"])
    assert (after.status_code, after.content) == (200, before.content)
    assert after.headers["etag"] == before.headers["etag"] and (await document(database, said.id)) is not None
    kept.broken = True
    assert (await client.get(file["url"])).status_code == 503
    kept.broken = False
    async with database.writing() as session:
        await erasing.erase(session, made.participant, said.id)
    assert (await client.get(file["url"])).status_code == 410
    await moved(database)
    assert kept.objects == {} and await _to_remove(database) == []


async def test_what_is_edited_away_lowered_or_withdrawn_leaves_it_too(database: Database, kept: Bucket) -> None:
    made = await make(database)
    said, other = await say(database, made, files=(PHOTO,)), await say(database, made, files=(SHOT,))
    paper = await published(database, made, samples.pdf())
    await moved(database)
    assert len(kept.objects) == 3
    [file] = await listed(database, said.id)
    async with database.writing() as session:
        await actions.lower_byline(session, made.participant, said.id, "anonymous")
    assert await seen(database, file["id"]) == "public"
    await edit(
        database, made, other.id, detached=frozenset(UUID(each["id"]) for each in await listed(database, other.id))
    )
    async with database.writing() as session:
        await documents.withdraw(session, made.organiser, made.id, paper.id, "It was a sample.")
    await moved(database)
    [only] = await listed(database, said.id)
    [path] = kept.objects
    assert path.startswith(f"/files/plenary/attachments/{only['id']}/") and await _to_remove(database) == []


async def test_while_the_bucket_does_not_answer_nothing_moves_and_nothing_is_lost(
    client: AsyncClient, database: Database, kept: Bucket
) -> None:
    made = await make(database)
    said = await say(database, made, files=(PHOTO,))
    kept.broken = True
    with pytest.raises(errors.Unavailable, match="does not answer"):
        await attaching.move_out(database)
    [file] = await listed(database, said.id)
    assert (await client.get(file["url"])).status_code == 200


async def test_what_is_forgotten_on_the_way_is_removed_again(
    database: Database, kept: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    said = await say(database, made, files=(PHOTO,))
    put = store.put

    async def while_it_is_erased(key: str, content: bytes) -> None:
        await put(key, content)
        async with database.writing() as session:
            await erasing.erase(session, made.participant, said.id)

    monkeypatch.setattr(store, "put", while_it_is_erased)
    await attaching.move_out(database)
    assert len(kept.objects) == 1 and len(await _to_remove(database)) == 1
    await moved(database)
    assert kept.objects == {}


@pytest.mark.parametrize("address", ["files", "https://files", "s3://", "s3://files/ä b"])
def test_what_is_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        Settings(bucket=address)


async def _to_remove(database: Database) -> list[Any]:
    async with database.writing() as session:
        return list(await session.scalars(select(BucketRemoval.key)))
