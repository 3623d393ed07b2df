"""What was merged says into what."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261125j"
down_revision: str | Sequence[str] | None = "20261125c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("contributions", sa.Column("merged_into", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_contributions_merged_into"), "contributions", "contributions", ["merged_into"], ["id"]
    )
    op.execute("GRANT SELECT (merged_into) ON contributions TO plenary_reader")


def downgrade() -> None:
    op.execute("REVOKE SELECT (merged_into) ON contributions FROM plenary_reader")
    op.drop_column("contributions", "merged_into")
