"""The report: its versions, of which the public reads those that the record has an entry of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261130t"
down_revision: str | Sequence[str] | None = "20261130o"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
PUBLIC = (
    "id, consultation_id, version, language, title, summary, method, results, html, reason, acknowledged, salt, hash,"
    " seq, as_of, published"
)


def upgrade() -> None:
    op.create_table(
        "report_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("title", "summary", "method")),
        *(sa.Column(name, postgresql.JSONB(), server_default="{}", nullable=False) for name in ("results", "html")),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("acknowledged", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("saved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("hash", sa.LargeBinary()),
        sa.Column("seq", sa.Integer()),
        sa.Column("as_of", sa.Integer()),
        sa.Column("written_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("published", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_versions")),
        sa.UniqueConstraint("consultation_id", "version", name=op.f("uq_report_versions_consultation_id_version")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_report_versions_consultation_id")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_report_versions_written_by")),
    )
    op.create_index(
        "uq_report_versions_draft", "report_versions", ["consultation_id"], unique=True,
        postgresql_where=sa.text("seq IS NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_report_versions_written_by"), "report_versions", ["written_by"])
    op.execute("ALTER TABLE report_versions ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY public_reading ON report_versions FOR SELECT TO {ROLE} USING (seq IS NOT NULL)")
    op.execute(f"GRANT SELECT ({PUBLIC}) ON report_versions TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP POLICY public_reading ON report_versions")
    op.execute(f"REVOKE ALL ON report_versions FROM {ROLE}")
    op.drop_table("report_versions")
