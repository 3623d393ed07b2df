"""The outcome: recommendations, their versions and citations, what was read and not used, and comments."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261130o"
down_revision: str | Sequence[str] | None = "20261129r"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = "plenary_reader"
MOMENT = postgresql.TIMESTAMP(timezone=True, precision=3)
# Versions are public once the record has their entry; citations with them; what was set aside with the first final one.
PUBLIC = {
    "recommendations": "number IS NOT NULL",
    "recommendation_versions": "seq IS NOT NULL",
    "citations": "version_id IN (SELECT id FROM recommendation_versions)",
    "set_aside": (
        "contribution_id IN (SELECT contribution_id FROM publications) AND EXISTS (SELECT FROM recommendations"
        " WHERE recommendations.consultation_id = set_aside.consultation_id AND stage = 'final')"
    ),
}
COLUMNS = {
    "recommendations": "id, consultation_id, topic_id, number, stage, version",
    "recommendation_versions": (
        "id, recommendation_id, version, stage, title, statement, html, language, addressee_name, addressee_kind, salt,"
        " hash, seq, published"
    ),
    "citations": 'id, version_id, contribution_id, revision, "begin", "end", stance',
    "set_aside": "contribution_id, consultation_id, reason",
}


# What people wrote has its quotation marks escaped: this is the field itself, and the first so called.
REWRITE = (
    "UPDATE publications SET document = convert_to(regexp_replace(convert_from(document, 'UTF8'), {}, {}), 'UTF8')"
)


def upgrade() -> None:
    _make_recommendations()
    _make_versions()
    _make_citations()
    _make_set_aside()
    _make_responses()
    public = "id, recommendation_id, answer, words, language, received, salt, hash, seq, created"
    op.execute(f"GRANT SELECT ({public}) ON responses TO {ROLE}")
    for table, condition in PUBLIC.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY public_reading ON {table} FOR SELECT TO {ROLE} USING ({condition})")
        op.execute(f"GRANT SELECT ({COLUMNS[table]}) ON {table} TO {ROLE}")
    for table in ("contributions", "publications"):
        op.add_column(table, sa.Column("recommendation", sa.Integer()))
    op.create_index(
        "ix_publications_comments", "publications", ["consultation_id", "recommendation", "number"],
        postgresql_where=sa.text("recommendation IS NOT NULL"),
    )  # fmt: skip
    op.execute(REWRITE.format(r"""',"questions":\['""", r"""',"recommendation"\:null,"questions":['"""))


def _make_recommendations() -> None:
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("stage", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.SmallInteger()),
        sa.Column("created", MOMENT, nullable=False),
        sa.CheckConstraint("stage in ('draft', 'open', 'final')", name=op.f("ck_recommendations_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        *_references("recommendations", consultation_id="consultations", topic_id="topics"),
    )
    op.create_index(
        "uq_recommendations_number", "recommendations", ["consultation_id", "number"], unique=True,
        postgresql_where=sa.text("number IS NOT NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_recommendations_consultation_id_id"), "recommendations", ["consultation_id", "id"])


def _make_versions() -> None:
    op.create_table(
        "recommendation_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.Text(), server_default="draft", nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("title", "statement", "html")),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("addressee_name", sa.Text(), server_default="", nullable=False),
        sa.Column("addressee_kind", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("hash", sa.LargeBinary()),
        sa.Column("seq", sa.Integer()),
        sa.Column("written_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("published", MOMENT),
        sa.CheckConstraint("stage in ('draft', 'open', 'final')", name=op.f("ck_recommendation_versions_stage")),
        sa.CheckConstraint(
            "addressee_kind in ('city', 'ministry', 'organisation', 'event', 'other')",
            name=op.f("ck_recommendation_versions_addressee_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_versions")),
        sa.UniqueConstraint(
            "recommendation_id", "version", name=op.f("uq_recommendation_versions_recommendation_id_version")
        ),
        *_references("recommendation_versions", recommendation_id="recommendations", written_by="people"),
    )
    op.create_index(
        "uq_recommendation_versions_draft", "recommendation_versions", ["recommendation_id"], unique=True,
        postgresql_where=sa.text("seq IS NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_recommendation_versions_written_by"), "recommendation_versions", ["written_by"])


def _make_citations() -> None:
    op.create_table(
        "citations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("begin", sa.Integer()),
        sa.Column("end", sa.Integer()),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.CheckConstraint("stance in ('support', 'dissent')", name=op.f("ck_citations_stance")),
        sa.CheckConstraint('("begin" IS NULL) = ("end" IS NULL)', name=op.f("ck_citations_passage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations")),
        *_references("citations", version_id="recommendation_versions", contribution_id="contributions"),
    )
    op.create_index(op.f("ix_citations_version_id_id"), "citations", ["version_id", "id"])
    op.create_index(op.f("ix_citations_contribution_id"), "citations", ["contribution_id"])


def _make_set_aside() -> None:
    op.create_table(
        "set_aside",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Uuid()),
        sa.Column("marked", MOMENT, nullable=False),
        sa.CheckConstraint(
            "reason in ('scope', 'said', 'general', 'contradicted', 'addressee', 'background')",
            name=op.f("ck_set_aside_reason"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_set_aside")),
        *_references("set_aside", contribution_id="contributions", consultation_id="consultations", marked_by="people"),
    )
    op.create_index(op.f("ix_set_aside_consultation_id"), "set_aside", ["consultation_id"])
    op.create_index(op.f("ix_set_aside_marked_by"), "set_aside", ["marked_by"])


def _make_responses() -> None:
    op.create_table(
        "responses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("answer", "words", "language")),
        sa.Column("received", sa.Date(), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("salt", "hash")),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Uuid()),
        sa.Column("created", MOMENT, nullable=False),
        sa.CheckConstraint(
            "answer in ('accepted', 'partly', 'declined', 'noted')", name=op.f("ck_responses_answer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        *_references("responses", recommendation_id="recommendations", entered_by="people"),
    )  # fmt: skip
    op.create_index(op.f("ix_responses_recommendation_id"), "responses", ["recommendation_id"])
    op.create_index(op.f("ix_responses_entered_by"), "responses", ["entered_by"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    op.execute(REWRITE.format(r"""',"recommendation":(null|\d+),"questions":\['""", """',"questions":['"""))
    op.drop_index("ix_publications_comments", table_name="publications")
    for table in ("contributions", "publications"):
        op.drop_column(table, "recommendation")
    op.execute(f"REVOKE ALL ON responses FROM {ROLE}")
    op.drop_table("responses")
    for table in reversed(PUBLIC):  # the policy of one looks into another
        op.execute(f"DROP POLICY public_reading ON {table}")
    for table in reversed(PUBLIC):
        op.execute(f"REVOKE ALL ON {table} FROM {ROLE}")
        op.drop_table(table)
