"""What a public text is, in words of its own kind: search looks for these together with the words that it says.

One index holds both, so that what is common by itself and rare together is found without looking at the texts.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.contributions import places
from app.contributions.models import Contribution, Revision

CONSULTATION, TOPIC = "in", "topic"


def facet(name: str, value: object) -> str:
    """One of them: `kind:reply`."""
    return f"{name}:{value}"


def facets(contribution: Contribution, revision: Revision) -> list[str]:
    """All of a contribution with this public revision."""
    one = {
        CONSULTATION: contribution.consultation_id, TOPIC: contribution.topic_id, "kind": contribution.kind,
        "channel": contribution.channel, "language": revision.language, "country": revision.organisation_country,
        "organisation_kind": revision.organisation_kind,
    }  # fmt: skip
    several = {"question": revision.questions, "tag": contribution.tags, "place": places.public_terms(revision)}
    named = [facet(name, value) for name, value in one.items() if value is not None]
    return [*named, *(facet(name, each) for name, values in several.items() for each in values)]


def facets_of(consultation: UUID, given: Mapping[str, Any]) -> list[str]:
    """Those that a text must have, to be in this consultation and to be all of what is given."""
    return [facet(CONSULTATION, consultation), *(facet(name, value) for name, value in _stored(given))]


def _stored(given: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((name, value.lower() if name == "place" else value) for name, value in given.items())
