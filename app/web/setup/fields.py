"""What a form has to ask for, read from the models of a definition: each model is a group of fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from pydantic import BaseModel, StrictBool, StrictInt

from app.consultations import definition as d
from app.consultations import definition_types as t
from app.consultations.schedule import ORDER

_KINDS: Sequence[tuple[Any, str, int]] = (
    (t.Label, "line", 200),
    (t.Sentence, "sentence", 500),
    (t.Paragraph, "text", 2_000),
    (t.Markdown, "markdown", 20_000),
    (t.Slug, "line", 64),
    (t.Key, "line", 16),
    (t.Zone, "zone", 0),
    (t.Language, "language", 0),
    (t.LanguageOrAll, "line", 35),
    (t.Watched, "line", 100),
    (t.Url, "url", 500),
    (t.Mail, "email", 254),
    (t.Day, "day", 0),
    (t.Moment, "moment", 0),
    (StrictInt, "number", 0),
    (StrictBool, "yes", 0),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field, or a group of them (`parts`), or a list of groups (`groups`).

    `of` is the model that it belongs to: with the name it says which words stand beside it (`labels.py`).
    """

    name: str
    kind: str
    of: str
    required: bool
    most: int = 0  # characters or, in a list, entries
    options: tuple[str, ...] = ()
    parts: tuple["Field", ...] = ()
    makes: str = ""  # the model that its parts make

    def part(self, name: str) -> "Field":
        """The part with this name."""
        return next(part for part in self.parts if part.name == name)


@cache
def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a model, in its order."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        _field(name, hints[name], model.__name__, info.is_required()) for name, info in model.model_fields.items()
    )


def field(name: str) -> Field:
    """A field of a whole definition."""
    return next(each for each in fields_of(d.Definition) if each.name == name)


def topic() -> Field:
    """A topic, as one group: its title first, since that makes its short name."""
    parts = sorted(fields_of(d.Topic), key=lambda part: part.name != "title")
    return Field("topic", "group", "Definition", True, parts=tuple(parts), makes="Topic")


def _field(name: str, hint: Any, of: str, required: bool) -> Field:
    if name == "phases":
        return _phases(of)
    if name == "words":
        parts = (Field("language", "line", "Words", True, 35), Field("words", "lines", "Words", True, 500))
        return Field(name, "groups", of, False, 100, parts=parts, makes="Words")
    hint = _given(hint)
    for known, kind, most in _KINDS:
        if hint == known:
            return Field(name, kind, of, required, most)
    if get_origin(hint) is Literal:
        return Field(name, "choice", of, required, options=get_args(hint))
    if get_origin(hint) in (tuple, Annotated) and (inner := _entries(hint)) is not None:
        return _list(name, inner, of, required, _most(hint))
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return Field(name, "group", of, required, parts=fields_of(hint), makes=hint.__name__)
    return Field(name, "hidden", of, required)  # of the whole: its translations, which have pages of their own


def _list(name: str, inner: Any, of: str, required: bool, most: int) -> Field:
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return Field(name, "groups", of, required, most or 50, parts=fields_of(inner), makes=inner.__name__)
    if get_origin(inner) is Literal:
        return Field(name, "choices", of, required, options=get_args(inner))
    if inner == t.Language:
        return Field(
            name, "groups", of, required, 30, parts=(Field("", "language", "Language", True),), makes="Language"
        )
    return Field(name, "lines", of, required, most)


def _phases(of: str) -> Field:
    """Each phase has its place, since they come in one order; those without a date are left out."""
    start = tuple(part for part in fields_of(d.PhaseStart) if part.name != "name")
    parts = tuple(Field(phase, "group", "Phases", phase == "open", parts=start, makes="PhaseStart") for phase in ORDER)
    return Field("phases", "group", of, True, parts=parts, makes="Phases")


def _given(hint: Any) -> Any:
    """What is written where anything is: without None, and without what only limits a number."""
    if NoneType in get_args(hint):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is Annotated and get_args(hint)[0] in (int, bool):
        return StrictInt if get_args(hint)[0] is int else StrictBool
    return hint


def _entries(hint: Any) -> Any:
    """What a tuple is of; None for anything else."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def _most(hint: Any) -> int:
    limits = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    found = [limit for each in limits for limit in getattr(each, "metadata", ()) if isinstance(limit, MaxLen)]
    return found[0].max_length if found else 0
