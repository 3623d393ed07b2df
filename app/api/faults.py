"""What is wrong with what a client sent, field by field, in the reader's language.

Pydantic finds the faults; its own sentences are English and speak of its types.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from app.language import gettext as _
from app.language import gettext_noop as N_

MOST = 100  # faults told at once
_WHOLE_NUMBER = N_("This is to be a whole number.")
_NUMBER = N_("This is to be a number.")
_TRUTH = N_("This is to be true or false.")
_MOMENT = N_("This is to be a date and time, such as 2016-07-26T09:00:00Z.")
_OBJECT = N_("This is to be a JSON object.")
_IDENTIFIER = N_("This is to be an identifier (UUID).")
SAID = {  # by Pydantic's name of the fault
    "bool_parsing": _TRUTH, "bool_type": _TRUTH,
    "datetime_from_date_parsing": _MOMENT, "datetime_parsing": _MOMENT, "datetime_type": _MOMENT,
    "dict_type": _OBJECT, "model_type": _OBJECT,
    "extra_forbidden": N_("There is no such field here."),
    "finite_number": _NUMBER, "float_parsing": _NUMBER, "float_type": _NUMBER,
    "greater_than_equal": N_("This is to be %(ge)s or more."),
    "int_from_float": _WHOLE_NUMBER, "int_parsing": _WHOLE_NUMBER, "int_parsing_size": _WHOLE_NUMBER,
    "int_type": _WHOLE_NUMBER,
    "less_than": N_("This is to be less than %(lt)s."),
    "less_than_equal": N_("This is to be %(le)s or less."),
    "list_type": N_("This is to be a list."),
    "literal_error": N_("This is to be one of: %(expected)s."),
    "missing": N_("This field is needed."),
    "string_pattern_mismatch": N_("This is to match the regular expression %(pattern)s."),
    "string_too_long": N_("This is too long: the most is %(max_length)s characters."),
    "string_too_short": N_("This is too short: the least is %(min_length)s characters."),
    "string_type": N_("This is to be a text."),
    "timezone_aware": N_("A time needs its zone, such as the Z of 2016-07-26T09:00:00Z."),
    "too_long": N_("These are too many: the most is %(max_length)s."),
    "too_short": N_("These are too few: the least is %(min_length)s."),
    "uuid_parsing": _IDENTIFIER, "uuid_type": _IDENTIFIER,
}  # fmt: skip
NO_PARAMETER = {"extra_forbidden": N_("There is no such parameter here.")}


def named(faults: Sequence[ErrorDetails], instead: Mapping[str, str] = {}) -> dict[str, str]:
    """The first hundred faults by field, `items.0.body`; `instead` has other sentences for some of them."""
    return {_field(fault): _sentence(fault, instead) for fault in reversed(faults[:MOST])}


def _field(fault: ErrorDetails) -> str:
    return ".".join(str(part) for part in fault["loc"])[:100]


def _sentence(fault: ErrorDetails, instead: Mapping[str, str]) -> str:
    kind = fault["type"]
    said = instead.get(kind) or SAID.get(kind)
    if said is None:  # of our own checks, which speak the reader's language
        return f"{fault['msg'].removeprefix('Value error, ')}."
    return _(said) % _limits(fault.get("ctx", {}))


def _limits(context: Mapping[str, Any]) -> dict[str, Any]:
    expected = str(context.get("expected", "")).replace("' or '", "', '").replace("'", "")
    return {**context, "expected": expected}
