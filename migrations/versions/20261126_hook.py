"""Keys have a last day and remember the day of their last use; webhooks and attempts to reach them; endorsements."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261126f"
down_revision: str | Sequence[str] | None = "20261126c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("expires", sa.Date()))
    _turn_used("date", "(used AT TIME ZONE 'UTC')::date")
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("paused", MOMENT),
        sa.Column("created", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_webhooks_consultation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_webhooks_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_consultation_id"), "webhooks", ["consultation_id"])
    op.create_index(op.f("ix_webhooks_owner_id"), "webhooks", ["owner_id"])
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("time", MOMENT, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_attempts_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
    )
    op.create_index(op.f("ix_webhook_attempts_webhook_id_id"), "webhook_attempts", ["webhook_id", "id"])
    op.create_index(op.f("ix_webhook_attempts_time"), "webhook_attempts", ["time"])

    op.create_table(
        "endorsements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("given", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_endorsements_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_endorsements_contribution_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_endorsements_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        sa.UniqueConstraint("contribution_id", "person_id", name=op.f("uq_endorsements_contribution_id_person_id")),
    )
    op.create_index(op.f("ix_endorsements_consultation_id"), "endorsements", ["consultation_id"])
    op.create_index(op.f("ix_endorsements_person_id"), "endorsements", ["person_id"])


def downgrade() -> None:
    op.drop_table("endorsements")
    op.drop_table("webhook_attempts")
    op.drop_table("webhooks")
    _turn_used("timestamp(3) with time zone", "used::timestamp AT TIME ZONE 'UTC'")
    op.drop_column("api_keys", "expires")


def _turn_used(type_: str, value: str) -> None:
    op.execute(f"ALTER TABLE api_keys ALTER COLUMN used TYPE {type_} USING {value}")
