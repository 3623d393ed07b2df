"""What is public of meetings and of texts set aside is asked of each row by its key, and not in a list of publications.

`x IN (SELECT … FROM publications)` is answered from a list of all publications: as long as that fits into a query's
memory it is hashed, and beyond it is read from its beginning for every single row.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261206p"
down_revision: str | Sequence[str] | None = "20261205f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FINAL = (
    " AND EXISTS (SELECT FROM recommendations"
    " WHERE recommendations.consultation_id = set_aside.consultation_id AND stage = 'final')"
)
BY_KEY = {
    "meeting_points": (
        "EXISTS (SELECT FROM publications WHERE publications.contribution_id = meeting_points.contribution_id)"
    ),
    "meetings": "EXISTS (SELECT FROM meeting_points WHERE meeting_points.meeting_id = meetings.id)",
    "set_aside": (
        f"EXISTS (SELECT FROM publications WHERE publications.contribution_id = set_aside.contribution_id){_FINAL}"
    ),
}
BY_LIST = {
    "meeting_points": "contribution_id IN (SELECT contribution_id FROM publications)",
    "meetings": "id IN (SELECT meeting_id FROM meeting_points)",
    "set_aside": f"contribution_id IN (SELECT contribution_id FROM publications){_FINAL}",
}


def upgrade() -> None:
    _put(BY_KEY)


def downgrade() -> None:
    _put(BY_LIST)


def _put(conditions: dict[str, str]) -> None:
    for table, condition in conditions.items():
        op.execute(f"ALTER POLICY public_reading ON {table} USING ({condition})")
