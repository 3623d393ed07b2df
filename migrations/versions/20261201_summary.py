"""The two-page summary: its versions, of which the public reads those that the record has an entry of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261201y"
down_revision: str | Sequence[str] | None = "20261202h"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
PUBLIC = (
    "id, consultation_id, version, kind, language, title, body, html, recommendations, speech, speech_html, reason,"
    " salt, hash, seq, published"
)
WORDS = ("title", "body", "html", "speech", "speech_html", "reason")


def upgrade() -> None:
    op.create_table(
        "summary_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="interim", nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in WORDS),
        sa.Column("recommendations", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("saved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("hash", sa.LargeBinary()),
        sa.Column("seq", sa.Integer()),
        sa.Column("written_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("published", MOMENT),
        sa.CheckConstraint("kind in ('interim', 'final')", name=op.f("ck_summary_versions_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_versions")),
        sa.UniqueConstraint("consultation_id", "version", name=op.f("uq_summary_versions_consultation_id_version")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_summary_versions_consultation_id")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_summary_versions_written_by")),
    )
    op.create_index(
        "uq_summary_versions_draft", "summary_versions", ["consultation_id"], unique=True,
        postgresql_where=sa.text("seq IS NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_summary_versions_written_by"), "summary_versions", ["written_by"])
    op.execute("ALTER TABLE summary_versions ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY public_reading ON summary_versions FOR SELECT TO {ROLE} USING (seq IS NOT NULL)")
    op.execute(f"GRANT SELECT ({PUBLIC}) ON summary_versions TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP POLICY public_reading ON summary_versions")
    op.execute(f"REVOKE ALL ON summary_versions FROM {ROLE}")
    op.drop_table("summary_versions")
