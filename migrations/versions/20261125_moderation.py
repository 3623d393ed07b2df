"""The moderators' desk: more acts and what they need, flags, appeals, claims, locked threads, marks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261125c"
down_revision: str | Sequence[str] | None = "20261125b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
FIRST_ACTS = "act in ('approve', 'reject', 'hide', 'restore', 'erase')"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    _extend_decisions()
    _make_flags()
    _make_appeals()
    op.create_table(
        "claims",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_claims")),
        *_references("claims", contribution_id="contributions", consultation_id="consultations", person_id="people"),
    )
    op.create_index(op.f("ix_claims_consultation_id"), "claims", ["consultation_id"])
    op.create_index(op.f("ix_claims_person_id"), "claims", ["person_id"])
    op.create_table(
        "thread_locks",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_thread_locks")),
        *_references("thread_locks", thread_id="contributions"),
    )
    op.create_table(
        "marks",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.CheckConstraint("kind in ('pinned', 'featured')", name=op.f("ck_marks_kind")),
        sa.PrimaryKeyConstraint("contribution_id", "kind", name=op.f("pk_marks")),
        *_references("marks", contribution_id="contributions"),
    )
    op.create_index(op.f("ix_marks_topic_id_kind"), "marks", ["topic_id", "kind"])
    op.execute(f"GRANT SELECT ON thread_locks, marks TO {ROLE}")


def _extend_decisions() -> None:
    op.drop_constraint(op.f("ck_decisions_act"), "decisions", type_="check")
    op.alter_column("decisions", "contribution_id", nullable=True)
    for column in (
        sa.Column("person_id", sa.Uuid()),
        sa.Column("details", postgresql.JSONB()),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("role", sa.Text()),
        sa.Column("decider_name", sa.Text()),
    ):
        op.add_column("decisions", column)
    op.create_foreign_key("fk_decisions_person_id", "decisions", "people", ["person_id"], ["id"])
    op.create_index(op.f("ix_decisions_person_id"), "decisions", ["person_id"])
    op.create_index(op.f("ix_decisions_batch_id"), "decisions", ["batch_id"])
    op.execute(f"GRANT SELECT (role, decider_name) ON decisions TO {ROLE}")


def _make_flags() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("rule", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("decision_id", sa.Uuid()),
        sa.Column("closed", MOMENT),
        sa.CheckConstraint("outcome in ('upheld', 'dismissed', 'moot')", name=op.f("ck_flags_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        *_references(
            "flags", consultation_id="consultations", contribution_id="contributions", revision_id="revisions",
            person_id="people", decision_id="decisions",
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_flags_contribution_id"), "flags", ["contribution_id"])
    op.create_index(op.f("ix_flags_person_id"), "flags", ["person_id"])
    opened = sa.text("closed IS NULL")
    op.create_index("uq_flags_open", "flags", ["contribution_id", "person_id"], unique=True, postgresql_where=opened)
    op.create_index("ix_flags_waiting", "flags", ["consultation_id", "contribution_id"], postgresql_where=opened)


def _make_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("number", sa.Integer()),
        sa.Column("words", sa.Text()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("hash", sa.LargeBinary()),
        sa.Column("role", sa.Text()),
        sa.Column("by_same", sa.Boolean()),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided", MOMENT),
        sa.Column("seq", sa.Integer()),
        sa.CheckConstraint("outcome in ('upheld', 'overturned')", name=op.f("ck_appeals_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
        *_references(
            "appeals", consultation_id="consultations", contribution_id="contributions", decision_id="decisions",
            person_id="people", decided_by="people",
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_appeals_contribution_id"), "appeals", ["contribution_id"])
    op.create_index(op.f("ix_appeals_person_id"), "appeals", ["person_id"])
    waiting = sa.text("decided IS NULL")
    op.create_index("ix_appeals_waiting", "appeals", ["consultation_id", "created"], postgresql_where=waiting)
    public = (
        "id, consultation_id, contribution_id, decision_id, number, created, outcome, reason, salt, hash, role,"
        " by_same, decided, seq"
    )
    op.execute(f"GRANT SELECT ({public}) ON appeals TO {ROLE}")
    op.execute("ALTER TABLE appeals ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY public_reading ON appeals FOR SELECT TO {ROLE} USING (number IS NOT NULL)")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    op.execute("DROP POLICY public_reading ON appeals")
    for table in ("marks", "thread_locks", "claims", "appeals", "flags"):
        op.execute(f"REVOKE ALL ON {table} FROM {ROLE}")
        op.drop_table(table)
    op.execute(f"REVOKE SELECT (role, decider_name) ON decisions FROM {ROLE}")
    # What did not exist before cannot be told: these decisions stay in the record alone.
    op.execute(f"DELETE FROM decisions WHERE contribution_id IS NULL OR NOT ({FIRST_ACTS})")
    for column in ("person_id", "details", "batch_id", "role", "decider_name"):
        op.drop_column("decisions", column)
    op.alter_column("decisions", "contribution_id", nullable=False)
    op.create_check_constraint(op.f("ck_decisions_act"), "decisions", FIRST_ACTS)
