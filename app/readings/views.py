"""A contribution as pages show it: the same JSON that the API gives, with types."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app import text


@dataclass(frozen=True, slots=True)
class ContributionView:
    """One contribution for a page. Where `status` is not `published`, text and byline are empty: it is a gap."""

    id: UUID
    number: int | None
    status: str
    depth: int = 0
    parent: UUID | None = None
    parent_number: int | None = None
    thread: UUID | None = None
    topic: str = ""
    kind: str = "reply"
    title: str | None = None
    body: str = ""
    html: str = ""
    language: str = "und"
    questions: tuple[str, ...] = ()
    byline: str = "anonymous"
    author_name: str | None = None
    capacity: str = "personal"
    organisation: dict[str, Any] | None = None
    places: tuple[dict[str, Any], ...] = ()
    channel: str = "web"
    provenance: dict[str, Any] | None = None
    revision: int = 1
    waiting: dict[str, Any] | None = None
    created: datetime | None = None
    published: datetime | None = None
    updated: datetime | None = None
    replies: int = 0
    endorsements: int = 0
    tags: tuple[str, ...] = ()
    since: datetime | None = None  # in this status, of a gap
    rule: str | None = None  # the rule that a hiding decision cited
    reason: str | None = None  # and its public reason

    @property
    def direction(self) -> str:
        """Writing direction of the text's language."""
        return text.direction(self.language)

    def excerpt(self, length: int = 160) -> str:
        """The beginning of the text in plain words."""
        return text.excerpt(self.body, length)


def view(document: str | dict[str, Any], replies: int = 0, endorsements: int = 0,
         parent_number: int | None = None) -> ContributionView:  # fmt: skip
    """From a publication's document, or from the same fields as a dictionary."""
    given = orjson.loads(document) if isinstance(document, str) else document
    author = given["author"]
    return ContributionView(
        id=UUID(given["id"]),
        number=given["number"],
        status=given["status"],
        depth=given["depth"],
        parent=UUID(given["parent"]) if given["parent"] else None,
        parent_number=parent_number,
        thread=UUID(given["thread"]),
        topic=given["topic"],
        kind=given["kind"],
        title=given["title"],
        body=given["body"],
        html=given["html"],
        language=given["language"],
        questions=tuple(given["questions"]),
        byline=given["byline"],
        author_name=author["name"] if author else None,
        capacity=given["capacity"],
        organisation=given["organisation"],
        places=tuple(given["places"]),
        channel=given["channel"],
        provenance=given["provenance"],
        revision=given["revision"],
        waiting=given["waiting"],
        created=_moment(given["created"]),
        published=_moment(given["published"]),
        updated=_moment(given["updated"]),
        replies=replies,
        endorsements=endorsements,
        tags=tuple(given["tags"]),
    )


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
