"""A definition from the fields of forms: the same checks as of a file, told under the names that the fields have."""

from typing import Any

from pydantic import ValidationError

from app import errors
from app.consultations import definition_checks, definition_errors
from app.consultations.definition import Definition
from app.consultations.toml_lines import Path
from app.language import gettext as _


def drafted(raw: dict[str, Any]) -> Definition:
    """The definition that these fields make, as a file has them.

    Raises Invalid with every mistake at once, each under its place: "topics.0.questions.2.text".
    """
    mistakes = list(definition_checks.contradictions(raw))
    try:
        definition = Definition.model_validate(raw)
    except ValidationError as error:
        mistakes += definition_errors.in_forms(error)
    if mistakes:
        faults: dict[str, str] = {}
        for path, sentence in mistakes:
            faults.setdefault(named(path), _in_a_form(raw, path, sentence))
        raise errors.Invalid(faults)
    return definition


def written(definition: Definition) -> dict[str, Any]:
    """The definition as a file has it: what is left out is not there."""
    raw: dict[str, Any] = _plain(definition.model_dump(exclude_none=True))
    return {field: value for field, value in raw.items() if value not in ([], {})}


def named(path: Path) -> str:
    """A place in a definition as the name of a field."""
    return ".".join(str(part) for part in path)


def _in_a_form(raw: dict[str, Any], path: Path, sentence: str) -> str:
    """A mistake as who fills in a form reads it: the dates of phases stand there side by side."""
    if sentence != _(definition_checks.TOO_EARLY):
        return _("This entry %(fault)s.", fault=sentence)
    at = int(path[1])
    if [phase.get("name") for phase in raw["phases"][at - 1 : at + 1]] == ["open", "closed"]:
        return _("It closes before it opens: please correct one of the two dates.")
    return _("Each phase must begin after the one before it.")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
