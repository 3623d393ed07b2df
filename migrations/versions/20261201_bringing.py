"""Bringing the outcome: institutions on a list, what was sent to them, links by which they answer, who was told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261201z"
down_revision: str | Sequence[str] | None = "20261201y"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
SENT = "id, consultation_id, what, version, institution, kind, salt, hash, seq, sent"
ADDRESSED = sa.text("email IS NOT NULL")


def upgrade() -> None:
    _make_addressees()
    _make_sendings()
    _make_links()
    _make_tellings()
    op.execute(f"GRANT SELECT ({SENT}) ON outcome_sendings TO {ROLE}")
    op.add_column("responses", sa.Column("document", sa.Text()))
    op.add_column("responses", sa.Column("given_by", sa.Text(), server_default="organisers", nullable=False))
    op.add_column("responses", sa.Column("institution", sa.Text()))
    op.create_check_constraint(
        op.f("ck_responses_given_by"), "responses", "given_by in ('organisers', 'institution')"
    )  # fmt: skip
    op.execute(f"GRANT SELECT (document, given_by, institution) ON responses TO {ROLE}")


def _make_addressees() -> None:
    op.create_table(
        "addressees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("institution", "kind")),
        *(sa.Column(name, sa.Text()) for name in ("email", "name")),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("keep_until", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind in ('city', 'ministry', 'organisation', 'event', 'other')", name=op.f("ck_addressees_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressees")),
        *_references("addressees", consultation_id="consultations", added_by="people"),
    )
    op.create_index(op.f("ix_addressees_consultation_id_id"), "addressees", ["consultation_id", "id"])
    op.create_index(
        "uq_addressees_email", "addressees", ["consultation_id", "email"], unique=True, postgresql_where=ADDRESSED
    )
    op.create_index("ix_addressees_email", "addressees", ["email"], postgresql_where=ADDRESSED)
    op.create_index("ix_addressees_kept", "addressees", ["keep_until"], postgresql_where=ADDRESSED)
    op.create_index(op.f("ix_addressees_added_by"), "addressees", ["added_by"])


def _make_sendings() -> None:
    op.create_table(
        "outcome_sendings",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "consultation_id", "addressee_id")),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("institution", "kind")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("salt", "hash")),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Uuid()),
        sa.Column("sent", MOMENT, nullable=False),
        sa.CheckConstraint("what in ('report', 'summary')", name=op.f("ck_outcome_sendings_what")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_sendings")),
        sa.UniqueConstraint(
            "addressee_id", "what", "version", name=op.f("uq_outcome_sendings_addressee_id_what_version")
        ),
        *_references(
            "outcome_sendings", consultation_id="consultations", addressee_id="addressees", sent_by="people"
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_outcome_sendings_consultation_id_id"), "outcome_sendings", ["consultation_id", "id"])
    op.create_index(op.f("ix_outcome_sendings_sent_by"), "outcome_sendings", ["sent_by"])


def _make_links() -> None:
    op.create_table(
        "answer_links",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "consultation_id", "addressee_id")),
        sa.Column("recommendations", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("revoked", MOMENT),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_links")),
        *_references("answer_links", consultation_id="consultations", addressee_id="addressees", made_by="people"),
    )
    op.create_index("ix_answer_links_addressee", "answer_links", ["addressee_id", "id"])
    op.create_index(op.f("ix_answer_links_consultation_id"), "answer_links", ["consultation_id"])
    op.create_index(op.f("ix_answer_links_made_by"), "answer_links", ["made_by"])


def _make_tellings() -> None:
    op.create_table(
        "tellings",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "consultation_id")),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("told_by", sa.Uuid()),
        sa.Column("told", MOMENT, nullable=False),
        sa.CheckConstraint("what in ('report', 'summary')", name=op.f("ck_tellings_what")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
        sa.UniqueConstraint(
            "consultation_id", "what", "version", name=op.f("uq_tellings_consultation_id_what_version")
        ),
        *_references("tellings", consultation_id="consultations", told_by="people"),
    )  # fmt: skip
    op.create_index(op.f("ix_tellings_told_by"), "tellings", ["told_by"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    op.execute(f"REVOKE SELECT (document, given_by, institution) ON responses FROM {ROLE}")
    op.drop_constraint(op.f("ck_responses_given_by"), "responses")
    for column in ("institution", "given_by", "document"):
        op.drop_column("responses", column)
    op.execute(f"REVOKE ALL ON outcome_sendings FROM {ROLE}")
    for table in ("tellings", "answer_links", "outcome_sendings", "addressees"):
        op.drop_table(table)
