"""People's translations of contributions: a table that the public does not read, and a list in each document."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.contributions import document, fragment
from app.contributions.placing import parent_number

revision: str = "20261128t"
down_revision: str | Sequence[str] | None = "20261128e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
STANDING = "status in ('offered', 'reviewed', 'approved')"
BATCH = 1_000
READ = sa.text(
    "SELECT contribution_id, document, depth, sort_key FROM publications"
    " WHERE contribution_id > :last ORDER BY contribution_id LIMIT :most"
)
WRITE = sa.text("UPDATE publications SET document = :document, fragment = :fragment WHERE contribution_id = :id")


def upgrade() -> None:
    op.create_table(
        "translations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False, server_default="false"),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status in ('waiting', 'offered', 'reviewed', 'approved', 'superseded', 'refused', 'removed')",
            name=op.f("ck_translations_status"),
        ),
        sa.CheckConstraint("\"by\" in ('participant', 'moderator', 'author')", name=op.f("ck_translations_by")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_translations_contribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_translations_consultation_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name=op.f("fk_translations_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translations")),
    )  # fmt: skip
    op.create_index(op.f("ix_translations_contribution_id"), "translations", ["contribution_id"])
    op.create_index(op.f("ix_translations_author_id"), "translations", ["author_id"])
    op.create_index(
        "uq_translations_standing", "translations", ["contribution_id", "language"], unique=True,
        postgresql_where=sa.text(STANDING),
    )  # fmt: skip
    op.create_index(
        "uq_translations_waiting", "translations", ["contribution_id", "language", "author_id"], unique=True,
        postgresql_where=sa.text("status = 'waiting'"),
    )  # fmt: skip
    op.create_index(
        "ix_translations_waiting", "translations", ["consultation_id", "created"],
        postgresql_where=sa.text("status = 'waiting'"),
    )  # fmt: skip
    # What people wrote has its quotation marks escaped: this is the field itself, and the first so called.
    op.execute(
        "UPDATE publications SET document = convert_to(regexp_replace(convert_from(document, 'UTF8'),"
        """ ',"questions":\\[', ',"translations":[],"questions":['), 'UTF8')"""
    )


def downgrade() -> None:
    _forget_them(op.get_bind())
    op.drop_table("translations")


def _forget_them(connection: sa.Connection) -> None:
    """Out of every document, and out of the pieces of pages; in batches, since there may be a million."""
    last = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(READ, {"last": last, "most": BATCH}).all():
        connection.execute(WRITE, [{"id": row[0], **_without(*row[1:])} for row in rows])
        last = rows[-1][0]


def _without(stored: bytes, depth: int, sort_key: bytes) -> dict[str, bytes]:
    fields = document.load(stored)
    fields.pop("translations", None)
    return {
        "document": document.dump(fields), "fragment": fragment.written(fields, parent_number(depth, sort_key)),
    }  # fmt: skip
