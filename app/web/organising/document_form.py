"""The forms about a document: what is said of it, and a file. How they are read, and become what an action takes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from starlette.datastructures import FormData

from app import errors
from app.consultations.documents import Details
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.organising.documents import DocumentView

_TITLE = "title_"
MEETING = "meeting:"  # before a meeting's identifier, where others have a topic's slug


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """The fields as they stand, unchecked. `id` becomes the document's, or the file's: sent twice, it is made once."""

    id: str = ""
    kind: str = "working-paper"
    titles: Mapping[str, str] = field(default_factory=dict)  # by language tag
    author: str = ""
    topic: str = ""
    expected: str = ""
    language: str = ""  # of the file
    bare: str = ""  # anything: without what the file tells besides its text
    which: str = ""  # file is withdrawn; none: the document
    reason: str = ""

    def details(self, meetings: Collection[UUID]) -> Details:
        """What is said of it, for an action to check; `meetings` are those it may belong to.

        Raises Invalid for a date that is none, and for another meeting.
        """
        expected, meeting = date_in(self.expected, "expected"), None
        if self.topic.startswith(MEETING):
            meeting = next((id for id in meetings if self.topic == f"{MEETING}{id}"), None)
            if meeting is None:
                raise errors.Invalid({"topic": _("There is no such meeting to come.")})
        return Details(self.kind, self.titles, self.author, "" if meeting else self.topic, expected, meeting)


def blank(consultation: ConsultationView, id: str) -> DocumentForm:
    """An empty form."""
    return DocumentForm(id, titles=dict.fromkeys(consultation.languages, ""), language=consultation.languages[0])


def from_view(document: DocumentView, consultation: ConsultationView, id: str) -> DocumentForm:
    """The form that would say again what is said of a document; `id` is for a file that is added."""
    return DocumentForm(
        id=id, kind=document.kind, titles=dict.fromkeys(consultation.languages, "") | dict(document.titles),
        author=document.author or "",
        topic=f"{MEETING}{document.meeting}" if document.meeting else document.topic or "",
        expected=document.expected.isoformat() if document.expected else "", language=consultation.languages[0],
    )  # fmt: skip


def from_request(sent: FormData) -> DocumentForm:
    """The form as it was sent."""
    given = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    titles = {name.removeprefix(_TITLE)[:35]: value for name, value in given.items() if name.startswith(_TITLE)}
    known = ("id", "kind", "author", "topic", "expected", "language", "bare", "which", "reason")
    return DocumentForm(titles=titles, **{name: given[name] for name in known if name in given})


def date_in(given: str, name: str) -> date | None:
    """A day that a form gives, None where it gives none. Raises Invalid."""
    try:
        return date.fromisoformat(given.strip()) if given.strip() else None
    except ValueError:
        raise errors.Invalid({name: _("Please write a date as in 2016-09-13.")}) from None
