"""Pieces of pages in a table of their own: who reads documents has no other texts on the way, and the reverse."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261205f"
down_revision: str | Sequence[str] | None = "20261204p"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
IN_THREAD = "contribution_id, thread_id, parent_id, number, depth, sort_key, kind"


def upgrade() -> None:
    """Publications are written anew, or their rows would keep the room of what is gone."""
    op.create_table(
        "fragments",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
    )
    op.execute("ALTER TABLE fragments SET (toast_tuple_target = 8160)")  # as those of publications
    op.execute(
        f"INSERT INTO fragments ({IN_THREAD}, html) SELECT {IN_THREAD}, fragment FROM publications"
        " ORDER BY thread_id, sort_key"
    )
    op.create_primary_key(op.f("pk_fragments"), "fragments", ["contribution_id"])
    op.create_foreign_key(
        op.f("fk_fragments_contribution_id"), "fragments", "publications", ["contribution_id"],
        ["contribution_id"], ondelete="CASCADE",
    )  # fmt: skip
    op.create_index(op.f("ix_fragments_thread_id_sort_key"), "fragments", ["thread_id", "sort_key"])
    op.create_index(op.f("ix_fragments_parent_id_number"), "fragments", ["parent_id", "number"])
    op.execute(f"GRANT SELECT ON fragments TO {ROLE}")
    op.drop_index(op.f("ix_publications_thread_id_sort_key"), table_name="publications")
    op.drop_column("publications", "fragment")
    op.execute("CLUSTER publications USING ix_publications_consultation_id_number")
    op.execute("ALTER TABLE publications SET WITHOUT CLUSTER")


def downgrade() -> None:
    op.add_column("publications", sa.Column("fragment", sa.LargeBinary()))
    op.execute(
        "UPDATE publications SET fragment = fragments.html FROM fragments"
        " WHERE fragments.contribution_id = publications.contribution_id"
    )
    op.alter_column("publications", "fragment", nullable=False)
    op.create_index(op.f("ix_publications_thread_id_sort_key"), "publications", ["thread_id", "sort_key"])
    op.drop_table("fragments")
