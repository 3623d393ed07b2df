"""Search looks for what a text is (its topic, its language, a tag) in the same index as for the words that it says."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261203f"
down_revision: str | Sequence[str] | None = "20261203c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
# As app/contributions/search_facets.py has them.
FACETS = """
array_remove(ARRAY[
    'in:' || publications.consultation_id, 'topic:' || topic_id, 'kind:' || kind, 'channel:' || channel,
    'language:' || language, 'country:' || country, 'organisation_kind:' || organisation_kind
], NULL)
|| ARRAY(SELECT 'question:' || each FROM unnest(questions) AS each)
|| ARRAY(SELECT 'tag:' || each FROM unnest(tags) AS each)
|| ARRAY(SELECT 'place:' || each FROM unnest(places) AS each)
"""


def upgrade() -> None:
    """Into a new table: a million rows written anew in their place would leave it twice as large."""
    op.rename_table("search_texts", "search_texts_before")
    op.create_table(
        "search_texts",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("published", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.Column("facets", postgresql.ARRAY(sa.Text()), nullable=False),
    )
    op.execute(
        f"INSERT INTO search_texts SELECT search_texts_before.*, {FACETS} FROM search_texts_before"
        " JOIN publications USING (contribution_id) ORDER BY search_texts_before.consultation_id, number"
    )
    op.drop_table("search_texts_before")
    op.create_primary_key(op.f("pk_search_texts"), "search_texts", ["contribution_id"])
    op.create_foreign_key(
        op.f("fk_search_texts_contribution_id"), "search_texts", "publications", ["contribution_id"],
        ["contribution_id"], ondelete="CASCADE",
    )  # fmt: skip
    op.create_index(
        op.f("ix_search_texts_consultation_id_number"), "search_texts", ["consultation_id", "number"], unique=True
    )
    op.create_index(
        op.f("ix_search_texts_consultation_id_published_number"), "search_texts",
        ["consultation_id", "published", "number"],
    )  # fmt: skip
    op.create_index("ix_search_texts_words_facets", "search_texts", ["words", "facets"], postgresql_using="gin")
    op.execute(f"GRANT SELECT ON search_texts TO {ROLE}")


def downgrade() -> None:
    op.drop_index("ix_search_texts_words_facets", table_name="search_texts")
    op.drop_index(op.f("ix_search_texts_consultation_id_published_number"), table_name="search_texts")
    op.drop_column("search_texts", "facets")
    op.create_index("ix_search_texts_words", "search_texts", ["words"], postgresql_using="gin")
