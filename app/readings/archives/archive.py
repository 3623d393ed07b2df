"""A complete dated archive of a consultation, for deposit in a research repository: one zip file.

It holds only texts whose authors agreed to that; of the others, how many they are. Of translations it holds those that
these authors made themselves: others agreed to nothing. All of it is read in one snapshot,
and everything in it is as of the record's last entry: the same record and the same texts make the same bytes.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any, BinaryIO
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Deposit, Publication
from app.database import Database, unavailable_if_lost
from app.readings import json_texts
from app.readings.archives import archive_answers, archive_organisers, archive_report, archive_summary, archive_words
from app.readings.archives.archive_record import record_files
from app.readings.archives.archive_words import Contents
from app.readings.archives.packing import Packer
from app.readings.consultations import consultation as read_consultation
from app.readings.exporting import csv_rows
from app.readings.exporting.exports import FORMATS
from app.readings.json_texts import Lines
from app.record import signing
from app.record.models import Entry

TEXTS = "contributions"  # the name of their files
_CHUNK = 250  # contributions read together
_MAY_BE = Publication.contribution_id == Deposit.contribution_id


async def write_archive(
    database: Database, slug: str, base: str, stream: BinaryIO, done: Callable[[int], None]
) -> Contents:
    """Write the zip file; `done` hears of each few texts. Raises NotFound, Unavailable."""
    key = await signing.signing_key(database)
    async with _snapshot(database) as connection:
        contents = await _contents(connection, slug, base)
        packer = Packer(stream, contents.time)
        packer.put("README.md", archive_words.readme(contents))
        packer.put("consultation.json", archive_words.as_json(archive_words.about(contents)))
        packer.put("codebook.csv", csv_rows.codebook_file())
        for ending in ("jsonl", *contents.tabular):
            texts = _texts(connection, contents, done if ending == "jsonl" else lambda _count: None)
            await packer.stream(f"{TEXTS}.{ending}", FORMATS[ending].written(texts))
        archive_organisers.pack(packer, contents.others)
        await _pack_record(packer, connection, contents.consultation.id, contents.consultation.size, key)
        manifest = archive_words.manifest(contents) | {"files": [file.json() for file in packer.files]}
        packer.put("manifest.json", archive_words.as_json(manifest))
        packer.put("SHA256SUMS", packer.sums())
        packer.finish()
    return contents


@asynccontextmanager
async def _snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """As the owner, since public reading does not know who agreed to what; read-only."""
    engine = database.write.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with unavailable_if_lost():
        async with engine.connect() as connection:
            yield connection


async def _contents(connection: AsyncConnection, slug: str, base: str) -> Contents:
    view = await read_consultation(connection, slug)
    public = select(func.count()).select_from(Publication).where(Publication.consultation_id == view.id)
    agreed = await connection.scalar(public.join(Deposit, _MAY_BE))
    last = select(Entry.time).where(Entry.record_id == view.id, Entry.seq == view.size)
    time = (await connection.execute(last)).scalar_one()
    everything = await connection.scalar(public)
    tabular = ("csv", "parquet") if find_spec("pyarrow") else ("csv",)
    organisers = await archive_organisers.files(connection, view, base)
    others = {
        **organisers,
        **await archive_report.files(connection, view, base),
        **await archive_summary.files(connection, view, base),
        **await archive_answers.files(connection, view, base),
    }
    left_out = (everything or 0) - (agreed or 0)
    return Contents(view, f"{base}/c/{slug}", time, agreed or 0, left_out, tabular, others)


async def _texts(
    connection: AsyncConnection, contents: Contents, done: Callable[[int], None]
) -> AsyncIterator[Lines]:  # fmt: skip
    """The public texts that may be deposited, by number."""
    query = (
        select(*json_texts.COLUMNS)
        .join(Deposit, _MAY_BE)
        .where(Publication.consultation_id == contents.consultation.id)
        .order_by(Publication.number)
        .limit(_CHUNK)
    )
    rows: Any = [(0,)]
    while rows := (await connection.execute(query.where(Publication.number > rows[-1][0]))).all():
        yield Lines.of(_without_others_words(text) for text in json_texts.texts(rows, f"{contents.url}/"))
        done(len(rows))


def _without_others_words(text: bytes) -> bytes:
    if b'"translations":[]' in text:
        return text
    given = orjson.loads(text)
    given["translations"] = [each for each in given["translations"] if each["by"] == "author"]
    return orjson.dumps(given)


async def _pack_record(
    packer: Packer, connection: AsyncConnection, log: UUID, size: int, key: Ed25519PrivateKey
) -> None:  # fmt: skip
    async for where, content in record_files(connection, log, size, key):
        packer.put(f"record/{where}", content)
