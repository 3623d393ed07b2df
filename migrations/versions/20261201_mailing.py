"""Mail to followers, participants and moderators: what each wants, up to where each was told, and whose address fails.

Nobody is mailed about what was published before: the consumer begins at the end of each log.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261130w"
down_revision: str | Sequence[str] | None = "20261201z"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
CHOICES = {
    "digest": ("daily", "('daily', 'never')"),
    "replies": ("at_once", "('at_once', 'daily', 'weekly', 'never')"),
    "dates": ("at_once", "('at_once', 'never')"),
    "outcome": ("at_once", "('at_once', 'never')"),
    "waiting": ("daily", "('at_once', 'daily', 'never')"),
}


def upgrade() -> None:
    _settings()
    _told()
    op.add_column("subscriptions", sa.Column("what", sa.Text(), server_default="all", nullable=False))
    op.create_check_constraint(
        op.f("ck_subscriptions_what"), "subscriptions", "what in ('all', 'replies_to_me', 'notes')"
    )
    op.add_column("subscriptions", sa.Column("counts_from", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE subscriptions SET counts_from = seen")
    op.create_index(op.f("ix_subscriptions_thing_id"), "subscriptions", ["thing_id"])
    op.add_column("deliveries", sa.Column("rank", sa.SmallInteger(), server_default="0", nullable=False))
    op.drop_index(op.f("ix_deliveries_due"), "deliveries")
    op.create_index("ix_deliveries_waiting", "deliveries", ["rank", "due"], postgresql_where=sa.text("due IS NOT NULL"))
    op.create_index(op.f("ix_deliveries_person_id_created"), "deliveries", ["person_id", "created"])
    op.execute(
        "INSERT INTO record_cursors (consumer, record_id, seq, failures) SELECT 'followers', id, size, 0 FROM records"
    )


def _settings() -> None:
    op.create_table(
        "notification_settings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), server_default="8", nullable=False),
        *(sa.Column(name, sa.Text(), server_default=usual, nullable=False) for name, (usual, _all) in CHOICES.items()),
        sa.Column("changed", MOMENT, nullable=False),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_notification_settings_hour")),
        *(
            sa.CheckConstraint(f"{name} in {allowed}", name=op.f(f"ck_notification_settings_{name}"))
            for name, (_usual, allowed) in CHOICES.items()
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notification_settings_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notification_settings")),
    )
    op.create_table(
        "failing_addresses",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("off", MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint("why in ('bounce', 'complaint')", name=op.f("ck_failing_addresses_why")),
        sa.CheckConstraint('("off" IS NULL) = (why IS NULL)', name=op.f("ck_failing_addresses_off")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_failing_addresses_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_failing_addresses")),
    )


def _told() -> None:
    op.create_table(
        "digests",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_digests_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digests")),
    )
    op.create_table(
        "digest_marks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("pace in ('daily', 'weekly')", name=op.f("ck_digest_marks_pace")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_digest_marks_person_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_digest_marks_consultation_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "consultation_id", "pace", name=op.f("pk_digest_marks")),
    )
    op.create_index(op.f("ix_digest_marks_consultation_id"), "digest_marks", ["consultation_id"])


def downgrade() -> None:
    op.execute("DELETE FROM record_cursors WHERE consumer = 'followers'")
    op.drop_index(op.f("ix_deliveries_person_id_created"), "deliveries")
    op.drop_index("ix_deliveries_waiting", "deliveries")
    op.create_index(op.f("ix_deliveries_due"), "deliveries", ["due"])
    op.drop_column("deliveries", "rank")
    op.drop_index(op.f("ix_subscriptions_thing_id"), "subscriptions")
    op.drop_column("subscriptions", "counts_from")
    op.drop_column("subscriptions", "what")
    for table in ("digest_marks", "digests", "failing_addresses", "notification_settings"):
        op.drop_table(table)
