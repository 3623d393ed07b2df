"""The shapes of answers, for documentation and tests: answers themselves are joined from texts made at writing."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.accounts.vocabulary import Byline, Capacity, Mandate, OrganisationKind
from app.api.example import EXAMPLE

Kind = Literal["experience", "proposal", "question", "resource", "reply", "note"]
Status = Literal["pending", "published", "rejected", "hidden", "withdrawn", "merged", "erased"]
PhaseName = Literal["announced", "open", "closed", "reported", "archived"]


class Shape(BaseModel):
    """Base of all."""

    model_config = ConfigDict(extra="forbid")


class Author(Shape):
    """Who wrote it, where the byline says so. The id is stable within one consultation and means nothing outside it."""

    id: UUID
    name: str


class EndorsingOrganisation(Shape):
    """An organisation that supports it, as it was called when somebody with a confirmed mandate said so."""

    id: UUID
    name: str
    kind: OrganisationKind
    country: str | None
    region: str | None


class Organisation(Shape):
    """Who the author speaks for, in the author's words, where the byline says so. One name, one id."""

    id: UUID | None
    name: str
    kind: OrganisationKind
    country: str | None
    region: str | None
    mandate: Mandate | None


class Place(Shape):
    """A city or area that it concerns."""

    city: str | None
    country: str | None
    role: Literal["origin", "destination"] | None


class Waiting(Shape):
    """A revision that waits for a moderator: shown to its author and to moderators only."""

    revision: UUID
    since: datetime
    because: Literal["policy", "first", "check"] = Field(description="`check`: an automatic check lets it wait.")


class Commitment(Shape):
    """What the record committed to: SHA-256(salt || RFC 8785 JSON of {title, body, language})."""

    seq: int
    salt: str
    hash: str


FileType = Literal[
    "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text", "image/png", "image/jpeg",
]  # fmt: skip


class Attachment(Shape):
    """A file that goes with a contribution. `url` is an address on this server; `hash` is SHA-256 of its bytes."""

    id: UUID
    url: str = Field(examples=["/attachments/01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e12"])
    name: str
    type: FileType
    size: int = Field(description="In bytes.")
    hash: str


class Translation(Shape):
    """A contribution in another language, by a person. One stands in each language; `revision` is what it says.

    Where that is not the contribution's own `revision`, it is of an earlier version.
    """

    id: UUID
    language: str
    title: str | None
    body: str = Field(description="Markdown as written.")
    html: str = Field(description="Sanitised.")
    status: Literal["offered", "reviewed", "approved"] = Field(
        description="`reviewed`: a moderator says that it is right; `approved`: the original's author does."
    )
    revision: int
    by: Literal["participant", "moderator", "author"] = Field(description="As what its translator translated.")
    machine: bool = Field(description="A machine translated it, and whoever `by` says asked it to.")
    created: datetime
    updated: datetime = Field(description="In this status since.")
    commitment: Commitment | None


class Contribution(Shape):
    """A contribution. Its ETag is `"R-S"`: R its latest revision, S its `seq`."""

    id: UUID
    number: int | None = Field(description="Given when it is first published, and kept for ever.")
    url: str | None
    consultation: str
    topic: str
    thread: UUID = Field(description="Its own id for a root contribution.")
    parent: UUID | None
    depth: int
    kind: Kind
    title: str | None
    body: str | None = Field(description="Markdown as written.")
    html: str | None = Field(description="Sanitised.")
    language: str
    translations: list[Translation] = Field(description="Those that stand, by language.")
    recommendation: int | None = Field(description="The number of the recommendation that it is a comment on.")
    questions: list[str]
    byline: Byline
    author: Author | None
    capacity: Capacity
    organisation: Organisation | None
    places: list[Place]
    channel: Literal["web", "email", "api", "meeting", "paper", "process"]
    provenance: dict[str, Any] | None
    status: Status
    revision: int
    waiting: Waiting | None
    created: datetime
    published: datetime | None
    updated: datetime
    replies: int = Field(description="Published direct replies.")
    endorsements: int = Field(description="How many people support it, those for an organisation included.")
    endorsing_organisations: list[EndorsingOrganisation] = Field(description="Each once, in the order of time.")
    tags: list[str]
    seq: int = Field(description="Of the entry in the record that last changed this.")
    commitment: Commitment | None
    attachments: list[Attachment] = Field(description="At most five.")
    deposit: Literal[True] | None = Field(
        None, description="Shown to its author only, where they agreed that it is deposited in a research archive."
    )

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})


