"""What the public reads of a contribution: made here of it and its public revision, written by publishing.py alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.floor import Floor
from app.contributions import document, fragment, places
from app.contributions.models import Contribution, Revision
from app.contributions.placing import parent_number

NO_ORGANISATIONS = b"[]"
_LATEST = "latest publication"
Translations = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Support:
    """Who supports a contribution, as far as that is public: how many people, and the organisations as JSON."""

    people: int
    organisations: bytes


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of its publication, and of its piece of a page."""

    publication: dict[str, Any]
    fragment: dict[str, Any]


def columns(
    contribution: Contribution, revision: Revision, floor: Floor, seq: int, translations: Translations = ()
) -> Columns:
    """All of them, without replies and endorsements yet; what is new has no translations."""
    its, where = content(contribution, revision, floor, seq, translations), position(contribution)
    key = {"contribution_id": contribution.id, "number": contribution.number}
    counted = {"replies": 0, "endorsements": 0, "endorsers": NO_ORGANISATIONS}
    return Columns(
        {**key, "consultation_id": contribution.consultation_id, **counted, **where.publication, **its.publication},
        {**key, **where.fragment, **its.fragment},
    )


def keep_at_hand(session: AsyncSession, row: dict[str, Any]) -> None:
    """Let `just_published` find a new row, by column, as long as the session lasts."""
    session.info[_LATEST] = row


def just_published(session: AsyncSession, id: UUID) -> dict[str, Any] | None:
    """The public row of a contribution, by column, if it was made last in this session: who answers with it need not
    read it."""
    row: dict[str, Any] | None = session.info.get(_LATEST)
    return row if row is not None and row["contribution_id"] == id else None


_IN_THREAD = ("thread_id", "parent_id", "depth", "sort_key", "kind")


def position(contribution: Contribution) -> Columns:
    """The columns that say where it stands."""
    in_thread = {name: getattr(contribution, name) for name in _IN_THREAD}
    beyond = {"topic_id": contribution.topic_id, "recommendation": contribution.recommendation}
    return Columns({**in_thread, **beyond}, in_thread)


def content(
    contribution: Contribution, revision: Revision, floor: Floor, seq: int, translations: Translations
) -> Columns:
    """The columns that follow from its text, its topic, its tags and its translations."""
    fields = document.fields(contribution, revision, floor, translations)
    row = {
        "language": revision.language,
        "country": revision.organisation_country,
        "organisation_kind": revision.organisation_kind,
        "questions": revision.questions,
        "places": places.public_terms(revision),
        "tags": contribution.tags,
        "updated": contribution.updated,
        "seq": seq,
        "document": document.dump(fields),
    }
    html = fragment.written(fields, parent_number(contribution.depth, contribution.sort_key or b""))
    return Columns(row, {"html": html})
