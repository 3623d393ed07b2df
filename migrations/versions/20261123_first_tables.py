"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261123a"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("updated", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultations_slug")),
    )
    op.create_table(
        "entries",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("time", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", "seq", name=op.f("pk_entries")),
    )
    op.create_index(op.f("ix_entries_subject_record_id"), "entries", ["subject", "record_id"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_key")),
    )
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("window", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_rate_limits")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "record_cursors",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("consumer", "record_id", name=op.f("pk_record_cursors")),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("numbers", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("log in ('public', 'staff', 'service')", name=op.f("ck_records_log")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
    )
    op.create_table(
        "sign_in_challenges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=True),
        sa.Column("onward", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("expires", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("used", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_challenges")),
    )
    op.create_index(op.f("ix_sign_in_challenges_email"), "sign_in_challenges", ["email"], unique=False)
    op.create_index(op.f("ix_sign_in_challenges_expires"), "sign_in_challenges", ["expires"], unique=False)
    op.create_table(
        "extensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("closed_before", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("closes", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("decided", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_extensions_consultation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_consultation_id"), "extensions", ["consultation_id"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("mandate", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Text(), server_default="personal", nullable=False),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("consented", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("erased", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "phases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("entered", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.CheckConstraint("name in ('announced', 'open', 'closed', 'reported')", name=op.f("ck_phases_name")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_phases_consultation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phases")),
        sa.UniqueConstraint("consultation_id", "name", name=op.f("uq_phases_consultation_id_name")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("background_html", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("opens", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("closes", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("moderators", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rapporteurs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("entered", sa.Text(), nullable=True),
        sa.CheckConstraint("policy in ('before', 'after')", name=op.f("ck_topics_policy")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_topics_consultation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("consultation_id", "slug", name=op.f("uq_topics_consultation_id_slug")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("used", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("revoked", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_api_keys_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_index(op.f("ix_api_keys_person_id"), "api_keys", ["person_id"], unique=False)
    op.create_table(
        "authors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_authors_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_authors_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sa.UniqueConstraint("consultation_id", "person_id", name=op.f("uq_authors_consultation_id_person_id")),
    )
    op.create_index(op.f("ix_authors_person_id"), "authors", ["person_id"], unique=False)
    op.create_index(
        "uq_authors_name",
        "authors",
        ["consultation_id", "name"],
        unique=True,
        postgresql_where=sa.text("person_id IS NULL"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("due", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("sent", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_deliveries_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index(op.f("ix_deliveries_due"), "deliveries", ["due"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=True),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_drafts_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_browser_hash"), "drafts", ["browser_hash"], unique=False)
    op.create_index(op.f("ix_drafts_person_id"), "drafts", ["person_id"], unique=False)
    op.create_index(op.f("ix_drafts_updated"), "drafts", ["updated"], unique=False)
    op.create_table(
        "guiding_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_guiding_questions_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guiding_questions")),
        sa.UniqueConstraint("topic_id", "key", name=op.f("uq_guiding_questions_topic_id_key")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_idempotency_keys_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_idempotency_keys_person_id_key")),
    )
    op.create_index(op.f("ix_idempotency_keys_created"), "idempotency_keys", ["created"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("ended", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.CheckConstraint(
            "role in ('moderator', 'rapporteur', 'organiser', 'suspended')", name=op.f("ck_memberships_role")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(
        op.f("ix_memberships_consultation_id_role"), "memberships", ["consultation_id", "role"], unique=False
    )
    op.create_index(
        "uq_memberships_current",
        "memberships",
        ["person_id", "consultation_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("seen", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("expires", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], unique=False)
    op.create_table(
        "contributions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("depth", sa.Integer(), server_default="0", nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("sort_key", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="web", nullable=False),
        sa.Column("provenance", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("latest", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("waits_since", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("published", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.Column("updated", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.CheckConstraint(
            "status in ('pending', 'published', 'rejected', 'hidden', 'withdrawn', 'merged', 'erased')",
            name=op.f("ck_contributions_status"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name=op.f("fk_contributions_author_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_contributions_consultation_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["contributions.id"], name=op.f("fk_contributions_parent_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_contributions_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
    )
    op.create_index(op.f("ix_contributions_author_id"), "contributions", ["author_id"], unique=False)
    op.create_index(op.f("ix_contributions_parent_id"), "contributions", ["parent_id"], unique=False)
    op.create_index(
        "ix_contributions_thread",
        "contributions",
        ["thread_id", "sort_key"],
        unique=False,
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index(op.f("ix_contributions_topic_id"), "contributions", ["topic_id"], unique=False)
    op.create_index(
        "ix_contributions_waiting",
        "contributions",
        ["consultation_id", "waits_since"],
        unique=False,
        postgresql_where=sa.text("waits_since IS NOT NULL"),
    )
    op.create_index(
        "uq_contributions_external",
        "contributions",
        ["consultation_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        "uq_contributions_number",
        "contributions",
        ["consultation_id", "number"],
        unique=True,
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_table(
        "publications",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("organisation_kind", sa.Text(), nullable=True),
        sa.Column("questions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("places", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("endorsements", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_publications_contribution_id")
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_publications")),
    )
    op.create_index(
        op.f("ix_publications_consultation_id_country_number"),
        "publications",
        ["consultation_id", "country", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publications_consultation_id_endorsements_number"),
        "publications",
        ["consultation_id", "endorsements", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publications_consultation_id_kind_number"),
        "publications",
        ["consultation_id", "kind", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publications_consultation_id_language_number"),
        "publications",
        ["consultation_id", "language", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publications_consultation_id_number"), "publications", ["consultation_id", "number"], unique=True
    )
    op.create_index(
        op.f("ix_publications_consultation_id_organisation_kind_number"),
        "publications",
        ["consultation_id", "organisation_kind", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publications_consultation_id_updated_number"),
        "publications",
        ["consultation_id", "updated", "number"],
        unique=False,
    )
    op.create_index(
        "ix_publications_notes",
        "publications",
        ["topic_id", "number"],
        unique=False,
        postgresql_where=sa.text("kind = 'note'"),
    )
    op.create_index(op.f("ix_publications_parent_id_number"), "publications", ["parent_id", "number"], unique=False)
    op.create_index("ix_publications_places", "publications", ["places"], unique=False, postgresql_using="gin")
    op.create_index("ix_publications_questions", "publications", ["questions"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_publications_roots",
        "publications",
        ["topic_id", "number"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NULL"),
    )
    op.create_index("ix_publications_tags", "publications", ["tags"], unique=False, postgresql_using="gin")
    op.create_index(op.f("ix_publications_thread_id_number"), "publications", ["thread_id", "number"], unique=False)
    op.create_index(op.f("ix_publications_topic_id_number"), "publications", ["topic_id", "number"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("questions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("places", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_name", sa.Text(), nullable=True),
        sa.Column("organisation_kind", sa.Text(), nullable=True),
        sa.Column("organisation_country", sa.Text(), nullable=True),
        sa.Column("organisation_region", sa.Text(), nullable=True),
        sa.Column("mandate", sa.Text(), nullable=True),
        sa.Column("created", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("published", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=True),
        sa.CheckConstraint("byline in ('full', 'organisation', 'anonymous')", name=op.f("ck_revisions_byline")),
        sa.CheckConstraint(
            "state in ('waiting', 'public', 'superseded', 'rejected', 'erased')", name=op.f("ck_revisions_state")
        ),
        sa.ForeignKeyConstraint(["contribution_id"], ["contributions.id"], name=op.f("fk_revisions_contribution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("contribution_id", "number", name=op.f("uq_revisions_contribution_id_number")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.CheckConstraint("act in ('approve', 'reject', 'hide', 'restore', 'erase')", name=op.f("ck_decisions_act")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_decisions_consultation_id")),
        sa.ForeignKeyConstraint(["contribution_id"], ["contributions.id"], name=op.f("fk_decisions_contribution_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_decisions_decided_by")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_decisions_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_consultation_id"), "decisions", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_decisions_contribution_id_id"), "decisions", ["contribution_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_decisions_contribution_id_id"), table_name="decisions")
    op.drop_index(op.f("ix_decisions_consultation_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_table("revisions")
    op.drop_index(op.f("ix_publications_topic_id_number"), table_name="publications")
    op.drop_index(op.f("ix_publications_thread_id_number"), table_name="publications")
    op.drop_index("ix_publications_tags", table_name="publications", postgresql_using="gin")
    op.drop_index("ix_publications_roots", table_name="publications", postgresql_where=sa.text("parent_id IS NULL"))
    op.drop_index("ix_publications_questions", table_name="publications", postgresql_using="gin")
    op.drop_index("ix_publications_places", table_name="publications", postgresql_using="gin")
    op.drop_index(op.f("ix_publications_parent_id_number"), table_name="publications")
    op.drop_index("ix_publications_notes", table_name="publications", postgresql_where=sa.text("kind = 'note'"))
    op.drop_index(op.f("ix_publications_consultation_id_updated_number"), table_name="publications")
    op.drop_index(op.f("ix_publications_consultation_id_organisation_kind_number"), table_name="publications")
    op.drop_index(op.f("ix_publications_consultation_id_number"), table_name="publications")
    op.drop_index(op.f("ix_publications_consultation_id_language_number"), table_name="publications")
    op.drop_index(op.f("ix_publications_consultation_id_kind_number"), table_name="publications")
    op.drop_index(op.f("ix_publications_consultation_id_endorsements_number"), table_name="publications")
    op.drop_index(op.f("ix_publications_consultation_id_country_number"), table_name="publications")
    op.drop_table("publications")
    op.drop_index("uq_contributions_number", table_name="contributions", postgresql_where=sa.text("number IS NOT NULL"))
    op.drop_index(
        "uq_contributions_external", table_name="contributions", postgresql_where=sa.text("external_id IS NOT NULL")
    )
    op.drop_index(
        "ix_contributions_waiting", table_name="contributions", postgresql_where=sa.text("waits_since IS NOT NULL")
    )
    op.drop_index(op.f("ix_contributions_topic_id"), table_name="contributions")
    op.drop_index("ix_contributions_thread", table_name="contributions", postgresql_where=sa.text("number IS NOT NULL"))
    op.drop_index(op.f("ix_contributions_parent_id"), table_name="contributions")
    op.drop_index(op.f("ix_contributions_author_id"), table_name="contributions")
    op.drop_table("contributions")
    op.drop_index(op.f("ix_sessions_person_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("uq_memberships_current", table_name="memberships", postgresql_where=sa.text("ended IS NULL"))
    op.drop_index(op.f("ix_memberships_consultation_id_role"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_idempotency_keys_created"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("guiding_questions")
    op.drop_index(op.f("ix_drafts_updated"), table_name="drafts")
    op.drop_index(op.f("ix_drafts_person_id"), table_name="drafts")
    op.drop_index(op.f("ix_drafts_browser_hash"), table_name="drafts")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_deliveries_due"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index("uq_authors_name", table_name="authors", postgresql_where=sa.text("person_id IS NULL"))
    op.drop_index(op.f("ix_authors_person_id"), table_name="authors")
    op.drop_table("authors")
    op.drop_index(op.f("ix_api_keys_person_id"), table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_table("topics")
    op.drop_table("phases")
    op.drop_table("people")
    op.drop_index(op.f("ix_extensions_consultation_id"), table_name="extensions")
    op.drop_table("extensions")
    op.drop_index(op.f("ix_sign_in_challenges_expires"), table_name="sign_in_challenges")
    op.drop_index(op.f("ix_sign_in_challenges_email"), table_name="sign_in_challenges")
    op.drop_table("sign_in_challenges")
    op.drop_table("records")
    op.drop_table("record_cursors")
    op.drop_table("rate_limits")
    op.drop_table("organisations")
    op.drop_index(op.f("ix_entries_subject_record_id"), table_name="entries")
    op.drop_table("entries")
    op.drop_table("consultations")
