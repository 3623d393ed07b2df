"""The forms for what was said elsewhere: a report of many points, or one text. How they are read, kept and sent on."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from app import clock, errors
from app.contributions.transcripts import Speaker
from app.meetings.reports import MOST_POINTS, Consent, Point, Report, Transcription, no_number
from app.web.kit.contribution_form import Faults, draft_id

FIRST_POINTS, MORE_POINTS = 3, 3
FIELDS = 600  # of the longest form: its points have ten each
KIND = "meeting"  # of the drafts that these forms keep
_ABOUT = ("topic", "questions")  # which the form asks for in one field


@dataclass(frozen=True, slots=True)
class PointForm:
    """One point as it stands in the form. `about` is a guiding question or a topic; `consent` is `name:written`."""

    about: str = ""
    body: str = ""
    title: str = ""
    kind: str = "experience"
    said: str = "report-back"
    consent: str = "none"
    name: str = ""
    organisation: str = ""
    organisation_kind: str = "other"
    deposit: str = ""  # anything: the source agreed that it goes into a research archive

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written here."""
        return not any(value.strip() for value in (self.body, self.title, self.name, self.organisation))

    def point(self) -> Point:
        """What is sent: for an action to check."""
        given, _colon, how = self.consent.partition(":")
        is_question = "." in self.about
        return Point(
            self.body, None if is_question else self.about or None, (self.about,) if is_question else (),
            title=self.title, kind=self.kind, said=self.said, consent=Consent(given, how or None),
            speaker=Speaker(self.name, self.organisation, self.organisation_kind), deposit=bool(self.deposit),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeetingForm:
    """The fields of a report, or of one transcription, as they stand, unchecked."""

    id: str = ""
    title: str = ""
    date: str = ""
    place: str = ""
    attendance: str = ""
    organisations: str = ""
    held_by: str = ""
    rapporteur: str = ""
    rapporteur_agreed: str = ""
    signed: str = ""
    language: str = "en"
    channel: str = "paper"
    meeting: str = ""
    planned: str = ""  # the announced meeting that is reported
    source_title: str = ""
    source_url: str = ""
    confirmed: str = ""
    points: tuple[PointForm, ...] = ()
    rows: int = FIRST_POINTS

    @property
    def point_rows(self) -> list[PointForm]:
        """The points to show: what is filled in, and empty ones up to `rows`."""
        rows = min(max(self.rows, len(self.points)), MOST_POINTS)
        return [*self.points, *(PointForm() for _row in range(rows - len(self.points)))]

    def draft(self) -> dict[str, Any]:
        """What a draft keeps."""
        kept = {name: value for name, value in asdict(self).items() if name not in ("id", "rows")}
        return {**kept, "points": list(kept["points"]), "form": KIND}

    def report(self) -> Report:
        """What is sent of a meeting. Raises Invalid for what is no number."""
        faults: dict[str, str] = {}
        attendance, organisations = (
            _count(name, value, faults)
            for name, value in (("attendance", self.attendance), ("organisations", self.organisations))
        )
        if faults:
            raise errors.Invalid(faults)
        return Report(
            self.title, self.date, self.place, attendance, organisations, self.held_by, self.rapporteur,
            bool(self.rapporteur_agreed), bool(self.signed), self.language,
            tuple(each.point() for each in self.points), draft_id(self.planned),
        )  # fmt: skip

    def transcription(self) -> Transcription:
        """What is sent of one text. Raises Malformed for a meeting that is no identifier."""
        each = self.points[0] if self.points else PointForm()
        point = each.point()
        said = Point(
            **{name: getattr(point, name) for name in Point.__dataclass_fields__} | {"language": self.language}
        )
        return Transcription(
            self.channel, said, self.date, self.place, draft_id(self.meeting), self.source_title, self.source_url,
            bool(self.confirmed), bool(self.signed),
        )  # fmt: skip


def blank(language: str, **more: Any) -> MeetingForm:
    """An empty form, with the identifier by which it is sent once."""
    return MeetingForm(id=str(clock.new_id()), language=language, **more)


def from_request(sent: FormData) -> MeetingForm:
    """The form as it was sent, its blank points left out."""
    given = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    indexes = [name.split(".")[1] for name in given if name.startswith("points.") and name.endswith(".body")]
    points = [
        PointForm(**{name: given.get(f"points.{at}.{name}", "") for name in PointForm.__dataclass_fields__})
        for at in indexes[:MOST_POINTS]
    ]
    shown = len(points) + (MORE_POINTS if given.get("do") == "more" else 0)
    plain: dict[str, Any] = {name: given.get(name, "") for name in _plain()}
    return MeetingForm(
        **plain, points=tuple(point for point in points if not point.is_blank), rows=max(shown, FIRST_POINTS)
    )  # fmt: skip


def from_draft(id: UUID, fields: Mapping[str, Any]) -> MeetingForm:
    """The form as it was kept."""
    plain: dict[str, Any] = {name: str(fields.get(name, "")) for name in _plain()}
    return MeetingForm(**plain | {"id": str(id)}, points=tuple(PointForm(**each) for each in fields.get("points", ())))


def faults_in(error: errors.PlenaryError | None, *, one: bool = False) -> Faults:
    """What is wrong, under the names that the form's fields have. `one`: of a form with a single point."""
    given = error.fields if isinstance(error, errors.Invalid) else {}
    return Faults({_named(name, one): fault for name, fault in given.items()})


def _named(name: str, one: bool) -> str:
    own = name.rpartition(".")[2]
    at = name.removesuffix(own) or (
        "points.0." if one and (own in PointForm.__dataclass_fields__ or own in _ABOUT) else ""
    )
    return f"{at}about" if at and own in _ABOUT else f"{at}{own}"


def _plain() -> Iterable[str]:
    return (name for name in MeetingForm.__dataclass_fields__ if name not in ("points", "rows"))


def _count(name: str, value: str, faults: dict[str, str]) -> int | None:
    digits = value.strip()
    if not digits:
        return None
    if digits.isdecimal() and len(digits) < 10:
        return int(digits)
    faults[name] = no_number()
    return None
