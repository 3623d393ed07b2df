"""What a publication holds: made here of a contribution and its public revision, written by publishing.py alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.floor import Floor
from app.contributions import document, fragment, places
from app.contributions.models import Contribution, Publication, Revision
from app.contributions.placing import parent_number

NO_ORGANISATIONS = b"[]"
_LATEST = "latest publication"
Translations = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Support:
    """Who supports a contribution, as far as that is public: how many people, and the organisations as JSON."""

    people: int
    organisations: bytes


def publication(
    contribution: Contribution, revision: Revision, floor: Floor, seq: int, translations: Translations = ()
) -> Publication:
    """The public row of a contribution, without replies and endorsements yet; what is new has no translations."""
    return Publication(**columns(contribution, revision, floor, seq, translations))


def columns(
    contribution: Contribution, revision: Revision, floor: Floor, seq: int, translations: Translations = ()
) -> dict[str, Any]:
    """What `publication` holds, by column."""
    return {
        "contribution_id": contribution.id,
        "consultation_id": contribution.consultation_id,
        "number": contribution.number,
        "replies": 0,
        "endorsements": 0,
        "endorsers": NO_ORGANISATIONS,
        **position(contribution),
        **content(contribution, revision, floor, seq, translations),
    }


def keep_at_hand(session: AsyncSession, row: dict[str, Any]) -> None:
    """Let `just_published` find a new row, by column, as long as the session lasts."""
    session.info[_LATEST] = row


def just_published(session: AsyncSession, id: UUID) -> dict[str, Any] | None:
    """The public row of a contribution, by column, if it was made last in this session: who answers with it need not
    read it."""
    row: dict[str, Any] | None = session.info.get(_LATEST)
    return row if row is not None and row["contribution_id"] == id else None


def position(contribution: Contribution) -> dict[str, Any]:
    """The columns that say where it stands."""
    names = ("topic_id", "thread_id", "parent_id", "depth", "sort_key", "kind", "recommendation")
    return {name: getattr(contribution, name) for name in names}


def content(
    contribution: Contribution, revision: Revision, floor: Floor, seq: int, translations: Translations
) -> dict[str, Any]:
    """The columns that follow from its text, its topic, its tags and its translations."""
    fields = document.fields(contribution, revision, floor, translations)
    return {
        "language": revision.language,
        "country": revision.organisation_country,
        "organisation_kind": revision.organisation_kind,
        "questions": revision.questions,
        "places": places.public_terms(revision),
        "tags": contribution.tags,
        "updated": contribution.updated,
        "seq": seq,
        "fragment": fragment.written(fields, parent_number(contribution.depth, contribution.sort_key or b"")),
        "document": document.dump(fields),
    }
