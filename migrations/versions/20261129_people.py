"""Roles for one topic, offers of roles, who is named for them in public, and organisations under several names.

An organisation's id no longer depends on accents, punctuation and legal form: ids that change do so here and in what
is published. The record keeps those of before in its entries, which nothing can change.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.accounts.organisations import organisation_id, organisation_key
from app.accounts.tokens import sealed

revision: str = "20261129r"
down_revision: str | Sequence[str] | None = "20261129g"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
ROLE = "plenary_reader"
ROLES = "'participant', 'moderator', 'rapporteur', 'organiser'"
LISTED = "consultation_id, topic_id, role, name, organisation, since"
ALIASES = "consultation_id, alias_id, alias_name, organisation_id, organisation_name"
SIGNED = ("people", "mandate_claims", "revisions", "endorsements")


def upgrade() -> None:
    _limit_roles()
    _make_offers()
    _make_listings()
    _make_aliases()
    op.create_index(
        "ix_revisions_organisation", "revisions", ["organisation_id"],
        postgresql_where=sa.text("state = 'public' AND organisation_id IS NOT NULL"),
    )  # fmt: skip
    _give_ids(organisation_id)


def downgrade() -> None:
    _give_ids(_id_of_before)
    op.drop_index("ix_revisions_organisation", "revisions")
    for table in ("organisation_aliases", "team_members", "role_offers"):
        op.drop_table(table)
    # Code of before would take a role for one topic for one in the whole consultation.
    op.execute("UPDATE memberships SET ended = now() WHERE topic_id IS NOT NULL AND ended IS NULL")
    op.drop_index("uq_memberships_current", "memberships")
    for column in ("reason", "ended_by", "topic_id"):
        op.drop_column("memberships", column)
    op.create_index(
        "uq_memberships_current", "memberships", ["person_id", "consultation_id", "role"], unique=True,
        postgresql_where=sa.text("ended IS NULL"),
    )  # fmt: skip


def _limit_roles() -> None:
    op.add_column("memberships", sa.Column("topic_id", sa.Uuid(), nullable=True))
    op.add_column("memberships", sa.Column("ended_by", sa.Uuid(), nullable=True))
    op.add_column("memberships", sa.Column("reason", sa.Text(), nullable=True))
    op.drop_index("uq_memberships_current", "memberships")
    op.create_index(
        "uq_memberships_current", "memberships", ["person_id", "consultation_id", "role", "topic_id"], unique=True,
        postgresql_where=sa.text("ended IS NULL"), postgresql_nulls_not_distinct=True,
    )  # fmt: skip


def _make_offers() -> None:
    op.create_table(
        "role_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("offered", MOMENT, nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=True),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("settled", MOMENT, nullable=True),
        sa.CheckConstraint(
            "role in ('participant', 'moderator', 'rapporteur', 'organiser')", name=op.f("ck_role_offers_role")
        ),
        sa.CheckConstraint("outcome in ('accepted', 'declined', 'taken_back')", name=op.f("ck_role_offers_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_offers")),
    )
    op.create_index(
        "uq_role_offers_open", "role_offers", ["consultation_id", "email", "role", "topic_id"], unique=True,
        postgresql_where=sa.text("outcome IS NULL"), postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    op.create_index(op.f("ix_role_offers_email"), "role_offers", ["email"])


def _make_listings() -> None:
    op.create_table(
        "team_members",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["memberships.id"], name=op.f("fk_team_members_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_consultation_id"), "team_members", ["consultation_id"])
    op.execute(f"GRANT SELECT ({LISTED}) ON team_members TO {ROLE}")


def _make_aliases() -> None:
    op.create_table(
        "organisation_aliases",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("alias_id", sa.Uuid(), nullable=False),
        sa.Column("alias_name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("merged", MOMENT, nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("consultation_id", "alias_id", name=op.f("pk_organisation_aliases")),
    )
    op.execute(f"GRANT SELECT ({ALIASES}) ON organisation_aliases TO {ROLE}")


def _give_ids(made_of: Callable[[str], UUID]) -> None:
    """Each name its id. Where that brings two endorsements of one text together, the organisation stays on the first:
    the other remains a person's."""
    execute = op.get_bind().execute
    op.drop_constraint(op.f("uq_endorsements_contribution_id_organisation_id"), "endorsements")
    named = " UNION ".join(
        f"SELECT organisation_id, organisation_name FROM {table} WHERE organisation_id IS NOT NULL" for table in SIGNED
    )
    for old, name in execute(sa.text(named)).all():
        new = made_of(name)
        if new != old:
            _give_id(str(old), str(new), name)
    _unname_doubles()
    op.create_unique_constraint(
        op.f("uq_endorsements_contribution_id_organisation_id"), "endorsements", ["contribution_id", "organisation_id"]
    )


def _give_id(old: str, new: str, name: str) -> None:
    execute = op.get_bind().execute
    ids = {"old": old, "new": new, "name": name}
    for table in SIGNED:
        which = "organisation_id = :old AND organisation_name = :name"
        execute(sa.text(f"UPDATE {table} SET organisation_id = :new WHERE {which}"), ids)
    # Within a text, quotation marks stand behind a backslash: this is found where the document itself says it.
    for column, before, mentions in (
        (
            "document",
            '"organisation":{{"id":"{}"',
            "SELECT contribution_id FROM revisions WHERE organisation_id = :new",
        ),
        ("endorsers", '{{"id":"{}"', "SELECT contribution_id FROM endorsements WHERE organisation_id = :new"),
    ):
        replaced = f"convert_to(replace(convert_from({column}, 'UTF8'), :before, :after), 'UTF8')"
        execute(
            sa.text(f"UPDATE publications SET {column} = {replaced} WHERE contribution_id IN ({mentions})"),
            {"before": before.format(old), "after": before.format(new), "new": new},
        )


def _id_of_before(name: str) -> UUID:
    return UUID(bytes=sealed("organisation", organisation_key(name).encode())[:16], version=4)


def _unname_doubles() -> None:
    execute = op.get_bind().execute
    for text in set(execute(sa.text(_UNNAME)).scalars()):
        rows = execute(sa.text(_NAMED), {"text": text}).mappings()
        given = {"text": text, "endorsers": orjson.dumps([dict(row) for row in rows])}
        execute(sa.text("UPDATE publications SET endorsers = :endorsers WHERE contribution_id = :text"), given)


_UNNAME = """
UPDATE endorsements AS later
SET organisation_id = NULL, organisation_name = NULL, organisation_kind = NULL, organisation_country = NULL,
    organisation_region = NULL
WHERE later.organisation_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM endorsements AS first
    WHERE first.contribution_id = later.contribution_id AND first.organisation_id = later.organisation_id
      AND (first.given, first.id) < (later.given, later.id)
)
RETURNING later.contribution_id
"""
_NAMED = """
SELECT organisation_id::text AS id, organisation_name AS name, organisation_kind AS kind,
       organisation_country AS country, organisation_region AS region
FROM endorsements WHERE contribution_id = :text AND organisation_id IS NOT NULL ORDER BY given, id
"""
