"""Mail that came in, and which texts it became."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261130i"
down_revision: str | Sequence[str] | None = "20261130w"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
STATES = "'arrived', 'asked', 'done', 'refused', 'dropped', 'failed', 'given_up'"


def upgrade() -> None:
    op.create_table(
        "inbound_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.Text()),
        sa.Column("returns", sa.Text()),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("received", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="arrived", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("settled", MOMENT),
        sa.Column("expires", MOMENT),
        sa.Column("sender", sa.Text()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("consultation_id", sa.Uuid()),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("text", sa.Text()),
        sa.Column("unsure", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("parts", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("asks", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("told", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("confirmed", MOMENT),
        sa.Column("confirmed_by", sa.Uuid()),
        sa.Column("byline", sa.Text()),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_inbound_mails_state")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inbound_mails_person_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_inbound_mails_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mails")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_inbound_mails_fingerprint")),
    )
    op.create_index(op.f("ix_inbound_mails_consultation_id"), "inbound_mails", ["consultation_id"])
    for name, column, which in (
        ("due", "due", "state = 'arrived'"),
        ("sender", "sender", "sender IS NOT NULL"),
        ("person_id", "person_id", "person_id IS NOT NULL"),
    ):
        op.create_index(f"ix_inbound_mails_{name}", "inbound_mails", [column], postgresql_where=sa.text(which))
    op.create_table(
        "inbound_texts",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["inbound_mails.id"], name=op.f("fk_inbound_texts_mail_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_inbound_texts_contribution_id")
        ),
        sa.PrimaryKeyConstraint("mail_id", "contribution_id", name=op.f("pk_inbound_texts")),
    )
    op.create_index(op.f("ix_inbound_texts_contribution_id"), "inbound_texts", ["contribution_id"])


def downgrade() -> None:
    op.drop_table("inbound_texts")
    op.drop_table("inbound_mails")
