"""Who follows which consultation, topic or thread."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261128f"
down_revision: str | Sequence[str] | None = "20261127d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.CheckConstraint("scope in ('consultation', 'topic', 'thread')", name=op.f("ck_subscriptions_scope")),
        sa.CheckConstraint("pace in ('at_once', 'daily', 'weekly', 'never')", name=op.f("ck_subscriptions_pace")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_subscriptions_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("person_id", "thing_id", name=op.f("uq_subscriptions_person_id_thing_id")),
    )
    op.create_index(op.f("ix_subscriptions_consultation_id"), "subscriptions", ["consultation_id"])


def downgrade() -> None:
    op.drop_table("subscriptions")
