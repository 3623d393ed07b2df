"""A consultation's definition: what organisers write in one TOML file. docs/organisers.md describes it for them."""

import tomllib
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
)

from app.accounts.vocabulary import OrganisationKind, Region
from app.consultations import definition_checks, definition_errors, schedule, translations
from app.consultations.definition_types import (
    Day,
    Key,
    Label,
    Language,
    LanguageOrAll,
    Mail,
    Markdown,
    Moment,
    Paragraph,
    Sentence,
    Slug,
    Url,
    Watched,
    Zone,
)
from app.errors import Invalid
from app.language import gettext_noop as N_

Policy = Literal["before", "after"]
Labels = Annotated[tuple[Label, ...], Field(max_length=50)]
Said = Annotated[dict[str, Markdown], BeforeValidator(translations.flattened), Field(max_length=1_000)]


class Part(BaseModel):
    """Base of all parts: they never change once read, and know no fields but their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Organiser(Part):
    """An organisation that holds the consultation."""

    name: Label = Field(description=N_("name of the organisation"))
    url: Url | None = Field(None, description="its web address")
    role: Sentence | None = Field(None, description="what it does in this consultation")


class Document(Part):
    """A paper that a session rests on."""

    title: Label = Field(description=N_("title of the paper"))
    author: Label = Field(description=N_("organisation that wrote it"))
    url: Url | None = Field(None, description="where it can be read")


class Session(Part):
    """One part of the programme."""

    time: Label | None = Field(None, description='when it takes place, in words: "Morning" or "09:30-11:00"')
    title: Label = Field(description=N_("title of the session"))
    description: Paragraph | None = Field(None, description="what it is about")
    documents: tuple[Document, ...] = Field((), max_length=20, description="papers it rests on")


class Programme(Part):
    """The meeting that the consultation goes with or comes from."""

    title: Label | None = Field(None, description="name of the meeting")
    date: Day = Field(description=N_("its date"))
    place: Label = Field(description=N_("where it takes place"))
    sessions: tuple[Session, ...] = Field(min_length=1, max_length=50, description=N_("its sessions, in order"))


class Event(Part):
    """A meeting of decision-makers that the outcome goes to."""

    name: Label = Field(description=N_("name of the event"))
    host: Label = Field(description=N_("who holds it"))
    place: Label = Field(description=N_("city and country"))
    starts: Day = Field(description=N_("its first day"))
    ends: Day | None = Field(None, description="its last day, where it lasts longer than one")
    theme: Sentence | None = Field(None, description="its theme")
    earlier_editions: Labels = Field((), description="earlier editions, such as Quito (2015)")
    how_input_enters: Paragraph = Field(description=N_("how what people say here reaches the event"))


class Milestone(Part):
    """A date worth knowing, past or to come, that changes nothing by itself."""

    date: Day = Field(description=N_("the date, or the first day"))
    until: Day | None = Field(None, description="the last day, where it lasted longer than one")
    text: Sentence = Field(description=N_("what happened or will happen"))


class PhaseStart(Part):
    """The beginning of a phase, as written: local dates and times are read in the consultation's time zone."""

    name: schedule.PhaseName = Field(description=N_("announced, open, closed, reported or archived"))
    starts: Moment = Field(description=N_("when the phase begins"))
    note: Sentence | None = Field(None, description="a remark shown beside the date")


class Licence(Part):
    """The terms under which contributions may be used by others."""

    name: Label = Field(description=N_("name of the licence"))
    url: Url = Field(description=N_("where its text is"))
    statement: Paragraph = Field(description=N_("what the author agrees to, shown beside the button"))


class Controller(Part):
    """Who is responsible for personal data."""

    name: Label = Field(description=N_("organisation responsible for personal data"))
    mail: Mail = Field(description=N_("address for questions on personal data"))
    address: Paragraph | None = Field(None, description="its postal address")


class Rule(Part):
    """A moderation rule. Decisions cite its number, so a number keeps its meaning."""

    number: StrictInt = Field(ge=1, le=999, description=N_("number that decisions cite"))
    title: Label = Field(description=N_("the rule in a few words"))
    text: Paragraph = Field(description=N_("the rule in full"))


class Moderation(Part):
    """What happens to a contribution before a moderator has looked at it."""

    hide_at_flags: StrictInt | None = Field(
        None, ge=2, le=1_000, description="how many participants must report a contribution for it to be hidden"
    )


class HopedFor(Part):
    """Whom the consultation hopes to hear: its page of numbers says who of them is missing so far."""

    regions: Annotated[tuple[Region, ...], Field(max_length=7)] = Field((), description="regions of the world")
    organisation_kinds: Annotated[tuple[OrganisationKind, ...], Field(max_length=9)] = Field(
        (), description="kinds of organisations"
    )


class Question(Part):
    """A guiding question. Contributions refer to it as topic.key."""

    key: Key = Field(description=N_("its short key, such as a"))
    text: Paragraph = Field(description=N_("the question"))


