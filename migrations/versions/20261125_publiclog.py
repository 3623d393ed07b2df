"""The public moderation log: its monthly figures, and the way to decisions and appeals in the record."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261125e"
down_revision: str | Sequence[str] | None = "20261125j"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
ENTRIES = {"decisions": "kind = 'decision.made'", "appeals": "kind IN ('appeal.made', 'appeal.decided')"}
COUNTS = ("received", "published", "hidden", "appealed", "overturned")


def upgrade() -> None:
    op.create_table(
        "monthly_figures",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("median_hours", sa.Integer()),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "month", name=op.f("pk_monthly_figures")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_monthly_figures_consultation_id")
        ),
    )
    op.execute(f"GRANT SELECT ON monthly_figures TO {ROLE}")
    for name, kinds in ENTRIES.items():
        op.create_index(f"ix_entries_{name}", "entries", ["record_id", "seq"], postgresql_where=sa.text(kinds))
    numbered = sa.text("number IS NOT NULL")
    op.create_index("ix_decisions_number", "decisions", ["consultation_id", "number"], postgresql_where=numbered)


def downgrade() -> None:
    op.drop_index("ix_decisions_number", "decisions")
    for name in ENTRIES:
        op.drop_index(f"ix_entries_{name}", "entries")
    op.execute(f"REVOKE ALL ON monthly_figures FROM {ROLE}")
    op.drop_table("monthly_figures")
