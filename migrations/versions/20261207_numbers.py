"""What all public texts are counted by stands in the index that has their numbers: the rows have whole documents."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261207n"
down_revision: str | Sequence[str] | None = "20261206q"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_publications_consultation_id_number"
COUNTED = (
    "contribution_id", "topic_id", "parent_id", "kind", "language", "country", "organisation_kind", "endorsements",
    "questions",
)  # fmt: skip


def upgrade() -> None:
    """Of a million contributions it takes some three seconds."""
    _make_anew(COUNTED)


def downgrade() -> None:
    _make_anew(())


def _make_anew(included: Sequence[str]) -> None:
    """No number can be given twice meanwhile: the earlier one goes when the other is there."""
    columns = ["consultation_id", "number"]
    op.create_index(f"{NAME}_anew", "publications", columns, unique=True, postgresql_include=included)
    op.drop_index(NAME, "publications")
    op.execute(f"ALTER INDEX {NAME}_anew RENAME TO {NAME}")
