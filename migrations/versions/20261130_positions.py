"""Positions on recommendations, and the opinion map that the public reads of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261130p"
down_revision: str | Sequence[str] | None = "20261130v"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)


def upgrade() -> None:
    op.create_table(
        "positions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("taken", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.CheckConstraint("value in (-1, 0, 1)", name=op.f("ck_positions_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.UniqueConstraint(
            "recommendation_id", "person_id", name=op.f("uq_positions_recommendation_id_person_id")
        ),
        *_references("positions", recommendation_id="recommendations", person_id="people"),
    )  # fmt: skip
    op.create_index(op.f("ix_positions_person_id"), "positions", ["person_id"])
    op.create_table(
        "opinion_maps",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("found", postgresql.JSONB(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_opinion_maps")),
        *_references("opinion_maps", consultation_id="consultations"),
    )
    op.create_table(
        "opinion_members",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "person_id", name=op.f("pk_opinion_members")),
        *_references("opinion_members", consultation_id="consultations", person_id="people"),
    )
    op.create_index(op.f("ix_opinion_members_person_id"), "opinion_members", ["person_id"])
    op.execute(f"GRANT SELECT (consultation_id, made, found, salt, hash, seq) ON opinion_maps TO {ROLE}")
    for column in ("definition", "details"):
        op.execute(f"""UPDATE consultations SET {column} = {column} || '{{"opinion": false}}'""")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    for column in ("definition", "details"):
        op.execute(f"UPDATE consultations SET {column} = {column} - 'opinion'")
    op.execute(f"REVOKE ALL ON opinion_maps FROM {ROLE}")
    for table in ("opinion_members", "opinion_maps", "positions"):
        op.drop_table(table)
