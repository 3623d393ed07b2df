"""Coding: codes and their changes, coders, codings, memos, and which texts were read. None of it is public."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261201c"
down_revision: str | Sequence[str] | None = "20261130p"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
TABLES = ("codes", "code_changes", "coders", "codings", "memos", "texts_read")


def upgrade() -> None:
    _make_codes()
    _make_changes()
    _make_coders()
    _make_codings()
    _make_memos()
    _make_texts_read()


def _make_codes() -> None:
    op.create_table(
        "codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), server_default="", nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("merged_into", sa.Uuid()),
        sa.Column("retired", MOMENT),
        sa.CheckConstraint("merged_into IS NULL OR retired IS NOT NULL", name=op.f("ck_codes_merged")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
        *_references(
            "codes", consultation_id="consultations", parent_id="codes", made_by="people", merged_into="codes"
        ),
    )
    _index("codes", "consultation_id", "id")
    for column in ("parent_id", "made_by", "merged_into"):
        _index("codes", column)


def _make_changes() -> None:
    op.create_table(
        "code_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("other_id", sa.Uuid()),
        sa.Column("codings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "act in ('made', 'imported', 'changed', 'merged', 'split', 'retired', 'resumed')",
            name=op.f("ck_code_changes_act"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_changes")),
        *_references("code_changes", code_id="codes", other_id="codes", person_id="people"),
    )
    _index("code_changes", "code_id", "id")
    for column in ("other_id", "person_id"):
        _index("code_changes", column)


def _make_coders() -> None:
    op.create_table(
        "coders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("name", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coders")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_coders_consultation_id_number")),
        *_references("coders", consultation_id="consultations", person_id="people"),
    )
    for column, short in (("person_id", "person"), ("name", "name")):
        op.create_index(
            f"uq_coders_{short}", "coders", ["consultation_id", column], unique=True,
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )  # fmt: skip
    _index("coders", "person_id")


def _make_codings() -> None:
    op.create_table(
        "codings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("begin", sa.Integer()),
        sa.Column("end", sa.Integer()),
        sa.Column("coder_id", sa.Uuid(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.CheckConstraint('("begin" IS NULL) = ("end" IS NULL)', name=op.f("ck_codings_passage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codings")),
        *_references(
            "codings", consultation_id="consultations", code_id="codes", contribution_id="contributions",
            coder_id="coders",
        ),
    )  # fmt: skip
    op.create_index(
        "uq_codings_place", "codings", ["code_id", "coder_id", "contribution_id", "revision", "begin", "end"],
        unique=True, postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    for columns in (("consultation_id", "id"), ("contribution_id", "coder_id"), ("coder_id", "id")):
        _index("codings", *columns)


def _make_memos() -> None:
    op.create_table(
        "memos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.Uuid()),
        sa.Column("contribution_id", sa.Uuid()),
        sa.Column("coding_id", sa.Uuid()),
        sa.Column("coder_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.CheckConstraint("num_nonnulls(code_id, contribution_id, coding_id) = 1", name=op.f("ck_memos_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memos")),
        sa.ForeignKeyConstraint(["coding_id"], ["codings.id"], name=op.f("fk_memos_coding_id"), ondelete="CASCADE"),
        *_references(
            "memos", consultation_id="consultations", code_id="codes", contribution_id="contributions",
            coder_id="coders",
        ),
    )  # fmt: skip
    _index("memos", "consultation_id", "id")
    for column in ("code_id", "contribution_id", "coding_id", "coder_id"):
        _index("memos", column)


def _make_texts_read() -> None:
    op.create_table(
        "texts_read",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("read", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "contribution_id", name=op.f("pk_texts_read")),
        *_references(
            "texts_read", person_id="people", contribution_id="contributions", consultation_id="consultations"
        ),
    )
    for columns in (("consultation_id", "person_id"), ("contribution_id",)):
        _index("texts_read", *columns)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
