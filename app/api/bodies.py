"""What a client sends, read once and strictly: JSON bodies, query parameters, identifiers in addresses.

Whatever bytes come, the answer is a clean refusal: limits first, then Pydantic's own JSON parser (which refuses half
surrogates and bottomless nesting), then the model, which knows its fields and no others.
"""

import re
from typing import TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import ClientDisconnect

from app import errors

LIMIT = 256 * 1024  # bytes; the longest text, written with \u escapes throughout, is half of it
JSON_TYPES = ("application/json", "application/merge-patch+json")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MESSAGES = {
    "missing": "This field is needed.",
    "extra_forbidden": "There is no such field here.",
    "json_invalid": "This is not JSON.",
}

Model = TypeVar("Model", bound=BaseModel)


async def raw_body(request: Request, limit: int = LIMIT) -> bytes:
    """The bytes of the body. Raises TooLarge, Malformed."""
    parts: list[bytes] = []
    length = 0
    try:
        async for part in request.stream():
            length += len(part)
            if length > limit:
                raise errors.TooLarge(f"The body is longer than {limit // 1024} kB, which is the most.")
            parts.append(part)
    except ClientDisconnect:
        raise errors.Malformed("The request ended before its body did.") from None
    return b"".join(parts)


def body(request: Request, model: type[Model], raw: bytes) -> Model:
    """The body as a model. Raises Malformed for what is not JSON, Invalid for what does not fit."""
    given = request.headers.get("content-type", JSON_TYPES[0]).partition(";")[0].strip().lower()
    if given not in JSON_TYPES:
        raise errors.Malformed(f"Send the body as {JSON_TYPES[0]}.")
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise _refusal(error) from None


def query(request: Request, model: type[Model]) -> Model:
    """The query parameters as a model. Raises Invalid for unknown, repeated and wrong ones."""
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    if len(given) < len(pairs):
        names = [name for name, _ in pairs]
        raise errors.Invalid({name: "Give this parameter once." for name in given if names.count(name) > 1})
    try:
        return model.model_validate_strings(given)
    except ValidationError as error:
        raise _refusal(error, "There is no such parameter here.") from None


def identifier(value: str) -> UUID:
    """An identifier in an address. Raises NotFound for what is none: nothing has that address."""
    try:
        if len(value) == 36:
            return UUID(value)
    except ValueError:
        pass
    raise errors.NotFound("There is no such contribution.")


def slug(value: str) -> str:
    """A consultation's name in an address. Raises NotFound for what can be none."""
    if _SLUG.fullmatch(value) is None:
        raise errors.NotFound("There is no such consultation.")
    return value


def _refusal(error: ValidationError, unknown: str = _MESSAGES["extra_forbidden"]) -> errors.PlenaryError:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    if faults[0]["type"] == "json_invalid":
        return errors.Malformed(f"The body is not JSON: {faults[0]['msg'].removeprefix('Invalid JSON: ')}.")
    if not faults[0]["loc"]:
        return errors.Malformed("The body must be a JSON object.")
    return errors.Invalid({_field(fault): _message(fault, unknown) for fault in reversed(faults[:100])})


def _field(fault: ErrorDetails) -> str:
    return ".".join(str(part) for part in fault["loc"])[:100]


def _message(fault: ErrorDetails, unknown: str) -> str:
    if fault["type"] == "extra_forbidden":
        return unknown
    return _MESSAGES.get(fault["type"]) or f"{fault['msg'].removeprefix('Value error, ')}."
