"""Gists: what a contribution says, in one line of a rapporteur's. Not public."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261203g"
down_revision: str | Sequence[str] | None = "20261203f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "gists",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("coder_id", sa.Uuid(), nullable=False),
        sa.Column("written", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_gists")),
        sa.ForeignKeyConstraint(["contribution_id"], ["contributions.id"], name=op.f("fk_gists_contribution_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_gists_consultation_id")),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_gists_coder_id")),
    )
    op.create_index(op.f("ix_gists_consultation_id"), "gists", ["consultation_id"])
    op.create_index(op.f("ix_gists_coder_id_contribution_id"), "gists", ["coder_id", "contribution_id"])


def downgrade() -> None:
    op.drop_table("gists")
