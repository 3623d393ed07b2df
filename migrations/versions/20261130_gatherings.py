"""Meetings to come, and who registers for them. The link of a meeting and every registration are never public."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261129g"
down_revision: str | Sequence[str] | None = "20261130s"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
TEXTS = postgresql.ARRAY(sa.Text())
PUBLIC = (
    "id, consultation_id, title, about, about_html, starts, ends, time_zone, place, online, capacity, registration,"
    " deadline, places, contact, languages, documents, sequence, created, updated, cancelled, reason, meeting_id"
)


def upgrade() -> None:
    op.create_table(
        "planned_meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("title", "about", "about_html")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("starts", "ends")),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("capacity", sa.Integer()),
        sa.Column("registration", sa.Text(), nullable=False),
        sa.Column("deadline", MOMENT),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text()),
        sa.Column("languages", TEXTS, nullable=False),
        sa.Column("documents", postgresql.JSONB(), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("planned_by", sa.Uuid()),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("created", "updated")),
        sa.Column("cancelled", MOMENT),
        sa.Column("cancelled_by", sa.Uuid()),
        sa.Column("reason", sa.Text()),
        sa.Column("meeting_id", sa.Uuid()),
        _check("planned_meetings", "registration", "registration in ('none', 'open', 'closed')"),
        _check("planned_meetings", "places", "places in ('first_come', 'decided')"),
        _check("planned_meetings", "somewhere", "place IS NOT NULL OR online"),
        _check("planned_meetings", "lasts", "starts < ends"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_meetings")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_planned_meetings_meeting_id")),
        *_references(
            "planned_meetings", consultation_id="consultations", planned_by="people", cancelled_by="people",
            meeting_id="meetings",
        ),
    )  # fmt: skip
    _index("planned_meetings", "consultation_id", "starts", "id")
    _index("planned_meetings", "planned_by")
    _index("planned_meetings", "cancelled_by")
    op.execute(f"GRANT SELECT ({PUBLIC}) ON planned_meetings TO {ROLE}")
    _make_registrations()


def _make_registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("planned_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "attends")),
        *(sa.Column(name, TEXTS, nullable=False) for name in ("speaks", "interpretation")),
        *(sa.Column(name, sa.Text()) for name in ("access_needs", "organisation_kind", "organisation_region")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("registered", "since")),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("reason", sa.Text()),
        _check("registrations", "state", "state in ('asked', 'placed', 'waiting', 'refused', 'declined')"),
        _check("registrations", "attends", "attends in ('room', 'online')"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("planned_id", "person_id", name=op.f("uq_registrations_planned_id_person_id")),
        *_references("registrations", planned_id="planned_meetings", person_id="people", decided_by="people"),
    )
    _index("registrations", "person_id")
    _index("registrations", "decided_by")
    personal = sa.text("person_id IS NOT NULL")
    op.create_index("ix_registrations_personal", "registrations", ["planned_id"], postgresql_where=personal)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def downgrade() -> None:
    op.drop_table("registrations")
    op.execute(f"REVOKE ALL ON planned_meetings FROM {ROLE}")
    op.drop_table("planned_meetings")
