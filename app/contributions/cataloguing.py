"""What moderators may set right before a text is published: how it is catalogued, never what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from app import errors, text
from app.consultations.floor import Floor
from app.contributions.models import Contribution, Revision
from app.contributions.submissions import ROOT_KINDS
from app.language import gettext as _
from app.record import commitments

TAGS_LIMIT = 10
TAG_LIMIT = 40  # characters


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What is to be set; None leaves it as it is."""

    tags: Sequence[str] | None = None
    kind: str | None = None
    questions: Sequence[str] | None = None
    language: str | None = None


AS_IT_IS = Catalogued()


def catalogue(contribution: Contribution, waiting: Revision, floor: Floor, given: Catalogued) -> list[str]:
    """Set it on a contribution and the revision that waits, and return what is different now.

    The language is part of what the record commits to, and nothing of this revision is in the record yet: it is
    committed to anew. Raises Invalid.
    """
    faults: dict[str, str] = {}
    changed = []
    if given.tags is not None and (tags := _tags(given.tags, faults)) != contribution.tags:
        contribution.tags = tags
        changed.append("tags")
    if given.kind is not None and given.kind != contribution.kind:
        contribution.kind = _kind(contribution, given.kind, faults)
        changed.append("kind")
    if given.questions is not None and (asked := _questions(given.questions, floor, faults)) != waiting.questions:
        waiting.questions = asked
        changed.append("questions")
    if given.language is not None and (language := _language(given.language, faults)) != waiting.language:
        waiting.language, waiting.salt = language, commitments.fresh_salt()
        waiting.hash = commitments.text_commitment(waiting.salt, waiting.title, waiting.body or "", language)
        changed.append("language")
    if faults:
        raise errors.Invalid(faults)
    return changed


def _tags(given: Sequence[str], faults: dict[str, str]) -> list[str]:
    try:
        tags = sorted({clean for tag in given if (clean := text.line(tag).lower())})
    except ValueError as fault:
        faults["tags"] = _("A tag %(fault)s.", fault=fault)
        return []
    if len(tags) > TAGS_LIMIT or any(len(tag) > TAG_LIMIT for tag in tags):
        faults["tags"] = _("At most %(most)s tags of %(most2)s characters fit.", most=TAGS_LIMIT, most2=TAG_LIMIT)
    return tags


def _kind(contribution: Contribution, kind: str, faults: dict[str, str]) -> str:
    if contribution.parent_id is not None or contribution.kind not in ROOT_KINDS or kind not in ROOT_KINDS:
        faults["kind"] = _(
            "A thread starts with an experience, a proposal, a question or a resource; a reply stays one."
        )
    return kind


def _questions(given: Sequence[str], floor: Floor, faults: dict[str, str]) -> list[str]:
    if unknown := sorted(set(given) - floor.questions):
        faults["questions"] = _("This topic has no question %(value)s.", value=", ".join(unknown)[:100])
    return sorted(set(given))


def _language(tag: str, faults: dict[str, str]) -> str:
    try:
        return text.language_tag(tag)
    except ValueError as fault:
        faults["language"] = _("The language %(fault)s.", fault=fault)
        return tag
