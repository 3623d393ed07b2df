"""What anyone may read of a consultation and its topics, with their phases worked out for now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app import errors
from app.consultations import schedule
from app.language import gettext as _


@dataclass(frozen=True, slots=True)
class Wording:
    """How a guiding question was put until a moment."""

    text: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A guiding question; `key` is `a`, `full_key` is `inclusion.a`. `earlier` has how it was put before."""

    key: str
    full_key: str
    text: str
    version: int = 1
    earlier: Sequence[Wording] = ()


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """An organiser's act on the dates, and why: `open`, `extend`, `close` or `reopen`."""

    act: str
    closes: datetime | None  # to what an extension or a reopening moved the closing
    reason: str
    decided: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Who holds a role, as far as they agreed that the public reads it."""

    role: str
    topic: UUID | None  # None: the whole consultation
    name: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic, with its phase and window now."""

    id: UUID
    slug: str
    title: str
    background: str
    background_html: str
    policy: str
    phase: str
    opens: datetime | None
    closes: datetime | None
    moderators: Sequence[str]
    rapporteurs: Sequence[str]
    questions: Sequence[Question]
    extensions: Sequence[ExtensionView] = ()  # its own
    own_opens: datetime | None = None  # where its dates are not the consultation's
    own_closes: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """A consultation, with its phase now and the size of its record."""

    id: UUID
    slug: str
    title: str
    summary: str
    time_zone: str
    languages: Sequence[str]
    sample: bool
    announced: datetime | None  # None: in preparation
    size: int
    defined: int  # the newest entry about the consultation itself
    phase: str
    phases: Sequence[schedule.Phase]
    opens: datetime | None
    closes: datetime | None
    days_left: int | None
    details: Mapping[str, Any]
    topics: Sequence[TopicView]
    extensions: Sequence[ExtensionView]
    team: Sequence[Member] = ()

    @property
    def is_public(self) -> bool:
        """Whether everybody sees it: it is announced, and not for invited people alone."""
        return self.announced is not None and not self.details.get("private")

    @property
    def zone(self) -> ZoneInfo:
        """The consultation's time zone, in which its dates are shown."""
        return ZoneInfo(self.time_zone)

    def topic(self, slug: str) -> TopicView:
        """The topic with this slug. Raises NotFound."""
        for topic in self.topics:
            if topic.slug == slug:
                return topic
        raise errors.NotFound(_("There is no such topic in this consultation."))

    def topic_by_id(self, id: UUID) -> TopicView:
        """The topic with this id; it must be one of this consultation."""
        return next(topic for topic in self.topics if topic.id == id)
