"""An index of the publications that name a place, for lists of those that name a common one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261204p"
down_revision: str | Sequence[str] | None = "20261204a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_publications_placed", "publications", ["consultation_id", "number"],
        postgresql_where=sa.text("nullif(places, '{}') IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_publications_placed", table_name="publications")
