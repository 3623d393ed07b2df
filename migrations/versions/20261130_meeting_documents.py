"""Documents of a meeting to come."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261130v"
down_revision: str | Sequence[str] | None = "20261130t"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("meeting_id", sa.Uuid()))
    op.create_index(op.f("ix_documents_meeting_id"), "documents", ["meeting_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_documents_meeting_id"), "documents")
    op.drop_column("documents", "meeting_id")
