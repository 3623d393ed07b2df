"""Organisations are counted, and what somebody signed is found, from indexes; what lists find among facets has none."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261206q"
down_revision: str | Sequence[str] | None = "20261206p"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SIGNED = sa.text("state = 'public' AND organisation_id IS NOT NULL")
IN_IT = (
    "contribution_id", "visible", "organisation_name", "organisation_kind", "organisation_country",
    "organisation_region", "mandate",
)  # fmt: skip


def upgrade() -> None:
    """Of a million contributions it takes some ten seconds."""
    op.create_index(
        "ix_revisions_signed", "revisions", ["organisation_id"], postgresql_include=IN_IT, postgresql_where=SIGNED
    )
    op.drop_index("ix_revisions_organisation", "revisions")
    signed = sa.text("author_id IS NOT NULL")
    op.create_index("ix_revisions_author_id", "revisions", ["author_id"], postgresql_where=signed)
    endorsed = sa.text("endorsers <> '\\x5b5d'")
    op.create_index(
        "ix_publications_endorsed", "publications", ["consultation_id", "number"], postgresql_where=endorsed
    )
    for name in ("placed", "places", "tags"):
        op.drop_index(f"ix_publications_{name}", "publications")


def downgrade() -> None:
    placed = sa.text("nullif(places, '{}') IS NOT NULL")
    op.create_index("ix_publications_placed", "publications", ["consultation_id", "number"], postgresql_where=placed)
    for name in ("places", "tags"):
        op.create_index(f"ix_publications_{name}", "publications", [name], postgresql_using="gin")
    op.drop_index("ix_publications_endorsed", "publications")
    op.drop_index("ix_revisions_author_id", "revisions")
    op.create_index("ix_revisions_organisation", "revisions", ["organisation_id"], postgresql_where=SIGNED)
    op.drop_index("ix_revisions_signed", "revisions")
