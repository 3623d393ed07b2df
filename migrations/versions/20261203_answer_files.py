"""Files that come with answers to recommendations: public with the answer, until they are withdrawn."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261203a"
down_revision: str | Sequence[str] | None = "20261201b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    op.create_table(
        "response_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("bucket_key", sa.Text()),
        sa.Column("added", MOMENT, nullable=False),
        sa.Column("withdrawn", MOMENT),
        sa.Column("reason", sa.Text()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("reason_hash", sa.LargeBinary()),
        sa.Column("seq", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_files")),
        sa.UniqueConstraint("response_id", name=op.f("uq_response_files_response_id")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_response_files_response_id"), ondelete="CASCADE",
            deferrable=True, initially="DEFERRED",
        ),
    )  # fmt: skip
    op.execute("ALTER TABLE response_files ALTER content SET STORAGE EXTERNAL")  # it is compressed already
    op.execute(
        "CREATE TRIGGER note_bucket_removal AFTER DELETE OR UPDATE OF bucket_key ON response_files"
        " FOR EACH ROW WHEN (OLD.bucket_key IS NOT NULL) EXECUTE FUNCTION note_bucket_removal()"
    )
    op.execute(f"GRANT SELECT ON response_files TO {ROLE}")  # an answer is public at once, with all of it


def downgrade() -> None:
    kept = sa.text("SELECT EXISTS (SELECT 1 FROM response_files WHERE bucket_key IS NOT NULL)")
    if op.get_bind().execute(kept).scalar():
        raise RuntimeError("Files are kept in the bucket, where the version before would not find them.")
    op.drop_table("response_files")
