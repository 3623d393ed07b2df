"""The sections in which a consultation is set up: which fields of its definition each of them has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.consultations.definition import Definition
from app.consultations.drafting import written
from app.consultations.stored import fingerprint, localised
from app.language import gettext_noop as N_
from app.web.setup.fields import Field, field
from app.web.setup.raw import raw_of
from app.web.setup.typed import Typed, read, typed_of, without_blanks

FORM_FIELDS = 3_000  # of the longest form


@dataclass(frozen=True, slots=True)
class Section:
    """One page of setting up."""

    key: str
    title: str
    about: str
    names: Sequence[str]  # of fields of the definition

    @property
    def whole(self) -> Field:
        """All its fields as one group."""
        return Field("", "group", "Definition", True, parts=tuple(field(name) for name in self.names), makes="Section")

    def typed(self, definition: Definition) -> Typed:
        """The form as the definition has it."""
        raw = written(localised(definition))
        return {part.name: typed_of(part, raw.get(part.name)) for part in self.whole.parts}

    def is_empty(self, definition: Definition) -> bool:
        """Whether the definition has nothing of this, which then may be left out."""
        raw = written(definition)
        return not any(name in raw for name in self.names)

    def read(self, form: Any) -> Typed:
        """The form as it was sent."""
        return {part.name: read(part, form, part.name) for part in self.whole.parts}

    def without_blanks(self, typed: Typed) -> Typed:
        """The form without the groups in which nothing was typed."""
        return {part.name: without_blanks(part, typed[part.name]) for part in self.whole.parts}

    def fields(self, typed: Typed, faults: dict[str, str]) -> Mapping[str, Any]:
        """The definition's fields, as a file has them; None for those that are left out. Adds what cannot be read.

        `typed` is without blanks, so that faults are found at the places that the form has.
        """
        found = {part.name: raw_of(part, typed[part.name], part.name, faults) for part in self.whole.parts}
        empty: tuple[object, ...] = ([], {})
        return {name: None if value in empty and not field(name).required else value for name, value in found.items()}

    def based_on(self, definition: Definition) -> str:
        """Which state of its fields a form is made from."""
        return fingerprint(definition, self.names)


SECTIONS = (
    Section(
        "basics", N_("What it is for"), N_("Title, purpose, objectives, expected outcome."),
        ("title", "slug", "summary", "purpose", "background", "objectives", "expected_outcome", "private"),
    ),
    Section(
        "use", N_("How input is used"), N_("What happens to a contribution, and how soon."),
        ("how_input_is_used", "answered_within_hours", "opinion"),
    ),
    Section("dates", N_("Dates"), N_("When it opens and closes, in which time zone."), ("time_zone", "phases")),
    Section("languages", N_("Languages"), N_("Which languages its pages are in."), ("languages",)),
    Section(
        "holders", N_("Organisers, licence and data"), N_("Who holds it, on which terms, and who answers for data."),
        ("organisers", "contact", "licence", "controller", "retention"),
    ),
    Section("rules", N_("Rules"), N_("What moderators decide by."), ("rules",)),
    Section(
        "programme", N_("Programme"), N_("The meeting that this consultation grew out of or leads to."), ("programme",)
    ),
    Section("events", N_("Events and milestones"), N_("What the outcome goes to, and dates worth knowing."),
            ("events", "milestones")),
    Section("hoped", N_("Whom you hope to hear"), N_("Regions, and kinds of organisations."), ("hoped_for",)),
    Section("screening", N_("Checks before and after"), N_("What waits for a moderator, and what is hidden by itself."),
            ("moderation", "screening")),
)  # fmt: skip
BY_KEY = {section.key: section for section in SECTIONS}
