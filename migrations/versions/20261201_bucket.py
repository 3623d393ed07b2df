"""Files may be kept in a bucket: where each is, and what the bucket has to lose."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261201b"
down_revision: str | Sequence[str] | None = "20261130i"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
TABLES = ("attachments", "document_versions")
# As before, but that what is in the bucket is held, too.
PUBLIC = """
    {held} AND EXISTS (
        SELECT 1 FROM revisions
        WHERE revisions.contribution_id = attachments.contribution_id
            AND revisions.visible AND revisions.state = 'public'
            AND revisions.attachments @> jsonb_build_array(jsonb_build_object('id', attachments.id::text))
    )
"""
NOTE = """
CREATE FUNCTION note_bucket_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.bucket_key IS DISTINCT FROM OLD.bucket_key THEN
        INSERT INTO bucket_removals (key, due) VALUES (OLD.bucket_key, now()) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "bucket_removals",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_bucket_removals")),
    )
    op.execute(NOTE)
    for table in TABLES:
        op.add_column(table, sa.Column("bucket_key", sa.Text()))
        op.execute(f"GRANT SELECT (bucket_key) ON {table} TO {ROLE}")
        op.execute(
            f"CREATE TRIGGER note_bucket_removal AFTER DELETE OR UPDATE OF bucket_key ON {table}"
            " FOR EACH ROW WHEN (OLD.bucket_key IS NOT NULL) EXECUTE FUNCTION note_bucket_removal()"
        )
    op.execute(f"ALTER POLICY public_reading ON attachments USING ({PUBLIC.format(held='hash IS NOT NULL')})")


def downgrade() -> None:
    kept = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE bucket_key IS NOT NULL" for table in TABLES)
    if op.get_bind().execute(sa.text(f"SELECT EXISTS ({kept})")).scalar():
        raise RuntimeError("Files are kept in the bucket, where the version before would not find them.")
    op.execute(f"ALTER POLICY public_reading ON attachments USING ({PUBLIC.format(held='content IS NOT NULL')})")
    for table in TABLES:
        op.execute(f"DROP TRIGGER note_bucket_removal ON {table}")
        op.drop_column(table, "bucket_key")
    op.execute("DROP FUNCTION note_bucket_removal()")
    op.drop_table("bucket_removals")
