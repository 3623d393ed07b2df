"""Rounds of invitations, who was invited, and which addresses want none."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261129o"
down_revision: str | Sequence[str] | None = "20261129d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
STATES = "'waiting', 'sent', 'bounced', 'answered', 'declined', 'stopped'"


def upgrade() -> None:
    op.create_table(
        "outreach_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid()),
        sa.Column("sent", MOMENT, nullable=False),
        sa.Column("stopped", MOMENT),
        sa.Column("forget_at", MOMENT, nullable=False),
        sa.Column("forgotten", MOMENT),
        sa.Column("texts", postgresql.JSONB(), nullable=False),
        sa.Column("note_name", sa.Text()),
        sa.Column("note_type", sa.Text()),
        sa.Column("note", sa.LargeBinary()),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("invited", "merged", "left_out", "refused")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_rounds")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_outreach_rounds_consultation_id")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name=op.f("fk_outreach_rounds_sent_by")),
    )
    op.create_index(op.f("ix_outreach_rounds_consultation_id_id"), "outreach_rounds", ["consultation_id", "id"])
    op.create_index(op.f("ix_outreach_rounds_sent_by"), "outreach_rounds", ["sent_by"])
    kept = sa.text("forgotten IS NULL")
    op.create_index("ix_outreach_rounds_kept", "outreach_rounds", ["forget_at"], postgresql_where=kept)
    op.create_table(
        "invitees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("organisation", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("bounced", sa.Text()),
        sa.Column("since", MOMENT, nullable=False),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_invitees_state")),
        sa.CheckConstraint(
            "bounced in ('unknown', 'full', 'refused', 'unreachable')", name=op.f("ck_invitees_bounced")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["outreach_rounds.id"], name=op.f("fk_invitees_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitees")),
    )
    op.create_index(op.f("ix_invitees_round_id_id"), "invitees", ["round_id", "id"])
    op.create_index("ix_invitees_email", "invitees", ["email"], postgresql_where=sa.text("email IS NOT NULL"))
    op.create_table(
        "declined_addresses",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_declined_addresses")),
    )


def downgrade() -> None:
    for table in ("declined_addresses", "invitees", "outreach_rounds"):
        op.drop_table(table)
