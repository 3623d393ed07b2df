"""The form that invites people from a list: how it is read, what it keeps between its steps, what it makes of it."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from starlette.datastructures import FormData, UploadFile

from app import clock, errors, text
from app.accounts import limits
from app.files import apart
from app.language import LANGUAGES, meant, number
from app.language import gettext as _
from app.outreach import files, lists, notes, texts
from app.outreach.actions import KEPT_DAYS, Plan
from app.outreach.lists import Entry, Listed
from app.outreach.notes import Note
from app.outreach.sorting import Sorted
from app.outreach.texts import Wording
from app.readings.consultation_views import ConsultationView
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.grounds import identifier_in
from app.web.kit.visit import Visit

LIST_LIMIT = 1_000_000  # characters: ten thousand long lines
PART = 4 * LIST_LIMIT  # bytes, so that too long a list comes back with a word on it
SHOWN_FAULTS, SHOWN_PEOPLE = 500, 5


@dataclass(slots=True)
class Form:
    """What the form holds. Its id lets a round that is sent twice go out once; files are not kept between steps."""

    id: UUID
    language: str
    list: str = ""
    kept_days: str = str(KEPT_DAYS)
    texts: Mapping[str, Wording] = field(default_factory=dict)
    without_faulty: bool = False
    seen: str = ""  # the digest of the list that was shown last
    listed: Listed = field(default_factory=Listed)
    found: Sorted | None = None  # where it is shown what would happen
    title: str = ""  # of the consultation, in the language of the letter that is shown
    error: errors.PlenaryError | None = None

    @property
    def digest(self) -> str:
        """By which it is known whether the list is still the one that was shown."""
        return hashlib.sha256(self.list.encode()).hexdigest()

    @property
    def faults(self) -> Faults:
        """What is wrong with each field."""
        return Faults(self.error.fields if isinstance(self.error, errors.Invalid) else {})

    @property
    def message(self) -> str:
        """What is wrong with all of it."""
        return self.error.message if self.error and not isinstance(self.error, errors.Invalid) else ""

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return status_of(self.error) if self.error else 200

    @property
    def used(self) -> set[str]:
        """The languages that the letter is needed in, as far as the list tells."""
        return {entry.language or self.language for entry in self.listed.entries} or {self.language}

    @property
    def first(self) -> Entry:
        """Who would be invited first."""
        assert self.found is not None
        return self.found.entries[0]

    def letter(self, link: str) -> Wording:
        """The letter as the first person on the list would get it."""
        words = self.texts[self.first.language or self.language]
        values = {"name": self.first.name, "consultation": self.title, "link": link}
        return Wording(texts.filled(words.subject, values), texts.filled(words.words, values), words.source)

    def plan(self, note: Note | None) -> Plan:
        """For the action."""
        days = int(self.kept_days) if self.kept_days.isascii() and self.kept_days.isdigit() else None
        return Plan(self.listed, self.texts, self.language, days, self.without_faulty, note)


def blank(consultation: ConsultationView, *, private: bool) -> Form:
    """An empty form, with the letter that we propose."""
    main = next((spoken for tag in consultation.languages if (spoken := meant(tag))), LANGUAGES[0])
    return Form(
        clock.new_id(), main, texts={language: texts.default(language, private=private) for language in LANGUAGES}
    )


def from_request(sent: FormData) -> Form:
    """The form as it was sent, its list not read yet. Raises Malformed."""
    given = {name: text.storable(value) for name, value in sent.items() if isinstance(value, str)}
    said = {
        language: Wording(*(given.get(f"{part}_{language}", "") for part in ("subject", "words", "source")))
        for language in LANGUAGES
    }
    return Form(
        identifier_in(sent, "id"), given.get("language", ""), given.get("list", ""), given.get("kept_days", "")[:5],
        said, given.get("without_faulty") == "yes", given.get("seen", ""),
    )  # fmt: skip


async def read_list(form: Form, sent: FormData) -> None:
    """Read the list that was pasted, with one that was chosen as a file. Raises Invalid."""
    chosen = _chosen(sent, "file")
    if chosen is not None:
        content = await chosen.read(PART + 1)
        if len(content) > PART:
            raise errors.Invalid({"file": _too_long()})
        form.list = "\n".join(part for part in (form.list.rstrip(), text.storable(files.decoded(content))) if part)
    if len(form.list) > LIST_LIMIT:
        raise errors.Invalid({"list": _too_long()})
    # Aside: ten thousand lines take a while, in which others want answers.
    form.listed = await asyncio.to_thread(lists.parse, form.list)


async def note_in(visit: Visit, sent: FormData) -> Note | None:
    """The note that was chosen, cleaned. Raises Invalid, RateLimited."""
    chosen = _chosen(sent, "note")
    if chosen is None:
        return None
    await limits.allow_attachments(visit.database, visit.person)
    return notes.note_of(await apart.upload(chosen.filename or "", await chosen.read()))


def has_note(sent: FormData) -> bool:
    """Whether a note was chosen: a form that comes back cannot hold it."""
    return _chosen(sent, "note") is not None


def _chosen(sent: FormData, name: str) -> UploadFile | None:
    found = sent.get(name)
    return found if isinstance(found, UploadFile) and found.filename else None


def _too_long() -> str:
    return _("This list has more than %(most)s characters. Please send it in parts.", most=number(LIST_LIMIT))
