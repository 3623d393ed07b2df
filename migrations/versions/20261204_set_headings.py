"""Pieces of pages with the headings of their texts set as the page has them, so that no page looks for them."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.contributions import fragment
from app.contributions.document import load
from app.contributions.headings import beneath
from app.contributions.placing import parent_number

revision: str = "20261204a"
down_revision: str | Sequence[str] | None = "20261203g"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = 1_000
READ = sa.text(
    "SELECT contribution_id, document, depth, sort_key, fragment FROM publications WHERE contribution_id > :last"
    " AND (position('<h4'::bytea IN document) > 0 OR position('<h5'::bytea IN document) > 0"
    " OR position('<h6'::bytea IN document) > 0) ORDER BY contribution_id LIMIT :most"
)
WRITE = sa.text("UPDATE publications SET fragment = :fragment WHERE contribution_id = :id")


def upgrade() -> None:
    _write_fragments(op.get_bind(), _anew)


def downgrade() -> None:
    _write_fragments(op.get_bind(), _of_before)


def _write_fragments(connection: sa.Connection, made_of: Callable[[sa.Row[Any]], bytes]) -> None:
    last = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(READ, {"last": last, "most": BATCH}).all():
        connection.execute(WRITE, [{"id": row.contribution_id, "fragment": made_of(row)} for row in rows])
        last = rows[-1].contribution_id


def _anew(row: sa.Row[Any]) -> bytes:
    return fragment.written(load(row.document), parent_number(row.depth, row.sort_key))


def _of_before(row: sa.Row[Any]) -> bytes:
    """The same with its headings as they are stored."""
    piece: bytes = row.fragment
    text = fragment.parts(load(row.document), None).text
    return piece.replace(beneath(text, 3).encode(), text.encode())
