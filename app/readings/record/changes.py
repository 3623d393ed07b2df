"""The change feed: every public entry in order, with what it concerns as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors, record
from app.contributions.models import Publication
from app.language import gettext as _
from app.readings import json_texts
from app.readings.json_texts import Texts
from app.record.models import Entry, Record


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries as JSON texts; `last` is the number of the last one given, `size` of the last there is."""

    items: Texts
    last: int
    size: int


async def changes(connection: AsyncConnection, consultation: UUID, prefix: str, after: int, limit: int) -> Changes:
    """Entries after `after`, in one snapshot. Raises Invalid where `after` lies beyond the record's end.

    A contribution is given as it is in that snapshot, null where it is not public in it. So whoever has followed up to
    `size` holds what is public at that size, whichever states were passed over.
    """
    size = int(await connection.scalar(select(Record.size).where(Record.id == consultation)) or 0)
    if after > size:
        raise errors.Invalid(
            {"after": _("The record has %(size)s entries; nothing comes after %(after)s yet.", size=size, after=after)}
        )
    rows = (
        await connection.execute(
            select(Entry.seq, Entry.time, Entry.kind, Entry.subject, Entry.payload)
            .where(Entry.record_id == consultation, Entry.seq > after, Entry.public)
            .order_by(Entry.seq)
            .limit(limit)
        )
    ).all()
    present = await _present(connection, prefix, {id for row in rows for id in _concerned(row)})
    return Changes(Texts([_item(row, present) for row in rows]), rows[-1].seq if rows else after, size)


async def _present(connection: AsyncConnection, prefix: str, ids: set[UUID]) -> dict[UUID, Sequence[bytes]]:
    """The texts, in pieces, of those that are public now."""
    if not ids:
        return {}
    query = select(*json_texts.COLUMNS, Publication.contribution_id).where(Publication.contribution_id.in_(ids))
    rows = (await connection.execute(query)).all()
    return dict(zip((row.contribution_id for row in rows), json_texts.texts(rows, prefix).pieces, strict=True))


def _concerned(row: Any) -> list[UUID]:
    return [*([row.subject] if _is_contribution(row) else ()), *map(UUID, row.payload.get("related", ()))]


def _is_contribution(row: Any) -> bool:
    return bool(row.kind.startswith("contribution."))


def _item(row: Any, present: dict[UUID, Sequence[bytes]]) -> list[bytes]:
    """The entry as it is hashed, then what it concerns as it is now; in pieces.

    An entry about an act on a contribution names that as `contribution`, which is a name that stands for something else
    here: it is given as `contribution_id`, since what has a name twice is no JSON to strict readers.
    """
    entry = record.public_form(row.seq, row.time, row.kind, row.subject, row.payload)
    if "contribution" in entry:
        entry["contribution_id"] = entry.pop("contribution")
    related = [present[id] for id in map(UUID, entry.pop("related", ())) if id in present]
    now = present.get(row.subject) if _is_contribution(row) else None
    pieces = [orjson.dumps(entry)[:-1], b',"contribution":', *(now or (b"null",)), b',"related":[']
    for index, text in enumerate(related):
        pieces += (b",", *text) if index else text
    pieces.append(b"]}")
    return pieces
