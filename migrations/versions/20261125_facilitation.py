"""Facilitation: more acts on dates than extensions, for topics too; invitations, and who wants none."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261125f"
down_revision: str | Sequence[str] | None = "20261125c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    _widen_extensions()
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid()),
        sa.Column("question", sa.Text()),
        sa.Column("words", sa.Text()),
        sa.Column("addressed", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Uuid()),
        sa.Column("sent", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        *_references(
            "invitations", consultation_id="consultations", contribution_id="contributions", sender_id="people"
        ),
    )
    for columns in (["contribution_id"], ["sender_id"], ["consultation_id", "sent"]):
        op.create_index(op.f(f"ix_invitations_{'_'.join(columns)}"), "invitations", columns)
    op.create_table(
        "invitation_recipients",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("sent", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("invitation_id", "person_id", name=op.f("pk_invitation_recipients")),
        *_references("invitation_recipients", invitation_id="invitations", person_id="people"),
    )
    op.create_index(op.f("ix_invitation_recipients_person_id"), "invitation_recipients", ["person_id"])
    op.create_table(
        "invitation_refusals",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_invitation_refusals")),
        *_references("invitation_refusals", person_id="people"),
    )


def _widen_extensions() -> None:
    op.add_column("extensions", sa.Column("topic_id", sa.Uuid()))
    op.add_column("extensions", sa.Column("act", sa.Text(), server_default="extend", nullable=False))
    op.add_column("extensions", sa.Column("opened_before", MOMENT))
    op.add_column("extensions", sa.Column("opens", MOMENT))
    op.alter_column("extensions", "closes", nullable=True)
    op.create_foreign_key(
        op.f("fk_extensions_topic_id"), "extensions", "topics", ["topic_id"], ["id"], ondelete="CASCADE"
    )
    op.create_check_constraint(op.f("ck_extensions_act"), "extensions", "act in ('open', 'extend', 'close', 'reopen')")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    for table in ("invitation_refusals", "invitation_recipients", "invitations"):
        op.drop_table(table)
    # What did not exist before cannot be told: these acts stay in the record, and the dates as they left them.
    op.execute("DELETE FROM extensions WHERE act <> 'extend' OR topic_id IS NOT NULL")
    op.drop_constraint(op.f("ck_extensions_act"), "extensions", type_="check")
    op.alter_column("extensions", "closes", nullable=False)
    for column in ("topic_id", "act", "opened_before", "opens"):
        op.drop_column("extensions", column)
