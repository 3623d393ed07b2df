"""What a file of REFI-QDA holds, as far as it is exchanged: one model for what we write and what we read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Note:
    """A memo, with who wrote it."""

    guid: UUID
    words: str
    user: UUID | None = None
    made: datetime | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A code. `parent` is its guid, `colour` as in #46AA00; a code that is no more than a folder is put on nothing."""

    guid: UUID
    name: str
    definition: str = ""
    colour: str = ""
    parent: UUID | None = None
    codable: bool = True
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who codes."""

    guid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A code on a text: on all of it, or from character `begin` up to, and without, character `end`."""

    guid: UUID
    code: UUID
    begin: int | None = None
    end: int | None = None
    user: UUID | None = None
    made: datetime | None = None
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and what was put on it. `text` is None where the file does not hold it."""

    guid: UUID
    name: str
    text: str | None
    description: str = ""
    coded: Sequence[Coded] = ()
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Gist:
    """What a contribution says, in one line, from a table of ours: REFI-QDA knows of none."""

    number: int
    words: str
    revision: int | None = None  # None: the present one


@dataclass(frozen=True, slots=True)
class Project:
    """All of a file. `aside` has a line for each thing in it that is not exchanged, or cannot be read."""

    name: str = ""
    origin: str = ""
    users: Sequence[User] = ()
    codes: Sequence[Code] = ()  # each after its parent
    sources: Sequence[Source] = ()
    aside: Sequence[str] = ()
    gists: Sequence[Gist] = ()
