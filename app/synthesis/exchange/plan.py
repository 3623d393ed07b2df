"""What there is here, what a file would add to it, and how the two are brought together. Asks no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.contributions.quoting import PublicText
from app.synthesis.code_words import CodeWords

Place = tuple[UUID, UUID, int, int | None, int | None]  # code, contribution, revision, begin, end
Key = tuple[UUID | str, Place]  # with its coder: one who is known here, or a name from a file
Subject = tuple[str, UUID]  # `code`, `contribution` or `coding`, and which


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A code that is here: what it is called, where it stands, and what became of it."""

    name: str
    parent: UUID | None
    retired: bool = False
    merged_into: UUID | None = None


@dataclass(frozen=True, slots=True)
class OwnCoder:
    """Somebody who codes here: a person, perhaps who asks, or a name that came in a file before."""

    name: str | None  # None for a person
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Ours:
    """What there is in the consultation."""

    codes: Mapping[UUID, OwnCode] = field(default_factory=dict)
    elsewhere: frozenset[UUID] = frozenset()  # guids in the file that are codes of other consultations
    texts: Sequence[PublicText] = ()
    coders: Mapping[UUID, OwnCoder] = field(default_factory=dict)
    codings: Mapping[UUID, Key] = field(default_factory=dict)
    memos: frozenset[tuple[Subject, str]] = frozenset()
    gists: Mapping[UUID, tuple[str, int]] = field(default_factory=dict)  # by contribution; with the revision


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that would be made."""

    id: UUID
    words: CodeWords


@dataclass(frozen=True, slots=True)
class NewCoding:
    """A coding that would be made. A coder that is a name is one from the file."""

    id: UUID
    coder: UUID | str
    place: Place
    made: datetime | None


@dataclass(frozen=True, slots=True)
class NewMemo:
    """A memo that would be made."""

    subject: Subject
    words: str
    coder: UUID | str
    made: datetime | None


@dataclass(frozen=True, slots=True)
class NewGist:
    """A gist that would be written, or worded otherwise than here."""

    contribution: UUID
    revision: int
    words: str
    rewords: bool


@dataclass(slots=True)
class Plan:
    """What would happen. `lines` tells, one by one, what of the file cannot be taken, and why."""

    codes: list[NewCode] = field(default_factory=list)
    known_codes: int = 0
    texts: int = 0  # in the file, and known here
    codings: list[NewCoding] = field(default_factory=list)
    known_codings: int = 0
    memos: list[NewMemo] = field(default_factory=list)
    gists: list[NewGist] = field(default_factory=list)
    known_gists: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def coders(self) -> Mapping[UUID | str, int]:
        """How many codings would come from whom."""
        counts: dict[UUID | str, int] = {}
        for coding in self.codings:
            counts[coding.coder] = counts.get(coding.coder, 0) + 1
        return counts

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.codes or self.codings or self.memos or self.gists)
