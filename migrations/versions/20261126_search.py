"""Search: the words of what is public, in a table that holds public rows only."""

from collections.abc import Sequence
from datetime import datetime

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.contributions.search_words import findable

revision: str = "20261126j"
down_revision: str | Sequence[str] | None = "20261126i"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
BATCH = 1_000
READ = sa.text(
    "SELECT contribution_id, consultation_id, number, document FROM publications"
    " WHERE contribution_id > :last ORDER BY contribution_id LIMIT :most"
)
WRITE = sa.text(
    "INSERT INTO search_texts (contribution_id, consultation_id, number, channel, published, words)"
    " VALUES (:id, :consultation, :number, :channel, :published,"
    " setweight(to_tsvector(CAST(:configuration AS regconfig), :title), 'A')"
    " || to_tsvector(CAST(:configuration AS regconfig), :body) || to_tsvector(CAST(:configuration AS regconfig), :bare)"
    " || array_to_tsvector(CAST(:pairs AS text[])))"
)


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("published", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_search_texts")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["publications.contribution_id"], ondelete="CASCADE",
            name=op.f("fk_search_texts_contribution_id"),
        ),
    )  # fmt: skip
    op.create_index(
        op.f("ix_search_texts_consultation_id_number"), "search_texts", ["consultation_id", "number"], unique=True
    )
    op.execute(f"GRANT SELECT ON search_texts TO {ROLE}")
    _fill(op.get_bind())
    op.create_index("ix_search_texts_words", "search_texts", ["words"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("search_texts")


def _fill(connection: sa.Connection) -> None:
    """In batches, since there may be a million."""
    last = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(READ, {"last": last, "most": BATCH}).all():
        connection.execute(WRITE, [_row(*row) for row in rows])
        last = rows[-1].contribution_id


def _row(id: object, consultation: object, number: int, document: bytes) -> dict[str, object]:
    told = orjson.loads(b"{" + document)
    found = findable(told["title"], told["body"], told["language"])
    return {
        "id": id, "consultation": consultation, "number": number, "channel": told["channel"],
        "published": datetime.fromisoformat(told["published"]), "configuration": found.configuration,
        "title": found.title, "body": found.body, "bare": found.bare, "pairs": found.pairs,
    }  # fmt: skip
