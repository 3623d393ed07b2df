"""Hashes: a salted commitment to each text, and the leaf of each entry.

A commitment is SHA-256(salt || canonical), canonical being the RFC 8785 JSON of the text's fields. A leaf is the
RFC 6962 leaf hash SHA-256(0x00 || entry), the entry being its RFC 8785 JSON. Erasing text and salt leaves a hash that
tells nothing.
"""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import rfc8785

from app.record.tiles import LONGEST_ENTRY
from app.record.tree import leaf_hash

SALT_BYTES = 32


def fresh_salt() -> bytes:
    """32 random bytes, one salt for each text."""
    return secrets.token_bytes(SALT_BYTES)


def text_commitment(salt: bytes, title: str | None, body: str, language: str) -> bytes:
    """The 32-byte commitment to one revision of a contribution."""
    return commitment(salt, {"title": title, "body": body, "language": language})


def commitment(salt: bytes, content: Mapping[str, Any]) -> bytes:
    """The 32-byte commitment to any JSON-able content."""
    return hashlib.sha256(salt + canonical(content)).digest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """RFC 8785 JSON: the one way to write this content."""
    return rfc8785.dumps(dict(content))


def leaf(entry: Mapping[str, Any]) -> bytes:
    """The 32-byte RFC 6962 leaf hash of a public entry, as `public_form` gives it.

    Raises ValueError for one that is too long for a bundle.
    """
    content = canonical(entry)
    if len(content) > LONGEST_ENTRY:
        raise ValueError(f"an entry of {len(content)} bytes does not fit into the record")
    return leaf_hash(content)
