"""What organisers publish: documents with their files, notices with their texts, and who did it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261129d"
down_revision: str | Sequence[str] | None = "20261129q"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
VERSION = (
    "id, document_id, language, number, name, type, size, hash, content, published, published_seq, withdrawn, reason,"
    " salt, reason_hash, seq"
)


def upgrade() -> None:
    _documents()
    _versions()
    _notices()
    op.create_table(
        "organisers_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        _consultation(),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("time", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisers_acts")),
        _to_consultation("organisers_acts"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_organisers_acts_person_id")),
    )
    for column in ("consultation_id", "subject", "person_id"):
        op.create_index(op.f(f"ix_organisers_acts_{column}"), "organisers_acts", [column])
    op.execute(f"GRANT SELECT ON documents, notices, notice_texts TO {ROLE}")
    op.execute(f"GRANT SELECT ({VERSION}) ON document_versions TO {ROLE}")
    op.execute("ALTER TABLE document_versions ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY public_reading ON document_versions FOR SELECT TO {ROLE} USING (published IS NOT NULL)")


def downgrade() -> None:
    for table in ("organisers_acts", "notice_texts", "notices", "document_versions", "documents"):
        op.drop_table(table)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        _consultation(),
        sa.Column("topic_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("titles", postgresql.JSONB(), nullable=False),
        sa.Column("author", sa.Text()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("expected", sa.Date()),
        *_ground("hash"),
        sa.CheckConstraint(
            "kind in ('concept-note', 'programme', 'working-paper', 'report', 'other')",
            name=op.f("ck_documents_kind"),
        ),
        sa.CheckConstraint("state in ('announced', 'published', 'withdrawn')", name=op.f("ck_documents_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        _to_consultation("documents"),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_documents_topic_id"), ondelete="SET NULL"
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_documents_consultation_id_position"), "documents", ["consultation_id", "position"])
    op.create_index(op.f("ix_documents_topic_id"), "documents", ["topic_id"])


def _versions() -> None:
    op.create_table(
        "document_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("tells", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("added", MOMENT, nullable=False),
        sa.Column("published", MOMENT),
        sa.Column("published_seq", sa.Integer()),
        sa.Column("withdrawn", MOMENT),
        *_ground("reason_hash"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_versions")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_versions_document_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "document_id", "language", "number", name=op.f("uq_document_versions_document_id_language_number")
        ),
    )
    op.execute("ALTER TABLE document_versions ALTER content SET STORAGE EXTERNAL")  # it is compressed already


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        _consultation(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("date", sa.Date()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("posted", MOMENT, nullable=False),
        sa.Column("revised", MOMENT),
        sa.Column("removed", MOMENT),
        *_ground("hash"),
        sa.CheckConstraint("kind in ('notice', 'next-step')", name=op.f("ck_notices_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        _to_consultation("notices"),
    )
    op.create_index(op.f("ix_notices_consultation_id_posted"), "notices", ["consultation_id", "posted"])
    op.create_table(
        "notice_texts",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.PrimaryKeyConstraint("notice_id", "language", name=op.f("pk_notice_texts")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_texts_notice_id"), ondelete="CASCADE"
        ),
    )


def _consultation() -> sa.Column[object]:
    return sa.Column("consultation_id", sa.Uuid(), nullable=False)


def _to_consultation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_consultation_id")
    return sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=name, ondelete="CASCADE")


def _ground(digest: str) -> list[sa.Column[object]]:
    """Why it was taken back, and what the record commits to."""
    return [
        sa.Column("reason", sa.Text()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column(digest, sa.LargeBinary()),
        sa.Column("seq", sa.Integer()),
    ]
