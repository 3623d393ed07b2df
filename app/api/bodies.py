"""What a client sends, read once and strictly: JSON bodies, query parameters, identifiers in addresses.

Whatever bytes come, the answer is a clean refusal: limits first, then Pydantic's own JSON parser (which refuses half
surrogates and bottomless nesting), then the model, which knows its fields and no others.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from app import errors
from app.api import faults
from app.language import gettext as _

LIMIT = 256 * 1024  # bytes; the longest text, written with \u escapes throughout, is half of it
JSON_TYPES = ("application/json", "application/merge-patch+json")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

Model = TypeVar("Model", bound=BaseModel)


async def raw_body(request: Request, limit: int = LIMIT) -> bytes:
    """The bytes of the body. Raises TooLarge, Malformed."""
    parts: list[bytes] = []
    length = 0
    try:
        async for part in request.stream():
            length += len(part)
            if length > limit:
                raise errors.TooLarge(_("The body is longer than %(most)s kB, which is the most.", most=limit // 1024))
            parts.append(part)
    except ClientDisconnect:
        raise errors.Malformed(_("The request ended before its body did.")) from None
    return b"".join(parts)


def body(request: Request, model: type[Model], raw: bytes) -> Model:
    """The body as a model. Raises Malformed for what is not JSON, Invalid for what does not fit."""
    given = request.headers.get("content-type", JSON_TYPES[0]).partition(";")[0].strip().lower()
    if given not in JSON_TYPES:
        raise errors.Malformed(_("Send the body as %(type)s.", type=JSON_TYPES[0]))
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise _refusal(error) from None


def query(request: Request, model: type[Model]) -> Model:
    """The query parameters as a model. Raises Invalid for unknown, repeated and wrong ones."""
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    if len(given) < len(pairs):
        repeated = [name for name, count in Counter(name for name, _value in pairs).items() if count > 1]
        raise errors.Invalid(dict.fromkeys(repeated[: faults.MOST], _("Give this parameter once.")))
    try:
        return model.model_validate_strings(given)
    except ValidationError as error:
        raise _refusal(error, faults.NO_PARAMETER) from None


def identifier(value: str) -> UUID:
    """An identifier in an address. Raises NotFound for what is none: nothing has that address."""
    try:
        if len(value) == 36:
            return UUID(value)
    except ValueError:
        pass
    raise errors.NotFound(_("There is no such contribution."))


def slug(value: str) -> str:
    """A consultation's name in an address. Raises NotFound for what can be none."""
    if _SLUG.fullmatch(value) is None:
        raise errors.NotFound(_("There is no such consultation."))
    return value


def _refusal(error: ValidationError, instead: Mapping[str, str] = {}) -> errors.PlenaryError:
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return errors.Malformed(_("The body is not JSON: %(fault)s.", fault=found[0]["ctx"]["error"]))
    if not found[0]["loc"]:
        return errors.Malformed(_("The body must be a JSON object."))
    return errors.Invalid(faults.named(found, instead))
