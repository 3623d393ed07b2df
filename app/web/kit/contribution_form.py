"""The form in which people write: what it holds, how it is read, kept as a draft, and turned into a submission."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from starlette.datastructures import FormData

from app import clock, errors, text
from app.accounts.profile import Profile
from app.contributions.attaching import MOST
from app.contributions.submissions import BODY_LIMIT, PLACES_LIMIT, TITLE_LIMIT, Submission
from app.language import gettext as _
from app.language import tag_named
from app.readings.consultation_views import ConsultationView
from app.web.kit.words import LANGUAGES, language_name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FIRST_PLACES, MORE_PLACES = 1, 3
OTHER = "other"
LIMITS = {"title": TITLE_LIMIT, "body": BODY_LIMIT, "places": PLACES_LIMIT, "files": MOST}


_Form = TypeVar("_Form", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class ContributionForm:
    """The fields as they stand, unchecked. `id` becomes the contribution's, so that a form sent twice posts once."""

    id: str = ""
    topic: str = ""
    parent: int | None = None
    recommendation: int | None = None  # that it is a comment on
    kind: str = ""
    title: str = ""
    questions: tuple[str, ...] = ()
    language: str = "en"
    other_language: str = ""
    body: str = ""
    places: tuple[dict[str, str], ...] = ()
    capacity: str = ""
    byline: str = ""
    deposit: str = ""  # anything: it may go into a research archive
    website: str = ""  # not for people, who do not see it: whoever fills it in is a program
    rows: int = FIRST_PLACES  # of places that are shown
    detached: tuple[str, ...] = ()  # at editing: attachments that are to go

    @property
    def tag(self) -> str:
        """The language tag that is meant."""
        return tag_named(self.other_language) if self.language == OTHER else self.language

    @property
    def place_rows(self) -> list[dict[str, str]]:
        """The rows to show: what is filled in, and empty ones up to `rows`."""
        empty = {"city": "", "country": "", "role": ""}
        rows = min(max(self.rows, len(self.places)), PLACES_LIMIT)
        return [*self.places, *(dict(empty) for _row in range(rows - len(self.places)))]

    def draft(self) -> dict[str, Any]:
        """What a draft keeps."""
        left_out = ("id", "rows", "detached", "" if self.website else "website")
        return {name: value for name, value in asdict(self).items() if name not in left_out}

    def submission(self, parent: UUID | None) -> Submission:
        """What is sent: for an action to check."""
        return Submission(
            body=self.body,
            language=self.tag,
            title=self.title or None,
            topic=self.topic or None,
            parent=parent,
            kind=self.kind or None,
            questions=self.questions,
            places=self.places,
            capacity=self.capacity or None,
            byline=self.byline or None,
            deposit=bool(self.deposit),
            trapped=bool(self.website),
        )

    def preview(self) -> str:
        """The text as it will be set, as far as it fits; empty for what no text can hold."""
        try:
            return text.markdown(text.paragraphs(self.body)[:BODY_LIMIT])
        except ValueError:
            return ""


