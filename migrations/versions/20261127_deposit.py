"""Which texts may be deposited in a research archive, as their authors said."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261127d"
down_revision: str | Sequence[str] | None = "20261127t"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "deposits",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("given", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_deposits_contribution_id"),
            initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_deposits_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_deposits_person_id")),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_deposits")),
    )  # fmt: skip
    op.create_index(op.f("ix_deposits_consultation_id"), "deposits", ["consultation_id"])
    op.create_index(op.f("ix_deposits_person_id"), "deposits", ["person_id"])


def downgrade() -> None:
    op.drop_table("deposits")
