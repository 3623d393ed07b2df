"""Endorsements for organisations, and requests to confirm mandates. A byline says which mandate nobody confirmed."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.contributions import fragment
from app.contributions.document import load
from app.contributions.placing import parent_number

revision: str = "20261128e"
down_revision: str | Sequence[str] | None = "20261128f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
BATCH = 1_000
READ = sa.text(
    "SELECT contribution_id, document, depth, sort_key, fragment FROM publications"
    " WHERE contribution_id > :last ORDER BY contribution_id LIMIT :most"
)
WRITE = sa.text("UPDATE publications SET fragment = :fragment WHERE contribution_id = :id")


def upgrade() -> None:
    _name_organisations()
    _make_claims()
    op.add_column("publications", sa.Column("endorsers", sa.LargeBinary(), server_default="[]", nullable=False))
    _write_fragments(op.get_bind(), _anew)


def downgrade() -> None:
    _write_fragments(op.get_bind(), _of_before)
    op.drop_column("publications", "endorsers")
    op.drop_table("mandate_claims")
    op.drop_constraint(op.f("uq_endorsements_contribution_id_organisation_id"), "endorsements")
    for column in ("region", "country", "kind", "name", "id"):
        op.drop_column("endorsements", f"organisation_{column}")


def _name_organisations() -> None:
    op.add_column("endorsements", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    for column in ("name", "kind", "country", "region"):
        op.add_column("endorsements", sa.Column(f"organisation_{column}", sa.Text(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_endorsements_contribution_id_organisation_id"), "endorsements", ["contribution_id", "organisation_id"]
    )


def _make_claims() -> None:
    op.create_table(
        "mandate_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("organisation_kind", sa.Text(), nullable=False),
        sa.Column("organisation_country", sa.Text(), nullable=True),
        sa.Column("organisation_website", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("decided", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("letters", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("expires", MOMENT, nullable=True),
        sa.CheckConstraint("outcome in ('confirmed', 'declined')", name=op.f("ck_mandate_claims_outcome")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mandate_claims_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_claims")),
    )
    op.create_index(op.f("ix_mandate_claims_person_id"), "mandate_claims", ["person_id"])
    op.create_index(op.f("ix_mandate_claims_consultation_id"), "mandate_claims", ["consultation_id"])
    op.create_index(
        "uq_mandate_claims_open", "mandate_claims", ["person_id"], unique=True,
        postgresql_where=sa.text("decided IS NULL"),
    )  # fmt: skip


def _write_fragments(connection: sa.Connection, made_of: Callable[[sa.Row[Any]], bytes]) -> None:
    """The piece of a page of each publication, set anew; in batches, since there may be a million."""
    last = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(READ, {"last": last, "most": BATCH}).all():
        connection.execute(WRITE, [{"id": row.contribution_id, "fragment": made_of(row)} for row in rows])
        last = rows[-1].contribution_id


def _anew(row: sa.Row[Any]) -> bytes:
    return fragment.written(load(row.document), parent_number(row.depth, row.sort_key))


def _of_before(row: sa.Row[Any]) -> bytes:
    """The same without the words that code of before does not know."""
    piece: bytes = row.fragment
    return piece.replace(b"\x1fclaims:\x1f", b"\x1ffor:\x1f").replace(b"<span>\x1fclaimer:\x1f</span> ", b"")