class Faults(dict[str, str]):
    """What is wrong with each field; nothing, for all others."""

    def __missing__(self, _field: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who would sign, as the form shows it; a stranger signs once they have signed in."""

    name: str = ""
    organisation: str = ""
    country: str = ""
    capacity: str = "personal"
    byline: str = ""
    complete: bool = False


def signer_of(profile: Profile | None) -> Signer:
    """The signer from a profile, None for a stranger."""
    if profile is None:
        return Signer()
    form = profile.form
    return Signer(
        form.name,
        form.organisation or "",
        form.organisation_country or "",
        form.capacity,
        form.byline or "",
        bool(form.name),
    )


def blank(
    consultation: ConsultationView, topic: str, parent: int | None, signer: Signer, language: str
) -> ContributionForm:
    """An empty form: in the reader's language where the consultation has it, signed as last time."""
    languages = consultation.languages
    return ContributionForm(
        id=str(clock.new_id()) if signer.complete else "",
        topic=topic,
        parent=parent,
        language=language if language in languages else languages[0],
        capacity=signer.capacity if signer.complete else "",
        byline=signer.byline,
    )


def blank_reply(consultation: ConsultationView, topic: str, signer: Signer, language: str) -> ContributionForm:
    """As `blank`, for a reply to whatever the form says beside this."""
    return replace(blank(consultation, topic, None, signer, language), kind="reply")


def about(form: ContributionForm, title: str, address: str) -> ContributionForm:
    """The form, begun with a link to something: that is how a text refers to it."""
    words = re.sub(r"([\\\[\]*_`<>])", r"\\\1", title)
    return replace(form, title=_("About: %(title)s", title=title)[:TITLE_LIMIT], body=f"[{words}]({address})\n\n")


def from_request(sent: FormData) -> ContributionForm:
    """The form as it was sent. Raises Malformed for a parent that is no number."""
    given = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    rows = [name.removeprefix("place_city_") for name in given if name.startswith("place_city_")][:PLACES_LIMIT]
    places = [
        {part: given.get(f"place_{part}_{row}", "").strip() for part in ("city", "country", "role")} for row in rows
    ]
    shown = len(rows) + (MORE_PLACES if given.get("do") == "places" else 0)
    return ContributionForm(
        id=given.get("id", ""),
        topic=given.get("topic", ""),
        parent=_number(given.get("parent", "")),
        recommendation=_number(given.get("recommendation", "")),
        kind=given.get("kind", ""),
        title=given.get("title", ""),
        questions=tuple(str(key) for key in sent.getlist("questions")),
        language=given.get("language", ""),
        other_language=given.get("other_language", ""),
        body=given.get("body", ""),
        places=tuple(place for place in places if any(place.values())),
        capacity=given.get("capacity", ""),
        byline=given.get("byline", ""),
        deposit=given.get("deposit", ""),
        website=given.get("website", ""),
        detached=tuple(str(each) for each in sent.getlist("detached")),
        rows=max(shown, FIRST_PLACES),
    )


def from_draft(id: UUID, fields: Mapping[str, Any]) -> ContributionForm:
    """The form as it was kept."""
    known = {name: value for name, value in fields.items() if name in ContributionForm.__dataclass_fields__}
    known["questions"], known["places"] = tuple(known.get("questions", ())), tuple(known.get("places", ()))
    return ContributionForm(**known | {"id": str(id)})


def from_text(fields: Mapping[str, Any], consultation: ConsultationView) -> ContributionForm:
    """The form that would write a contribution again: for editing."""
    form = ContributionForm(
        id=fields["id"],
        topic=fields["topic"],
        kind=fields["kind"],
        title=fields["title"] or "",
        questions=tuple(fields["questions"]),
        language=fields["language"],
        body=fields["body"] or "",
        places=tuple(
            {part: place.get(part) or "" for part in ("city", "country", "role")} for place in fields["places"]
        ),
        byline=fields["byline"],
        deposit="yes" if fields.get("deposit") else "",
    )
    known = dict(language_choices(consultation))
    return form if form.language in known else replace(form, language=OTHER, other_language=form.language)


def language_choices(consultation: ConsultationView) -> list[tuple[str, str]]:
    """The languages to choose from: the consultation's first, then others that texts are often in, then any."""
    first = [(tag, language_name(tag)) for tag in consultation.languages]
    more = sorted(
        ((tag, language_name(tag)) for tag in LANGUAGES if tag not in consultation.languages),
        key=lambda pair: pair[1],
    )
    return [*first, *more, (OTHER, _("Another language: write it below"))]


def draft_id(value: str) -> UUID | None:
    """The identifier in a form; None for none. Raises Malformed."""
    try:
        return UUID(value) if value else None
    except ValueError:
        raise errors.Malformed(_("This form is broken: its identifier is none. Please open it again.")) from None


def anew(form: _Form, error: errors.PlenaryError) -> _Form:
    """The form that was refused; with an identifier of its own, where what was sent under the old one is gone."""
    gone = isinstance(error, errors.SentBefore) and error.details["which"] is None
    return replace(form, id=str(clock.new_id())) if gone else form


def _number(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 11):
        raise errors.Malformed(_("This form is broken: what it replies to is no number. Please open it again."))
    return int(value)
