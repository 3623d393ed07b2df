"""What clients send: one model for each body. Unknown fields are refused; what words mean is checked by the actions."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.consultations.phasing import PhaseChange
from app.contributions.cataloguing import Catalogued
from app.contributions.classifying import MOST as MOST_CLASSIFIED
from app.contributions.submissions import BODY_LIMIT, NOTES, PLACES_LIMIT, TITLE_LIMIT, Submission
from app.moderation.acts import ACTS
from app.moderation.deciding import Grounds, Options


class Body(BaseModel):
    """Base of all: knows no fields but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Topic = Annotated[str, Field(pattern="^[a-z0-9-]{1,64}$", description="Slug of the topic; may be left out of a reply.")]
Questions = Annotated[
    list[str], Field(max_length=100, description="Guiding questions it answers, such as `inclusion.a`.")
]


_DEPOSIT = "Whether it may be deposited in a research archive, where anyone may use it. Shown to you only."


class PlaceGiven(Body):
    """A city or area it concerns."""

    city: str | None = None
    country: str | None = Field(None, description="ISO 3166 alpha-2.", examples=["PH"])
    role: str | None = Field(None, description="`origin` or `destination`.")


Places = Annotated[list[PlaceGiven], Field(max_length=100, description=f"At most {PLACES_LIMIT}.")]


class NewContribution(Body):
    """What is to be said: a root contribution, or a reply where `parent` is given."""

    topic: Topic | None = None
    parent: UUID | None = Field(None, description="Id of the contribution that this replies to.")
    kind: str | None = Field(
        None, description="`experience`, `proposal`, `question` or `resource`; `reply` is understood with a parent; "
        "`note` needs a moderator."
    )  # fmt: skip
    recommendation: int | None = Field(
        None, ge=1, lt=2**31, description="Number of a recommendation that is open for comment, which this is on."
    )
    title: str | None = Field(None, description=f"Needed for a root contribution; at most {TITLE_LIMIT} characters.")
    body: str = Field(description=f"Markdown; at most {BODY_LIMIT} characters.")
    language: str = Field(description="BCP 47 tag of the text.", examples=["es", "fil"])
    questions: Questions = []
    places: Places = []
    capacity: str | None = Field(None, description="`organisation` or `personal`; default: the profile's.")
    byline: str | None = Field(
        None, description="`full`, `organisation` or `anonymous`; default: the one chosen last, or `full`."
    )

    deposit: bool = Field(False, description=_DEPOSIT)
    note: str | None = Field(
        None, description=f"Which note, where the kind is `note`: one of {', '.join(NOTES)}. It becomes its tag."
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "topic": "diasporas", "kind": "proposal", "title": "A shared register of skills",
                    "body": "Associations in both cities could keep **one** register.", "language": "en",
                    "questions": ["diasporas.a"],
                    "places": [{"city": "Quezon City", "country": "PH", "role": "origin"}],
                }
            ]
        }
    )  # fmt: skip

    def submission(self) -> Submission:
        """The same for the action."""
        given = self.model_dump(exclude={"questions", "places", "recommendation"})
        return Submission(**given, questions=tuple(self.questions), places=_plain(self.places))


class Edit(Body):
    """What is to be different; what is left out stays. The byline can be lowered, not raised."""

    title: str | None = None
    body: str = ""
    language: str = ""
    questions: Questions = []
    places: Places = []
    byline: str = ""
    deposit: bool = Field(False, description=_DEPOSIT)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "Associations in *three* cities could keep one."}]}
    )

    def changes(self) -> dict[str, Any]:
        """The fields that were given, for the action."""
        changes = self.model_dump(include=self.model_fields_set - {"questions", "places"})
        if "questions" in self.model_fields_set:
            changes["questions"] = tuple(self.questions)
        if "places" in self.model_fields_set:
            changes["places"] = _plain(self.places)
        return changes


class RemovalReason(Body):
    """Why a contribution is erased, where that is not said in the address."""

    reason: str | None = None


