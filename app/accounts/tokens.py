"""Everything secret that goes out to people: codes, link tokens, session tokens, keys. Hashes are kept at most."""

import hashlib
import hmac
import secrets
import unicodedata
from uuid import UUID

from app.config import server_key

CODE_DIGITS = 6
KEY_PREFIX = "plenary_"
_SHOWN_OF_KEY = len(KEY_PREFIX) + 6


def fresh_token() -> str:
    """256 random bits that fit in a cookie or an address."""
    return secrets.token_urlsafe(32)


def fresh_key() -> tuple[str, str]:
    """A new API key and the beginning of it by which its owner knows it again."""
    key = KEY_PREFIX + fresh_token()
    return key, key[:_SHOWN_OF_KEY]


def hash_of(token: str) -> bytes:
    """What is kept of a session token, a browser's token or a key. They are random: no slow hash is needed."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def sealed(label: str, *parts: bytes) -> bytes:
    """An HMAC of the parts under the server's key. The label keeps one use apart from another."""
    message = b"".join(len(part).to_bytes(4) + part for part in (label.encode(), *parts))
    return hmac.digest(server_key(), message, "sha256")


def code_of(challenge: UUID) -> str:
    """The six digits that are mailed for a challenge. Nothing stores them: they are computed again to compare."""
    number = int.from_bytes(sealed("sign-in code", challenge.bytes)[:8]) % 10**CODE_DIGITS
    return f"{number:0{CODE_DIGITS}}"


def link_token_of(challenge: UUID) -> str:
    """The secret part of a challenge's link."""
    return sealed("sign-in link", challenge.bytes).hex()


def is_code(challenge: UUID, given: str) -> bool:
    """Whether somebody typed the challenge's code, in whatever digits their keyboard has, with or without spaces."""
    digits = "".join(str(unicodedata.decimal(character, "")) for character in given[:50])
    return hmac.compare_digest(digits, code_of(challenge))


def is_link_token(challenge: UUID, given: str) -> bool:
    """Whether this is the secret part of the challenge's link."""
    return hmac.compare_digest(given.encode(errors="replace"), link_token_of(challenge).encode())