class ContributionPage(Shape):
    """One page of contributions."""

    items: list[Contribution]
    next: str | None = Field(description="Address of the next page; null on the last one.")


class Question(Shape):
    """A guiding question. Contributions name it as `topic.key`; `version` counts its wordings."""

    key: str
    text: str
    version: int


class Topic(Shape):
    """A theme under discussion."""

    id: UUID = Field(description="As entries about contributions and recommendations name it in `topic`.")
    slug: str
    title: str
    background: str
    policy: Literal["before", "after"] = Field(description="Whether moderators read before or after publication.")
    phase: PhaseName
    opens: datetime | None
    closes: datetime | None
    questions: list[Question]


class TopicPage(Shape):
    """The topics of a consultation."""

    items: list[Topic]
    next: str | None


class TeamMember(Shape):
    """Who holds a role, as far as they agreed to be named; `topic` is a slug, null for the whole consultation."""

    role: Literal["organiser", "moderator", "rapporteur"]
    topic: str | None
    name: str | None
    organisation: str | None


class Consultation(Shape):
    """A consultation; `size` is the number of entries in its record."""

    slug: str
    title: str
    url: str
    phase: PhaseName
    time_zone: str
    opens: datetime | None
    closes: datetime | None
    languages: list[str]
    topics: list[Topic]
    size: int
    sample: bool
    team: list[TeamMember]


class ConsultationPage(Shape):
    """All consultations."""

    items: list[Consultation]
    next: str | None


class Revision(Shape):
    """One version of a text that is or was public."""

    id: UUID
    revision: int
    state: Literal["public", "superseded"]
    title: str | None
    body: str
    html: str
    language: str
    byline: Byline
    published: datetime
    commitment: Commitment


class RevisionPage(Shape):
    """Revisions, oldest first."""

    items: list[Revision]
    next: str | None


class Entry(BaseModel):
    """An entry of the record, and what it concerns as it is now. Further fields depend on its kind: `contribution_id`
    says what a decision, an appeal or an endorsement is about."""

    seq: int
    time: datetime
    kind: str = Field(examples=["contribution.revised"])
    subject: UUID
    contribution: Contribution | None = Field(description="As it is now; null once it is no longer public.")
    related: list[Contribution] = Field(description="Others that the act changed, as they are now.")


class ChangePage(Shape):
    """Entries after a sequence number. A follower that has read up to `size` holds what the export holds."""

    items: list[Entry]
    next: str = Field(description="Always an address: ask it for what comes next.")
    size: int


class Decision(Shape):
    """A decision, and the contribution's state after it."""

    id: UUID
    act: str
    contribution: UUID
    revision: UUID | None
    number: int | None
    rule: str | None
    reason: str | None
    note: str | None
    decided: datetime
    seq: int | None = Field(description="Of its entry in the record; null for `reveal`, which is not public.")
    status: Status
    revealed: str | None = Field(None, description="Of `reveal`: the name, for whoever looked it up.")


class PhaseAct(Shape):
    """An organiser's act on the dates of a consultation or (`topic`) of one topic, with its public reason."""

    id: UUID
    act: Literal["open", "extend", "close", "reopen", "report", "archive"]
    topic: str | None
    opens: datetime | None
    closes: datetime | None
    reason: str
    decided: datetime
