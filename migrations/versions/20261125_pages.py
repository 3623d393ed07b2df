"""Pages of threads from one table: publications keep their place and their piece of a page.

The record tells where it last spoke of the consultation itself, so that what was read of it once can be kept.
"""

from collections.abc import Sequence

import orjson
import sqlalchemy as sa
from alembic import op

from app.contributions import fragment
from app.contributions.placing import parent_number

revision: str = "20261125b"
down_revision: str | Sequence[str] | None = "20261125a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
BATCH = 1_000
READ = sa.text(
    "SELECT contribution_id, document, depth, sort_key FROM publications"
    " WHERE contribution_id > :last ORDER BY contribution_id LIMIT :most"
)
WRITE = sa.text("UPDATE publications SET fragment = :fragment WHERE contribution_id = :id")


def upgrade() -> None:
    op.add_column("records", sa.Column("defined", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE records SET defined = coalesce((SELECT max(seq) FROM entries WHERE record_id = records.id"
        " AND kind ~ '^(consultation|topic|phase)[.]'), 0)"
    )
    op.execute(f"GRANT SELECT (defined) ON records TO {ROLE}")
    op.add_column("publications", sa.Column("depth", sa.Integer(), nullable=True))
    op.add_column("publications", sa.Column("sort_key", sa.LargeBinary(), nullable=True))
    op.add_column("publications", sa.Column("fragment", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE publications SET depth = contributions.depth, sort_key = contributions.sort_key"
        " FROM contributions WHERE contributions.id = contribution_id"
    )
    _write_fragments(op.get_bind())
    op.execute("UPDATE publications SET document = substring(document FROM 2)")  # the brace is put before it when read
    for column in ("depth", "sort_key", "fragment"):
        op.alter_column("publications", column, nullable=False)
    op.create_index(op.f("ix_publications_thread_id_sort_key"), "publications", ["thread_id", "sort_key"], unique=False)
    op.drop_index("ix_contributions_thread", table_name="contributions")
    op.create_index(
        "ix_contributions_gaps",
        "contributions",
        ["thread_id", "sort_key"],
        unique=False,
        postgresql_where=sa.text("number IS NOT NULL AND status <> 'published'"),
    )


def downgrade() -> None:
    op.drop_index("ix_contributions_gaps", table_name="contributions")
    op.create_index(
        "ix_contributions_thread",
        "contributions",
        ["thread_id", "sort_key"],
        unique=False,
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.drop_index(op.f("ix_publications_thread_id_sort_key"), table_name="publications")
    op.execute("UPDATE publications SET document = '{'::bytea || document")
    for column in ("fragment", "sort_key", "depth"):
        op.drop_column("publications", column)
    op.drop_column("records", "defined")


def _fragment(document: bytes, depth: int, sort_key: bytes) -> bytes:
    return fragment.written(orjson.loads(document), parent_number(depth, sort_key))


def _write_fragments(connection: sa.Connection) -> None:
    """The piece of a page of each publication, from its document; in batches, since there may be a million."""
    last = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(READ, {"last": last, "most": BATCH}).all():
        connection.execute(WRITE, [{"id": row[0], "fragment": _fragment(*row[1:])} for row in rows])
        last = rows[-1][0]
