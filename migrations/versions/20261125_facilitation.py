"""More acts on dates than extensions, and for topics too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261125f"
down_revision: str | Sequence[str] | None = "20261125e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    _widen_extensions()


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


def downgrade() -> None:
    # What did not exist before cannot be told: these acts stay in the record, and the dates as they left them.
    op.execute("DELETE FROM extensions WHERE act <> 'extend' OR topic_id IS NOT NULL")
    op.drop_constraint(op.f("ck_extensions_act"), "extensions", type_="check")
    op.alter_column("extensions", "closes", nullable=False)
    for column in ("topic_id", "act", "opened_before", "opens"):
        op.drop_column("extensions", column)
