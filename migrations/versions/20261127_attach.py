"""Files that go with a text, listed by its revisions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261127t"
down_revision: str | Sequence[str] | None = "20261126a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
COLUMNS = "id, contribution_id, name, type, size, hash, content"
# No state is kept: it is public while a public text lists it.
PUBLIC = """
    content IS NOT NULL AND EXISTS (
        SELECT 1 FROM revisions
        WHERE revisions.contribution_id = attachments.contribution_id
            AND revisions.visible AND revisions.state = 'public'
            AND revisions.attachments @> jsonb_build_array(jsonb_build_object('id', attachments.id::text))
    )
"""
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("bare", sa.Boolean(), nullable=False),
        sa.Column("tells", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_attachments_contribution_id"),
            deferrable=True, initially="DEFERRED",
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_attachments_contribution_id"), "attachments", ["contribution_id"])
    op.execute("ALTER TABLE attachments ALTER content SET STORAGE EXTERNAL")  # it is compressed already
    op.add_column("revisions", sa.Column("attachments", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.execute(f"GRANT SELECT (attachments) ON revisions TO {ROLE}")
    op.execute(f"GRANT SELECT ({COLUMNS}) ON attachments TO {ROLE}")
    op.execute("ALTER TABLE attachments ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY public_reading ON attachments FOR SELECT TO {ROLE} USING ({PUBLIC})")
    # Each document ends with the brace that closes it: its last field comes before that.
    op.execute(
        "UPDATE publications SET document = substring(document FROM 1 FOR length(document) - 1)"
        """ || convert_to(',"attachments":[]}', 'UTF8')"""
    )


def downgrade() -> None:
    op.execute(
        r"UPDATE publications SET document = convert_to(regexp_replace(convert_from(document, 'UTF8'),"
        r""" ',"attachments":\[.*\]\}$', '}'), 'UTF8')"""
    )
    op.execute(f"REVOKE SELECT (attachments) ON revisions FROM {ROLE}")
    op.drop_table("attachments")
    op.drop_column("revisions", "attachments")
