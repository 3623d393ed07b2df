"""A contribution as JSON: the one shape that the API, exports and pages are made from (docs/api.md describes it)."""

from collections.abc import Sequence
from typing import Any

import orjson

from app import clock
from app.consultations.floor import Floor
from app.contributions.models import Contribution, Revision


def fields(
    contribution: Contribution, revision: Revision, floor: Floor, translations: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """All but what changes by others' acts: `url`, `seq`, `replies`, `endorsements` and `endorsing_organisations` are
    added when it is read.

    The last `"revision":` in it is its own: it is looked for from the end (readings/json_texts.py).
    """
    return {
        "id": str(contribution.id),
        "number": contribution.number,
        "consultation": floor.slug,
        "topic": floor.topic_slug,
        "thread": str(contribution.thread_id),
        "parent": _text(contribution.parent_id),
        "depth": contribution.depth,
        "kind": contribution.kind,
        "title": revision.title,
        "body": revision.body,
        "html": revision.html,
        "language": revision.language,
        "translations": list(translations),
        "recommendation": contribution.recommendation,
        "questions": revision.questions,
        "byline": revision.byline,
        "author": _author(revision),
        "capacity": revision.capacity,
        "organisation": _organisation(revision),
        "places": revision.places,
        "channel": contribution.channel,
        "provenance": contribution.provenance,
        "status": contribution.status,
        "revision": revision.number,
        "waiting": None,
        "created": clock.iso(contribution.created),
        "published": clock.iso(contribution.published),
        "updated": clock.iso(contribution.updated),
        "tags": contribution.tags,
        "commitment": _commitment(revision),
        "attachments": revision.attachments,
    }


def dump(document: dict[str, Any]) -> bytes:
    """The text of these fields that a publication stores, in UTF-8, without the brace that opens it: what others change
    goes before it when it is read, and nothing has to be copied."""
    return orjson.dumps(document)[1:]


def load(stored: bytes) -> dict[str, Any]:
    """The fields in a stored text."""
    fields: dict[str, Any] = orjson.loads(b"{" + stored)
    return fields


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _author(revision: Revision) -> dict[str, Any] | None:
    if revision.author_id is None:
        return None
    return {"id": str(revision.author_id), "name": revision.author_name}


def _organisation(revision: Revision) -> dict[str, Any] | None:
    if revision.organisation_name is None:
        return None
    return {
        "id": _text(revision.organisation_id),
        "name": revision.organisation_name,
        "kind": revision.organisation_kind,
        "country": revision.organisation_country,
        "region": revision.organisation_region,
        "mandate": revision.mandate,
    }


def _commitment(revision: Revision) -> dict[str, Any] | None:
    if revision.seq is None or revision.salt is None:
        return None
    return {"seq": revision.seq, "salt": revision.salt.hex(), "hash": revision.hash.hex()}
