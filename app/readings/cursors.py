"""Opaque cursors for lists: where the last page ended, sealed so that a tampered one is refused, never misread."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson

from app import errors
from app.config import server_key
from app.language import gettext as _
from app.language import gettext_noop as N_

_SEAL = 9  # bytes


def seal(purpose: str, position: list[Any]) -> str:
    """A cursor for this purpose (a list and its order)."""
    text = orjson.dumps(position)
    return base64.urlsafe_b64encode(_mac(purpose, text) + text).decode().rstrip("=")


def unseal(purpose: str, cursor: str) -> list[Any]:
    """The position in a cursor. Raises Malformed for one that was not made here, for this list and order."""
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise errors.Malformed(_(_WRONG)) from None
    spelt = base64.urlsafe_b64encode(raw).decode().rstrip("=") == cursor  # spare bits of the last letter included
    if not (spelt and hmac.compare_digest(raw[:_SEAL], _mac(purpose, raw[_SEAL:]))):
        raise errors.Malformed(_(_WRONG))
    position: list[Any] = orjson.loads(raw[_SEAL:])
    return position


def _mac(purpose: str, text: bytes) -> bytes:
    return hmac.digest(server_key(), f"cursor:{purpose}:".encode() + text, hashlib.sha256)[:_SEAL]


_WRONG = N_(
    "This cursor is not one of ours for this list. Start again without it, or follow the `next` of an earlier page."
)
