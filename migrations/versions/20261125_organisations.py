"""What is said about an organisation belongs to who says it; there is no list of organisations any more.

Their ids were UUIDv7 and told when an organisation first came: they are made of its name now, here and in what is
published. The words of a reason leave the staff log, which nothing can be erased from; such reasons are decisions now.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.accounts.organisations import organisation_id, organisation_key

revision: str = "20261125a"
down_revision: str | Sequence[str] | None = "20261123b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DETAILS = ("name", "kind", "country", "region", "website")


def upgrade() -> None:
    for name in DETAILS:
        op.add_column("people", sa.Column(f"organisation_{name}", sa.Text(), nullable=True))
    op.drop_constraint("fk_people_organisation_id", "people", type_="foreignkey")
    said = ", ".join(f"organisation_{name} = o.{name}" for name in DETAILS)
    op.execute(f"UPDATE people SET {said} FROM organisations o WHERE o.id = people.organisation_id")
    for id, name in op.get_bind().execute(sa.text("SELECT id, name FROM organisations")).all():
        _give_id(str(id), str(organisation_id(name)))
    op.drop_table("organisations")
    op.execute("UPDATE entries SET payload = payload - 'reason' WHERE kind = 'text.erased' AND NOT public")


def _give_id(old: str, new: str) -> None:
    execute = op.get_bind().execute
    ids = {"old": old, "new": new}
    execute(sa.text("UPDATE people SET organisation_id = :new WHERE organisation_id = :old"), ids)
    execute(sa.text("UPDATE revisions SET organisation_id = :new WHERE organisation_id = :old"), ids)
    # Within a text, quotation marks stand behind a backslash: this is found where the document itself says it.
    replaced = "replace(convert_from(document, 'UTF8'), :before, :after)"
    mentions = "contribution_id IN (SELECT contribution_id FROM revisions WHERE organisation_id = :new)"
    execute(
        sa.text(f"UPDATE publications SET document = convert_to({replaced}, 'UTF8') WHERE {mentions}"),
        {"before": f'"organisation":{{"id":"{old}"', "after": f'"organisation":{{"id":"{new}"', "new": new},
    )


def downgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("country", "region", "website")),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_key")),
    )
    _list_organisations()
    op.create_foreign_key("fk_people_organisation_id", "people", "organisations", ["organisation_id"], ["id"])
    for name in DETAILS:
        op.drop_column("people", f"organisation_{name}")


def _list_organisations() -> None:
    """Who was registered first says what the organisation is, as it used to be."""
    execute = op.get_bind().execute
    columns = ", ".join(f"organisation_{name} AS {name}" for name in DETAILS)
    query = f"SELECT id AS person, organisation_id AS id, {columns}, created FROM people"
    known: dict[str, object] = {}
    for row in execute(sa.text(f"{query} WHERE organisation_id IS NOT NULL ORDER BY people.id")).mappings().all():
        key = organisation_key(row["name"])
        if key not in known:
            known[key] = row["id"]
            insert = "INSERT INTO organisations (id, name, key, kind, country, region, website, created)"
            values = "VALUES (:id, :name, :key, :kind, :country, :region, :website, :created)"
            execute(sa.text(f"{insert} {values}"), {**row, "key": key})
        execute(
            sa.text("UPDATE people SET organisation_id = :id WHERE id = :person"),
            {"id": known[key], "person": row["person"]},
        )
