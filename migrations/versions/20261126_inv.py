"""Letters of moderators to authors, who received them, and who wants none."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261126a"
down_revision: str | Sequence[str] | None = "20261126f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid()),
        sa.Column("revision_id", sa.Uuid()),
        sa.Column("topic", sa.Text()),
        sa.Column("question", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("words", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Uuid()),
        sa.Column("sent", MOMENT, nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Integer()),
        sa.Column("reached", sa.Integer()),
        sa.Column("not_reached", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        *_references(
            "invitations", consultation_id="consultations", contribution_id="contributions", revision_id="revisions",
            sent_by="people",
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_invitations_consultation_id_id"), "invitations", ["consultation_id", "id"])
    op.create_index(op.f("ix_invitations_sent_by_sent"), "invitations", ["sent_by", "sent"])
    op.create_index(op.f("ix_invitations_contribution_id"), "invitations", ["contribution_id"])
    op.create_table(
        "invited",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("sent", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("invitation_id", "person_id", name=op.f("pk_invited")),
        *_references("invited", invitation_id="invitations", person_id="people"),
    )
    op.create_index(op.f("ix_invited_person_id_sent"), "invited", ["person_id", "sent"])
    op.create_table(
        "refusals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid()),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
        sa.UniqueConstraint(
            "person_id", "consultation_id", name=op.f("uq_refusals_person_id_consultation_id"),
            postgresql_nulls_not_distinct=True,
        ),
        *_references("refusals", person_id="people", consultation_id="consultations"),
    )  # fmt: skip
    op.create_index(op.f("ix_refusals_consultation_id"), "refusals", ["consultation_id"])


def downgrade() -> None:
    for table in ("refusals", "invited", "invitations"):
        op.drop_table(table)


def _references(table: str, **tables: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in tables.items()
    ]
