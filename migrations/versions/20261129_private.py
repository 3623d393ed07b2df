"""Private consultations: rows that `plenary_reader` sees only for their members."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261129p"
down_revision: str | Sequence[str] | None = "20261128t"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
ROLES = "'moderator', 'rapporteur', 'organiser', 'suspended'"
VISIBLE = (
    "NOT EXISTS (SELECT FROM private_consultations p WHERE p.consultation_id = consultations.id)"
    " OR id = ANY (string_to_array(nullif(current_setting('plenary.admitted', true), ''), ',')::uuid[])"
)


def upgrade() -> None:
    op.create_table(
        "private_consultations",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.CheckConstraint("why in ('preparing', 'invited')", name=op.f("ck_private_consultations_why")),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_private_consultations")),
    )
    op.execute(f"GRANT SELECT (consultation_id) ON private_consultations TO {ROLE}")
    op.execute("ALTER TABLE consultations ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY public_reading ON consultations FOR SELECT TO {ROLE} USING ({VISIBLE})")
    _check_roles(f"'participant', {ROLES}")
    for column in ("definition", "details"):
        op.execute(f"""UPDATE consultations SET {column} = {column} || '{{"private": false}}'""")


def downgrade() -> None:
    op.execute("DELETE FROM memberships WHERE role = 'participant'")
    _check_roles(ROLES)
    for column in ("definition", "details"):
        op.execute(f"UPDATE consultations SET {column} = {column} - 'private'")
    op.execute("DROP POLICY public_reading ON consultations")
    op.execute("ALTER TABLE consultations DISABLE ROW LEVEL SECURITY")
    op.drop_table("private_consultations")


def _check_roles(roles: str) -> None:
    op.drop_constraint(op.f("ck_memberships_role"), "memberships", type_="check")
    op.create_check_constraint(op.f("ck_memberships_role"), "memberships", f"role in ({roles})")
