"""What clients send of meetings and transcriptions. What words mean is checked by the actions."""

from typing import Any
from uuid import UUID

from pydantic import Field

from app.api.requests import Body, Questions, Topic
from app.contributions.transcripts import Speaker
from app.meetings.reports import MOST_POINTS, Consent, Point, Report, Transcription

_POINT: dict[str, Any] = {
    "body": "The desks could share one list of classes.", "questions": ["inclusion.a"], "kind": "proposal",
    "said": "report-back",
}  # fmt: skip


class ConsentGiven(Body):
    """What the source agreed to, and how."""

    given: str = Field("none", description="`none`, `words`, `organisation` or `name`.")
    how: str | None = Field(None, description="`written` or `spoken`; needed where somebody is named.")


class OrganisationGiven(Body):
    """The organisation that spoke."""

    name: str
    kind: str = Field("other", description="As in `organisation` of a contribution.")
    country: str | None = Field(None, description="ISO 3166 alpha-2.", examples=["PH"])


class NewPoint(Body):
    """One point, as somebody said it. Names need the consent to them; without, it says “a participant”."""

    body: str = Field(description="Markdown.")
    topic: Topic | None = Field(None, description="May be left out where it answers a question.")
    questions: Questions = Field(default_factory=list)
    title: str | None = Field(None, description="By default how the text begins.")
    kind: str | None = Field(None, description="By default `experience`.")
    language: str | None = Field(None, description="BCP 47 tag, where it is another than the report's.")
    said: str | None = Field(None, description="At a meeting: `report-back`, or `floor` (default).")
    name: str | None = Field(None, description="Who said it.")
    organisation: OrganisationGiven | None = None
    consent: ConsentGiven = Field(default_factory=ConsentGiven)
    deposit: bool = Field(False, description="The source agreed that it is deposited in a research archive.")

    def point(self) -> Point:
        """The same for the action."""
        group = self.organisation
        speaker = Speaker(self.name, group.name, group.kind, group.country) if group else Speaker(self.name)
        return Point(
            self.body, self.topic, tuple(self.questions), self.title, self.kind, self.language, self.said, speaker,
            Consent(self.consent.given, self.consent.how), self.deposit,
        )  # fmt: skip


class NewMeeting(Body):
    """A meeting, and what was said there."""

    title: str
    date: str = Field(description="Such as `2016-09-13`.")
    place: str
    attendance: int | None = Field(None, description="How many people were there.")
    organisations: int | None = Field(None, description="How many organisations were there.")
    held_by: str | None = Field(None, description="Of a participant's report: always their own organisation.")
    rapporteur: str | None = Field(None, description="A name; needs `rapporteur_agreed`.")
    rapporteur_agreed: bool = False
    signed: bool = Field(False, description="Name who reports it.")
    language: str = Field("en", description="BCP 47 tag of the points.")
    planned: UUID | None = Field(None, description="Id of the announced meeting that it was; for moderators.")
    points: list[NewPoint] = Field(max_length=100, description=f"At most {MOST_POINTS}.")

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [
                {
                    "title": "Meeting in Quezon City",
                    "date": "2016-09-13",
                    "place": "Quezon City, Philippines",
                    "attendance": 22,
                    "organisations": 11,
                    "points": [_POINT],
                }
            ]
        }
    }

    def report(self) -> Report:
        """The same for the action."""
        given = self.model_dump(exclude={"points"})
        return Report(**given, points=tuple(point.point() for point in self.points))


class NewTranscription(NewPoint):
    """One text that came on paper, at a meeting, or from another organisation's own process."""

    channel: str = Field(description="`paper`, `process` or `meeting`.")
    date: str = Field("", description="When it was said or written; not needed with `meeting`.")
    place: str | None = None
    meeting: UUID | None = Field(None, description="Id of a meeting that was reported before.")
    source_title: str | None = Field(None, description="The document it is taken from.")
    source_url: str | None = Field(None, description="Its address.")
    confirmed: bool = Field(False, description="The source has confirmed it, such as by signing.")
    signed: bool = Field(False, description="Name who transcribes it.")

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [{**_POINT, "channel": "paper", "date": "2016-09-01", "said": None, "language": "en"}]
        }
    }

    def transcription(self) -> Transcription:
        """The same for the action."""
        return Transcription(
            self.channel, self.point(), self.date, self.place, self.meeting, self.source_title, self.source_url,
            self.confirmed, self.signed,
        )  # fmt: skip


class NewSource(Body):
    """Whom to ask whether a transcription is right. The address is deleted with the answer, or after thirty days."""

    email: str
    language: str | None = Field(None, description="Of the mail: one of the six of the interface.")

    model_config = Body.model_config | {
        "json_schema_extra": {"examples": [{"email": "somebody@example.org", "language": "fr"}]}
    }
