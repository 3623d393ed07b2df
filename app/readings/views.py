"""A contribution as pages show it: the same JSON that the API gives, with types."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app import text
from app.contributions import fragment
from app.contributions.document import load
from app.contributions.public_row import NO_ORGANISATIONS

_NOTHING: Mapping[str, Any] = {
    "title": None, "body": "", "html": "", "language": "und", "kind": "reply", "questions": (), "byline": "anonymous",
    "author": None, "capacity": "personal", "organisation": None, "places": (), "attachments": (),
    "channel": "web", "provenance": None, "translations": (),
    "revision": 1, "waiting": None, "created": None, "published": None, "updated": None, "tags": (), "thread": None,
    "parent": None, "topic": "", "recommendation": None,
}  # fmt: skip


class ContributionView:
    """One contribution for a page. Where `status` is not `published`, text and byline are empty: it is a gap.

    A page has a hundred of them, so they take their fields from the document when they are asked, and not before.
    """

    __slots__ = (
        "_endorsers", "_given", "_id", "depth", "endorsements", "number", "parent_number", "reason", "replies", "rule",
        "since", "status",
    )  # fmt: skip

    def __init__(
        self, given: Mapping[str, Any], *, id: UUID | str, number: int | None, status: str, depth: int,
        parent_number: int | None = None, replies: int = 0, endorsements: int = 0, since: datetime | None = None,
        rule: str | None = None, reason: str | None = None, endorsers: bytes = NO_ORGANISATIONS,
    ) -> None:  # fmt: skip
        self._given, self._id = given, id
        self.number, self.status, self.depth, self.parent_number = number, status, depth, parent_number
        self.replies, self.endorsements, self._endorsers = replies, endorsements, endorsers
        self.since = since  # in this status, of a gap
        self.rule, self.reason = rule, reason  # which a hiding decision cited and gave

    @property
    def id(self) -> UUID:
        return UUID(str(self._id))

    @property
    def thread(self) -> UUID | None:
        return _id(self._given["thread"])

    @property
    def parent(self) -> UUID | None:
        return _id(self._given["parent"])

    @property
    def topic(self) -> str:
        return str(self._given["topic"])

    @property
    def kind(self) -> str:
        return str(self._given["kind"])

    @property
    def recommendation(self) -> int | None:
        """The number of the recommendation that it is a comment on."""
        number: int | None = self._given["recommendation"]
        return number

    @property
    def title(self) -> str | None:
        title: str | None = self._given["title"]
        return title

    @property
    def body(self) -> str:
        return str(self._given["body"])

    @property
    def html(self) -> str:
        return str(self._given["html"])

    @property
    def language(self) -> str:
        return str(self._given["language"])

    @property
    def direction(self) -> str:
        """Writing direction of the text's language."""
        return text.direction(self.language)

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(self._given["questions"])

    @property
    def byline(self) -> str:
        return str(self._given["byline"])

    @property
    def author_name(self) -> str | None:
        author = self._given["author"]
        return author["name"] if author else None

    @property
    def capacity(self) -> str:
        return str(self._given["capacity"])

    @property
    def organisation(self) -> dict[str, Any] | None:
        organisation: dict[str, Any] | None = self._given["organisation"]
        return organisation

    @property
    def places(self) -> tuple[dict[str, Any], ...]:
        return tuple(self._given["places"])

    @property
    def channel(self) -> str:
        return str(self._given["channel"])

    @property
    def provenance(self) -> dict[str, Any] | None:
        provenance: dict[str, Any] | None = self._given["provenance"]
        return provenance

    @property
    def revision(self) -> int:
        return int(self._given["revision"])

    @property
    def waiting(self) -> dict[str, Any] | None:
        waiting: dict[str, Any] | None = self._given["waiting"]
        return waiting

    @property
    def created(self) -> datetime | None:
        return _moment(self._given["created"])

    @property
    def published(self) -> datetime | None:
        return _moment(self._given["published"])

    @property
    def updated(self) -> datetime | None:
        return _moment(self._given["updated"])

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self._given["tags"])

    @property
    def endorsing_organisations(self) -> tuple[dict[str, Any], ...]:
        """The organisations that support it, as its JSON has them."""
        return tuple(orjson.loads(self._endorsers))

    @property
    def translations(self) -> Sequence[Mapping[str, Any]]:
        """Those that stand, as in its JSON, by language."""
        listed: Sequence[Mapping[str, Any]] = self._given.get("translations", ())
        return listed

    def into(self, translation: Mapping[str, Any] | None) -> "ContributionView":
        """The same by itself: in the words of one of its translations, or (None) in its own."""
        words = {name: translation[name] for name in ("title", "body", "html", "language")} if translation else {}
        if words and not words["title"]:  # it was a reply when it was translated
            words["title"] = self.title
        return ContributionView(
            {**self._given, **words, "translations": ()}, id=self._id, number=self.number, status=self.status,
            depth=self.depth, parent_number=self.parent_number, replies=self.replies, endorsements=self.endorsements,
            endorsers=self._endorsers, since=self.since, rule=self.rule, reason=self.reason,
        )  # fmt: skip

    @property
    def parts(self) -> fragment.Parts:
        """Its parts of a page."""
        return fragment.parts(self._given, self.parent_number)

    def excerpt(self, length: int = 160) -> str:
        """The beginning of the text in plain words."""
        return text.excerpt(self.body, length)


def view(
    document: bytes | Mapping[str, Any], replies: int = 0, endorsements: int = 0, parent_number: int | None = None,
    endorsers: bytes = NO_ORGANISATIONS,
) -> ContributionView:  # fmt: skip
    """From a publication's document, or from the same fields as a dictionary."""
    given = load(document) if isinstance(document, bytes) else document
    return ContributionView(
        given, id=given["id"], number=given["number"], status=given["status"], depth=given["depth"],
        parent_number=parent_number, replies=replies, endorsements=endorsements,
        endorsers=endorsers,
    )  # fmt: skip


def gap(
    *, id: UUID, number: int | None, status: str, depth: int, parent_number: int | None, since: datetime | None,
    rule: str | None, reason: str | None,
) -> ContributionView:  # fmt: skip
    """A contribution that is no longer public: its place, and what became of it."""
    return ContributionView(
        _NOTHING, id=id, number=number, status=status, depth=depth, parent_number=parent_number, since=since, rule=rule,
        reason=reason,
    )  # fmt: skip


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
