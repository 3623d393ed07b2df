"""The report in several languages: its versions' words in others than the one they were written in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261201r"
down_revision: str | Sequence[str] | None = "20261201c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
PUBLIC = "id, version_id, language, title, summary, method, results, html, reason, seq"


def upgrade() -> None:
    op.create_table(
        "report_translations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("title", "summary", "method")),
        *(sa.Column(name, postgresql.JSONB(), server_default="{}", nullable=False) for name in ("results", "html")),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("done", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("saved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.Column("written_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_translations")),
        sa.UniqueConstraint("version_id", "language", name=op.f("uq_report_translations_version_id_language")),
        sa.ForeignKeyConstraint(["version_id"], ["report_versions.id"], name=op.f("fk_report_translations_version_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_report_translations_written_by")),
    )
    op.create_index(op.f("ix_report_translations_written_by"), "report_translations", ["written_by"])
    op.execute("ALTER TABLE report_translations ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY public_reading ON report_translations FOR SELECT TO {ROLE} USING (seq IS NOT NULL)")
    op.execute(f"GRANT SELECT ({PUBLIC}) ON report_translations TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP POLICY public_reading ON report_translations")
    op.execute(f"REVOKE ALL ON report_translations FROM {ROLE}")
    op.drop_table("report_translations")
