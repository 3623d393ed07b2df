"""Consultations in preparation, and earlier wordings of guiding questions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261130s"
down_revision: str | Sequence[str] | None = "20261129o"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What was loaded before had its topics and phases in their rows alone; from now on all of a definition is kept.
_KEEP_WHOLE = """
UPDATE consultations SET definition = definition
    || jsonb_build_object('phases', coalesce((
        SELECT jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object('name', name, 'starts', starts, 'note', note)) ORDER BY starts)
        FROM phases WHERE consultation_id = consultations.id), '[]'))
    || jsonb_build_object('topics', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'slug', slug, 'title', title, 'background', background, 'policy', policy, 'opens', opens, 'closes', closes,
            'moderators', to_jsonb(moderators), 'rapporteurs', to_jsonb(rapporteurs), 'questions', coalesce((
                SELECT jsonb_agg(jsonb_build_object('key', key, 'text', text) ORDER BY position)
                FROM guiding_questions WHERE topic_id = topics.id), '[]')
        ) ORDER BY position) FROM topics WHERE consultation_id = consultations.id), '[]'))
"""


def upgrade() -> None:
    op.add_column(
        "consultations", sa.Column("announced", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True)
    )
    op.execute("UPDATE consultations SET announced = created")
    op.execute(_KEEP_WHOLE)
    op.add_column("guiding_questions", sa.Column("version", sa.SmallInteger(), server_default="1", nullable=False))
    op.create_table(
        "question_wordings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["guiding_questions.id"],
            name=op.f("fk_question_wordings_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_wordings")),
        sa.UniqueConstraint("question_id", "version", name=op.f("uq_question_wordings_question_id_version")),
    )
    op.execute("GRANT SELECT ON question_wordings TO plenary_reader")


def downgrade() -> None:
    op.drop_table("question_wordings")
    op.drop_column("guiding_questions", "version")
    op.execute("UPDATE consultations SET definition = definition - 'phases' - 'topics'")
    op.drop_column("consultations", "announced")
