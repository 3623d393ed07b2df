"""Codings are counted from indexes alone: by code, and by contribution."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261203c"
down_revision: str | Sequence[str] | None = "20261203a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_COUNTED = ("code_id", "contribution_id")


def upgrade() -> None:
    for column in _COUNTED:
        name = op.f(f"ix_codings_consultation_id_{column}_coder_id")
        op.create_index(name, "codings", ["consultation_id", column, "coder_id"])


def downgrade() -> None:
    for column in _COUNTED:
        op.drop_index(op.f(f"ix_codings_consultation_id_{column}_coder_id"), table_name="codings")
