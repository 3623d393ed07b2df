"""Two indexes that every new text paid for and hardly anybody read are gone; entries of texts that wait keep one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261126i"
down_revision: str | Sequence[str] | None = "20261125h"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_entries_subject_record_id", "entries")
    op.drop_index("ix_contributions_topic_id", "contributions")
    op.create_index("ix_entries_waiting", "entries", ["subject"], postgresql_where=sa.text("kind = 'text.waiting'"))


def downgrade() -> None:
    op.drop_index("ix_entries_waiting", "entries")
    op.create_index("ix_contributions_topic_id", "contributions", ["topic_id"])
    op.create_index("ix_entries_subject_record_id", "entries", ["subject", "record_id"])
