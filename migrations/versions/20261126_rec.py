"""The verifiable record: hashes of full tiles, which everyone may read, and the signing key, which only we may."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261126c"
down_revision: str | Sequence[str] | None = "20261126j"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"


def upgrade() -> None:
    op.create_table(
        "tile_hashes",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "level", "position", name=op.f("pk_tile_hashes")),
    )
    op.execute(f"GRANT SELECT ON tile_hashes TO {ROLE}")
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("made", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
        sa.CheckConstraint("id = 1", name=op.f("ck_signing_keys_only_one")),
    )


def downgrade() -> None:
    op.drop_table("signing_keys")
    op.execute(f"REVOKE ALL ON tile_hashes FROM {ROLE}")
    op.drop_table("tile_hashes")
