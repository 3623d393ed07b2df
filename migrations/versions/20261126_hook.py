"""Keys have a last day and remember the day of their last use; webhooks and the attempts to reach them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261126f"
down_revision: str | Sequence[str] | None = "20261125h"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("expires", sa.Date()))
    _turn_used("date", "(used AT TIME ZONE 'UTC')::date")


def downgrade() -> None:
    _turn_used("timestamp(3) with time zone", "used::timestamp AT TIME ZONE 'UTC'")
    op.drop_column("api_keys", "expires")


def _turn_used(type_: str, value: str) -> None:
    op.execute(f"ALTER TABLE api_keys ALTER COLUMN used TYPE {type_} USING {value}")