class Screening(Part):
    """When a text waits for a moderator even where its topic publishes at once. Not for the public."""

    first_waits: StrictBool = Field(False, description="true lets everyone’s first contributions wait")
    most_links: StrictInt = Field(10, ge=0, le=1_000, description="links that a text may have")
    new_account_days: StrictInt = Field(2, ge=0, le=365, description="for how long an account counts as new")
    new_account_texts: StrictInt = Field(12, ge=1, le=10_000, description="texts of a new account in an hour")
    words: dict[LanguageOrAll, Annotated[tuple[Watched, ...], Field(max_length=500)]] = Field(
        default_factory=dict, max_length=100, description="words to look at, by language"
    )


class Topic(Part):
    """A theme under discussion."""

    slug: Slug = Field(description=N_("short name in addresses; keep it once people have linked to it"))
    title: Label = Field(description=N_("title of the topic"))
    background: Markdown = Field(description=N_("background note, in Markdown"))
    policy: Policy = Field(description=N_('"before" (approved before publication) or "after" (published at once)'))
    opens: Moment | None = Field(None, description="where the topic opens later than the consultation")
    closes: Moment | None = Field(None, description="where it closes earlier; a date is its last day")
    moderators: Labels = Field((), description="organisations or facilitators who moderate it")
    rapporteurs: Labels = Field((), description="who reports on it")
    questions: tuple[Question, ...] = Field((), max_length=26, description="its guiding questions, in order")


class Definition(Part):
    """A whole consultation. Made by `parse` only, which also checks what fields say about each other."""

    slug: Slug = Field(description=N_("short name in addresses, for good"))
    title: Label = Field(description=N_("title of the consultation"))
    summary: Sentence = Field(description=N_("one or two sentences for lists and search engines"))
    purpose: Markdown = Field(description=N_("what it is for, in Markdown"))
    background: Markdown | None = Field(None, description="how it came about, in Markdown")
    objectives: Annotated[tuple[Sentence, ...], Field(max_length=20)] = Field((), description="what it is to achieve")
    expected_outcome: Markdown = Field(description=N_("what will come of it, in Markdown"))
    how_input_is_used: Markdown = Field(description=N_("what happens to a contribution, in Markdown"))
    time_zone: Zone = Field(description=N_("time zone of its dates, such as America/New_York"))
    languages: tuple[Language, ...] = Field(
        min_length=1, max_length=30, description=N_("its languages, the main one first")
    )
    contact: Mail = Field(description=N_("mail address for questions on the consultation"))
    retention: Paragraph = Field(description=N_("how long personal data is kept"))
    answered_within_hours: StrictInt | None = Field(None, ge=1, le=2_160, description="longest wait for a moderator")
    sample: StrictBool = Field(False, description="true marks everything in it as sample data")
    private: StrictBool = Field(False, description="true shows it to invited people only, for good")
    opinion: StrictBool = Field(False, description="true asks for positions on recommendations, and maps them")
    licence: Licence = Field(description=N_("terms for contributions"))
    controller: Controller = Field(description=N_("who is responsible for personal data"))
    organisers: tuple[Organiser, ...] = Field(min_length=1, max_length=50, description=N_("who holds the consultation"))
    programme: Programme | None = Field(None, description="the meeting it goes with")
    events: tuple[Event, ...] = Field((), max_length=20, description="events that its outcome goes to")
    milestones: tuple[Milestone, ...] = Field((), max_length=100, description="dates worth knowing")
    phases: tuple[PhaseStart, ...] = Field(
        min_length=1, max_length=5, description=N_("announced, open, closed, reported, archived")
    )
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=50, description=N_("moderation rules"))
    moderation: Moderation | None = Field(None, description="what happens before a moderator has looked")
    hoped_for: HopedFor | None = Field(None, description="whom it hopes to hear")
    screening: Screening = Field(Screening(), description="what waits for a moderator whatever the policy")
    topics: tuple[Topic, ...] = Field(min_length=1, max_length=50, description=N_("themes under discussion"))
    translations: dict[Language, Said] = Field(
        default_factory=dict, max_length=30, description="its texts in other languages, by their place"
    )

    def schedule(self) -> tuple[schedule.Phase, ...]:
        """The phases with the UTC moments at which they start, in order."""
        zone = ZoneInfo(self.time_zone)
        return tuple(schedule.Phase(part.name, schedule.moment(part.starts, zone), part.note) for part in self.phases)

    def window(self, topic: Topic) -> tuple[datetime | None, datetime | None]:
        """A topic's own opening and closing as UTC moments, None where it follows the consultation."""
        zone = ZoneInfo(self.time_zone)
        opens = None if topic.opens is None else schedule.moment(topic.opens, zone)
        return opens, None if topic.closes is None else schedule.moment_after(topic.closes, zone)

    def details(self) -> dict[str, Any]:
        """What only the consultation's page shows, as JSON-able values."""
        return self.model_dump(
            mode="json",
            exclude={
                "slug",
                "title",
                "summary",
                "time_zone",
                "languages",
                "sample",
                "phases",
                "topics",
                "screening",
            },
        )


def parse(text: str) -> Definition:
    """Read a definition file. Raises Invalid with all its mistakes, as "line N, field.path": sentence."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(definition_errors.broken(text, error)) from None
    mistakes: list[definition_errors.Mistake] = []
    try:
        definition = Definition.model_validate(raw)
    except ValidationError as error:
        mistakes += definition_errors.explained(error, Definition)
    mistakes += definition_checks.contradictions(raw)
    if mistakes:
        raise Invalid(definition_errors.located(mistakes, text))
    return definition
