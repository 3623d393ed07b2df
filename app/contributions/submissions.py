"""What somebody asks to publish: its fields, and the checks they pass before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from uuid import UUID

from app import errors, text
from app.accounts.vocabulary import BYLINES
from app.contributions.places import checked_places
from app.files.uploads import Upload
from app.language import gettext as _
from app.language import number

TITLE_LIMIT = 200
BODY_LIMIT = 20_000
PLACES_LIMIT = 10

ROOT_KINDS = ("experience", "proposal", "question", "resource")
KINDS = (*ROOT_KINDS, "reply", "note")
NOTES = ("opening-note", "weekly-synthesis", "still-missing", "closing-note")


@dataclass(frozen=True, slots=True)
class Submission:
    """The fields of a form or of an API request, as given; None is not said. `checked` makes them fit to be stored."""

    body: str
    language: str
    title: str | None = None
    topic: str | None = None
    parent: UUID | None = None
    kind: str | None = None
    questions: tuple[str, ...] = ()
    places: tuple[Mapping[str, Any], ...] = ()
    capacity: str | None = None
    byline: str | None = None
    note: str | None = None  # which of NOTES a facilitator's note is: it becomes the note's tag
    deposit: bool | None = None  # whether it may be deposited in a research archive
    trapped: bool = False  # a field was filled in that no person sees
    untrimmed: bool = False  # it came by mail, and somebody has to see whether it holds more than the sender's words
    files: tuple[Upload, ...] = ()  # to attach
    detached: frozenset[UUID] = frozenset()  # attachments of the text before that go


def checked(given: Submission, questions: frozenset[str], is_reply: bool | None = None) -> Submission:
    """The submission as it will be stored. `questions` are the keys of the topic's guiding questions.

    It is a reply where it names a parent; `is_reply` says so where the parent's id is not known yet.

    Raises Invalid with a sentence for every field that cannot be taken.
    """
    faults: dict[str, str] = {}
    kind = _kind(given, given.parent is not None if is_reply is None else is_reply, faults)
    clean = replace(
        given,
        kind=kind,
        title=_title(given.title, kind, faults),
        body=_body(given.body, faults),
        language=_language(given.language, faults),
        questions=_questions(given.questions, questions, faults),
        places=checked_places(given.places, PLACES_LIMIT, faults),
        byline=_one_of(given.byline, BYLINES, "byline", faults),
        capacity=_one_of(given.capacity, ("organisation", "personal"), "capacity", faults),
        note=_one_of(given.note, NOTES, "note", faults),
    )
    if clean.note is not None and kind != "note":
        faults.setdefault("note", _("Only a facilitator’s note is one of these; leave it out."))
    if faults:
        raise errors.Invalid(faults)
    return clean


def _kind(given: Submission, is_reply: bool, faults: dict[str, str]) -> str | None:
    if is_reply:
        if given.kind in (None, "reply", "note"):
            return given.kind or "reply"
        faults["kind"] = _("An answer in a thread is a reply (or a facilitator’s note); leave the kind out.")
    elif given.kind in (*ROOT_KINDS, "note"):
        return given.kind
    else:
        faults["kind"] = _("Please choose what it is: experience, proposal, question or resource.")
    return None


def titled(title: str | None) -> str:
    """The title of what starts a thread. Raises Invalid where there is none, or too long a one."""
    faults: dict[str, str] = {}
    clean = _title(title, ROOT_KINDS[0], faults)
    if faults:
        raise errors.Invalid(faults)
    return clean or ""


def _title(title: str | None, kind: str | None, faults: dict[str, str]) -> str | None:
    clean = _clean(text.line, title or "", "title", faults)
    if kind in ROOT_KINDS and not clean and "title" not in faults:
        faults["title"] = _("Please give it a title: it is what people see in the list.")
    if len(clean) > TITLE_LIMIT:
        faults["title"] = _(
            "The title has %(count)s characters; at most %(most)s fit. Please shorten it.",
            count=number(len(clean)),
            most=TITLE_LIMIT,
        )
    return clean or None


def _body(body: str, faults: dict[str, str]) -> str:
    clean = _clean(text.paragraphs, body, "body", faults)
    is_blank = not clean or ("&" in clean and not text.visible(unescape(clean)))  # Markdown takes &nbsp; for a space
    if is_blank and "body" not in faults:
        faults["body"] = _("Please write your text here.")
    if len(clean) > BODY_LIMIT:
        faults["body"] = _(
            "The text has %(count)s characters; at most %(most)s fit. Please shorten or split it.",
            count=number(len(clean)),
            most=number(BODY_LIMIT),
        )
    return clean


def _clean(cleaner: Any, value: str, field: str, faults: dict[str, str]) -> str:
    try:
        return str(cleaner(value))
    except ValueError as fault:
        faults[field] = _("This %(fault)s.", fault=fault)
        return ""


def _language(tag: str, faults: dict[str, str]) -> str:
    try:
        return text.language_tag(tag)
    except ValueError as fault:
        faults["language"] = _("The language %(fault)s.", fault=fault)
        return tag


def _questions(given: tuple[str, ...], known: frozenset[str], faults: dict[str, str]) -> tuple[str, ...]:
    if unknown := [key for key in given if key not in known]:
        choice = ", ".join(sorted(known)) or "none"
        faults["questions"] = _(
            "This topic has no question %(value)s. It has: %(choice)s.", value=", ".join(unknown)[:100], choice=choice
        )
    return tuple(sorted(set(given)))


def _one_of(value: str | None, choice: tuple[str, ...], field: str, faults: dict[str, str]) -> str | None:
    if value is not None and value not in choice:
        faults[field] = _("The %(field)s is one of %(choice)s.", field=field, choice=", ".join(choice))
    return value
