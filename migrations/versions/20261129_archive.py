"""Archived consultations: a last phase, and logs that are sealed from it on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261129q"
down_revision: str | Sequence[str] | None = "20261129p"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PHASES = "'announced', 'open', 'closed', 'reported'"
ACTS = "'open', 'extend', 'close', 'reopen'"


def upgrade() -> None:
    op.add_column("records", sa.Column("sealed", postgresql.TIMESTAMP(timezone=True, precision=3)))
    _check("phases", "name", f"{PHASES}, 'archived'")
    _check("extensions", "act", f"{ACTS}, 'report', 'archive'")


def downgrade() -> None:
    op.execute("DELETE FROM extensions WHERE act in ('report', 'archive')")
    op.execute("DELETE FROM phases WHERE name = 'archived'")
    _check("extensions", "act", ACTS)
    _check("phases", "name", PHASES)
    op.drop_column("records", "sealed")


def _check(table: str, column: str, among: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} in ({among})")