class NewDecision(Body):
    """What a moderator decides. `revision` names what waits: it is refused if that has changed meanwhile."""

    act: str = Field(description=f"One of {', '.join(f'`{act}`' for act in ACTS)}.")
    revision: UUID | None = Field(None, description="Needed to approve and to reject: the revision that was read.")
    reason: str | None = Field(
        None,
        description="Needed for most acts: told to the author (or translator); public if the text was, but never of "
        "`warn`, `suspend`, `lift` and `reveal`.",
    )
    rule: str | None = Field(None, description="Number of the consultation's rule that it rests on.")
    note: str | None = Field(None, description="For the other moderators only.")
    signed: bool = Field(False, description="The public log names who decided.")
    held: bool = Field(False, description="You have it in hand: refused if that has lapsed and somebody else has it.")
    passage: str | None = Field(None, description="Of `redact`: the words that are to go, exactly as they stand.")
    attachment: UUID | None = Field(None, description="Of `redact`, instead of a passage: the file that is to go.")
    translation: UUID | None = Field(None, description="Of the acts on translations: which.")
    topic: str | None = Field(None, description="Of `move` and `split`: slug of the topic it goes to.")
    parent: int | None = Field(None, description="Of `move`: number of what it is to answer.")
    into: int | None = Field(None, description="Of `merge`: number of the one that remains.")
    title: str | None = Field(None, description="Of `split`: title of the new thread.")
    until: AwareDatetime | None = Field(None, description="Of `suspend`: the moment from which they may write again.")
    kind: str | None = Field(None, description="Of `split`, and of `approve` to set it right.")
    tags: list[str] | None = Field(None, max_length=100, description="Of `approve`: the tags it gets.")
    questions: list[str] | None = Field(None, max_length=100, description="Of `approve`: the questions it answers.")
    language: str | None = Field(None, description="Of `approve`: the language it is in.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"act": "approve", "revision": "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11"}]
        }
    )  # fmt: skip

    def grounds(self) -> Grounds:
        """Why, for the action."""
        return Grounds(self.reason, self.rule, self.note, signed=self.signed)

    def options(self) -> Options:
        """What the act needs, for the action."""
        catalogued = Catalogued(self.tags, self.kind, self.questions, self.language)
        return Options(
            passage=self.passage, attachment=self.attachment, topic=self.topic, parent=self.parent, into=self.into,
            title=self.title, kind=self.kind, until=self.until, catalogued=catalogued,
            translation=self.translation,
        )  # fmt: skip


class NewClassification(Body):
    """Which guiding questions some contributions answer."""

    contributions: Annotated[list[UUID], Field(min_length=1, max_length=MOST_CLASSIFIED)]
    questions: Questions
    how: Literal["set", "add", "remove"] = Field(
        "set", description="They answer exactly these; these as well; these no longer."
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"contributions": ["01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11"], "questions": ["diasporas.a"], "how": "add"}
            ]
        }
    )


class NewPhaseAct(Body):
    """What an organiser does to the dates of a consultation or, with `topic`, of one of its topics."""

    act: str = Field(
        description="`open`, `extend`, `close`, `reopen`, `report`, `archive`. Extending and reopening need a date."
    )
    closes: AwareDatetime | None = Field(
        None, description="Needed to extend and to reopen: until when contributions are taken."
    )
    topic: Annotated[str, Field(pattern="^[a-z0-9-]{1,64}$")] | None = Field(
        None, description="Slug of a topic; left out: the whole consultation."
    )
    reason: str = Field(description="For everyone to read.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"act": "extend", "closes": "2016-09-30T22:00:00Z", "reason": "Many asked for more time."}]
        }
    )  # fmt: skip

    def change(self) -> PhaseChange:
        """The same for the action."""
        return PhaseChange(self.act, self.reason, self.closes, self.topic)


class NewFlag(Body):
    """What is wrong with a contribution: the rule that it breaks, a note, or both. For the moderators only."""

    rule: str | None = Field(None, description="Number of the consultation's rule that it would break.")
    note: str | None = Field(None, description="In your words; at most 2,000 characters.")

    model_config = ConfigDict(json_schema_extra={"examples": [{"rule": "4", "note": "It says where somebody lives."}]})


class NewAppeal(Body):
    """Why a decision should be looked at again."""

    words: str = Field(description="For the moderators only; at most 2,000 characters.")
    decision: UUID | None = Field(None, description="Which decision; default: the newest that still holds.")

    model_config = ConfigDict(json_schema_extra={"examples": [{"words": "I named nobody: the person in it is me."}]})


class NewAppealDecision(Body):
    """The answer to an appeal."""

    outcome: str = Field(description="`upheld`: the decision stays; `overturned`: it is undone at once.")
    reason: str | None = Field(None, description="Needed: the author is told and, of what was public, everyone.")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "overturned", "reason": "The author speaks of herself."}]}
    )


def _plain(places: list[PlaceGiven]) -> tuple[dict[str, Any], ...]:
    return tuple(place.model_dump() for place in places)
