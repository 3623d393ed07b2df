"""Meetings, what was said there, and sources that are asked to confirm what was transcribed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261125g"
down_revision: str | Sequence[str] | None = "20261125f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
# Points are public with their contribution, a meeting with its first public point: no state has to be kept for it.
PUBLIC = {
    "meeting_points": "contribution_id IN (SELECT contribution_id FROM publications)",
    "meetings": "id IN (SELECT meeting_id FROM meeting_points)",
}


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Integer()),
        sa.Column("organisations", sa.Integer()),
        sa.Column("held_by", sa.Text()),
        sa.Column("rapporteur", sa.Text()),
        sa.Column("reported_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        *_references("meetings", consultation_id="consultations", reported_by="people"),
    )
    op.create_index(op.f("ix_meetings_consultation_id_date_id"), "meetings", ["consultation_id", "date", "id"])
    op.create_index(op.f("ix_meetings_reported_by"), "meetings", ["reported_by"])
    op.create_table(
        "meeting_points",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint("said in ('floor', 'report-back')", name=op.f("ck_meeting_points_said")),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_meeting_points")),
        *_references("meeting_points", contribution_id="contributions", meeting_id="meetings"),
    )
    op.create_index(op.f("ix_meeting_points_meeting_id_position"), "meeting_points", ["meeting_id", "position"])
    _make_sources()
    for table, condition in PUBLIC.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY public_reading ON {table} FOR SELECT TO {ROLE} USING ({condition})")
    public = "id, consultation_id, title, date, place, attendance, organisations, held_by, rapporteur, created"
    op.execute(f"GRANT SELECT ({public}) ON meetings TO {ROLE}")
    op.execute(f"GRANT SELECT ON meeting_points TO {ROLE}")


def _make_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("answered", MOMENT),
        sa.Column("answer", sa.Text()),
        sa.Column("words", sa.Text()),
        sa.CheckConstraint("answer in ('confirmed', 'wrong')", name=op.f("ck_sources_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        *_references("sources", consultation_id="consultations", contribution_id="contributions", asked_by="people"),
    )
    op.create_index(op.f("ix_sources_contribution_id"), "sources", ["contribution_id"])
    op.create_index(op.f("ix_sources_asked_by"), "sources", ["asked_by"])
    op.create_index(op.f("ix_sources_consultation_id_id"), "sources", ["consultation_id", "id"])
    addressed = sa.text("email IS NOT NULL")
    op.create_index("ix_sources_addressed", "sources", ["expires"], postgresql_where=addressed)


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    op.drop_table("sources")
    for table in reversed(PUBLIC):  # the policy of one looks into the other
        op.execute(f"DROP POLICY public_reading ON {table}")
    for table in PUBLIC:
        op.execute(f"REVOKE ALL ON {table} FROM {ROLE}")
        op.drop_table(table)
