"""Mistakes in a definition file, in words for the person who wrote it: which line, which field, what to do."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.consultations.toml_lines import Path, fault, lines_of
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import number

Mistake = tuple[Path, str]
_MOST = 30  # mistakes told at once

_SENTENCES = {
    "bool_type": N_("must be true or false, without quotes"),
    "day": N_("must be a date such as 2016-09-19, without quotes and without a time"),
    "dict_type": N_("must be a table with a list for each language"),
    "greater_than_equal": N_("must be {ge} or more"),
    "int_type": N_("must be a whole number, without quotes"),
    "less_than_equal": N_("must be {le} or less"),
    "literal_error": N_("must be one of: {expected}"),
    "model_attributes_type": N_("must be a table with fields of its own"),
    "model_type": N_("must be a table with fields of its own"),
    "moment": N_(
        "must be a date such as 2016-07-26, or with a time 2016-07-26T09:00:00, without quotes, "
        "between the years {first} and {last}"
    ),
    "string_type": N_("must be text in quotes"),
    "too_long": N_("has {actual_length} entries; {max_length} is the most"),
    "too_short": N_("needs at least one entry"),
    "tuple_type": N_("must be a list in square brackets (or, for tables, [[…]] for each entry)"),
}


# In a form there are no quotes and brackets, and each field has its name and its hint beside it.
_IN_FORMS = {
    "greater_than_equal": N_("must be {ge} or more"),
    "int_type": N_("must be a whole number"),
    "less_than_equal": N_("must be {le} or less"),
    "literal_error": N_("must be one of: {expected}"),
    "missing": N_("must be filled in"),
    "moment": N_("must lie between the years {first} and {last}"),
    "too_long": N_("has {actual_length} entries; {max_length} is the most"),
    "too_short": N_("needs at least one entry"),
}


def broken(text: str, error: tomllib.TOMLDecodeError | RecursionError) -> dict[str, str]:
    """The fields of Invalid for a text that is not TOML at all."""
    if isinstance(error, RecursionError):
        return {_line_said(1): _("The file is nested too deeply to be read.")}
    line, reason = fault(text, error)
    return {_line_said(line): _("This is not valid TOML (%(reason)s). Nothing after it was checked.", reason=reason)}


def explained(error: ValidationError, model: type[BaseModel]) -> Iterator[Mistake]:
    """Each of Pydantic's findings on `model`, in a sentence of ours."""
    for found in error.errors(include_url=False):
        path, kind, context = found["loc"], found["type"], found.get("ctx", {})
        path = path[:-1] if path[-1:] == ("[key]",) else path  # the name of an entry, not what it holds
        if kind == "too_short" and found["input"]:
            continue  # Pydantic leaves faulty entries out of its count; each has a finding of its own
        if kind == "missing":
            description = _model_at(path[:-1], model).model_fields[str(path[-1])].description
            yield path, _("is missing: add it (%(what)s)", what=_(str(description)))
        elif kind == "extra_forbidden":
            yield path, _unknown(str(path[-1]), _model_at(path[:-1], model))
        elif kind == "value_error":
            yield path, str(context["error"])
        else:
            yield path, _sentence(_SENTENCES, found)


def in_forms(error: ValidationError) -> Iterator[Mistake]:
    """As `explained`, for somebody who fills in a form."""
    for found in error.errors(include_url=False):
        path, kind, context = found["loc"], found["type"], found.get("ctx", {})
        path = path[:-1] if path[-1:] == ("[key]",) else path
        if kind == "too_short" and found["input"]:
            continue
        if kind == "value_error":
            yield path, str(context["error"])
        else:
            yield path, _sentence(_IN_FORMS, found)


def _sentence(sentences: Mapping[str, str], found: ErrorDetails) -> str:
    """Pydantic's finding by our sentence for its kind. The values of a choice stand between commas in each language."""
    sentence, values = sentences.get(found["type"]), found.get("ctx", {})
    if sentence is None:
        return found["msg"]
    if expected := values.get("expected"):
        values = values | {"expected": expected.replace(" or ", ", ")}
    return _(sentence).format(**values)


def located(mistakes: Iterable[Mistake], text: str) -> dict[str, str]:
    """The fields of Invalid, in the order of the file: "line 12, topics[2].slug" (entries count from 1): sentence.

    The names of fields are those of the file in every language. To find a line takes long, so of many mistakes only
    some are told, and how many there are besides.
    """
    found = list(mistakes)
    mistakes = found[:_MOST]
    lines = lines_of(text, {path[:end] for path, _said in mistakes for end in range(len(path) + 1)})
    fields: dict[str, str] = {}
    for line, name, sentence in sorted((_line(path, lines), _name(path), said) for path, said in mistakes):
        where = f"{_line_said(line)}, {name}"
        fields[where] = f"{fields[where]}; {sentence}" if where in fields else sentence
    if more := len(found) - len(mistakes):
        fields[_("and %(n)s more", n=number(more))] = _("please mend these first")
    return fields


def _line(path: Path, lines: dict[Path, int]) -> int:
    """The line of the value itself, or of the nearest table around it where it is missing."""
    return next(lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines)


def _line_said(line: int) -> str:
    return _("line %(n)s", n=line)


def _name(path: Path) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _unknown(name: str, model: type[BaseModel]) -> str:
    close = get_close_matches(name, model.model_fields, 1)
    if close:
        return _("is not a field here; did you mean %(close)s?", close=close[0])
    return _("is not a field here; the fields are %(names)s", names=", ".join(model.model_fields))


def _model_at(path: Path, model: type[BaseModel]) -> type[BaseModel]:
    for part in path:
        if isinstance(part, str):
            model = next(_models(model.model_fields[part].annotation))
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
