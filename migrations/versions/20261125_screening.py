"""Screening: what makes texts wait, fingerprints of texts, what automatic checks noticed. Nothing of it is public."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261125h"
down_revision: str | Sequence[str] | None = "20261125g"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    op.create_table(
        "screening_policies",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("policy", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_screening_policies")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], ondelete="CASCADE",
            name=op.f("fk_screening_policies_consultation_id"),
        ),
    )  # fmt: skip
    op.create_table(
        "fingerprints",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("exact", sa.LargeBinary(), nullable=False),
        sa.Column("similar", sa.BigInteger(), nullable=True),
        sa.Column("removed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_fingerprints")),
        _reference("fingerprints", "revision_id", "revisions", deferrable=True, initially="DEFERRED"),
        _reference("fingerprints", "contribution_id", "contributions", deferrable=True, initially="DEFERRED"),
        _reference("fingerprints", "consultation_id", "consultations"),
    )
    op.create_index(op.f("ix_fingerprints_contribution_id"), "fingerprints", ["contribution_id"])
    op.create_index(op.f("ix_fingerprints_consultation_id_exact"), "fingerprints", ["consultation_id", "exact"])
    op.create_index("ix_fingerprints_removed", "fingerprints", ["consultation_id"], postgresql_where=sa.text("removed"))
    op.create_table(
        "screenings",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("revision_id", "sign", name=op.f("pk_screenings")),
        _reference("screenings", "revision_id", "revisions"),
        _reference("screenings", "contribution_id", "contributions"),
    )
    op.create_index(op.f("ix_screenings_contribution_id"), "screenings", ["contribution_id"])


def downgrade() -> None:
    for table in ("screenings", "fingerprints", "screening_policies"):
        op.drop_table(table)


def _reference(table: str, column: str, to: str, **more: object) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, **more)  # type: ignore[arg-type]
