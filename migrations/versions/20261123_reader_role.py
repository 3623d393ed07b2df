"""The role `plenary_reader`: what public reading may see.

Columns are granted one by one where a table also holds something private; row-level policies do the rest. Publications
hold public rows only and need no policy. docs/operators.md has the script for databases where roles are made by hand.
"""

from collections.abc import Sequence

from alembic import op

from app.database.reader import MAKE_READER

revision: str = "20261123b"
down_revision: str | Sequence[str] | None = "20261123a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"

WHOLE_TABLES = ("consultations", "phases", "extensions", "topics", "guiding_questions", "publications")
COLUMNS = {
    "records": "id, consultation_id, log, size",
    "entries": "record_id, seq, public, time, kind, subject, payload, leaf",
    "contributions": "id, consultation_id, topic_id, thread_id, parent_id, depth, number, sort_key, status, since",
    "revisions": (
        "id, contribution_id, number, state, visible, title, body, html, language, questions, places, salt, hash, seq,"
        " byline, capacity, author_id, author_name, organisation_id, organisation_name, organisation_kind,"
        " organisation_country, organisation_region, mandate, created, published"
    ),
    "decisions": "id, consultation_id, contribution_id, number, act, rule, reason, salt, hash, seq, decided",
}
POLICIES = {
    "records": "log = 'public'",
    "entries": "public",
    "contributions": "number IS NOT NULL",
    "revisions": "visible",
    "decisions": "number IS NOT NULL",
}


def upgrade() -> None:
    op.execute(MAKE_READER)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
    for table in WHOLE_TABLES:
        op.execute(f"GRANT SELECT ON {table} TO {ROLE}")
    for table, columns in COLUMNS.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {ROLE}")
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY public_reading ON {table} FOR SELECT TO {ROLE} USING ({condition})")
    # Documents of two to eight thousand bytes stay in the row: fetching them from elsewhere costs more than reading.
    op.execute("ALTER TABLE publications SET (toast_tuple_target = 8160)")


def downgrade() -> None:
    op.execute("ALTER TABLE publications RESET (toast_tuple_target)")
    for table in POLICIES:
        op.execute(f"DROP POLICY public_reading ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in (*WHOLE_TABLES, *COLUMNS):
        op.execute(f"REVOKE ALL ON {table} FROM {ROLE}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {ROLE}")  # the role itself may serve other databases: it stays
