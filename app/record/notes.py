"""Checkpoints: the size and root of a log, signed (C2SP tlog-checkpoint and signed-note, Ed25519).

A verifier key is `name+id+key`, as Go's `golang.org/x/mod/sumdb/note` writes it. The name is the log's origin.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "— "
_LONGEST_NOTE = 100_000  # bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: how many entries, and the root of the tree over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key that signatures are checked with."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that its signatures begin with."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


def origin_of(consultation: UUID) -> str:
    """The name of a consultation's log. It stays the same wherever the log is served from, and is never given again."""
    return f"plenary/record/{consultation}"


def verifier_of(origin: str, key: Ed25519PrivateKey) -> Verifier:
    """What checks the signatures that this key makes for a log."""
    return Verifier(origin, key.public_key().public_bytes_raw())


def verifier(text: str) -> Verifier:
    """A verifier key as it is written. Raises ValueError for what is none."""
    name, id, encoded = [*text.strip().split("+", 2), "", ""][:3]
    raw = _decoded(encoded)
    found = Verifier(name, raw[1:])
    if not name or any(character.isspace() for character in name) or raw[:1] != _ED25519 or len(raw) != 33:
        raise ValueError("this is not a verifier key of the form name+id+key")
    if found.id.hex() != id:
        raise ValueError("the verifier key’s id is not that of its name and key")
    return found


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> bytes:
    """A checkpoint with the log's signature."""
    text = checkpoint.text()
    signature = verifier_of(checkpoint.origin, key).id + key.sign(text.encode())
    return f"{text}\n{_DASH}{checkpoint.origin} {base64.b64encode(signature).decode()}\n".encode()


def opened(note: bytes, trusted: Verifier) -> Checkpoint:
    """The checkpoint in a note that a trusted key signed. Raises ValueError with what is wrong.

    Signatures by others (witnesses, a new key) are passed over, as the specification asks for.
    """
    text, signatures = _parts(note)
    found = [_decoded(encoded) for name, encoded in signatures if name == trusted.name]
    ours = [signature for signature in found if signature[:4] == trusted.id]
    if not ours:
        raise ValueError("it bears no signature of the trusted key")
    key = Ed25519PublicKey.from_public_bytes(trusted.public)
    for signature in ours:
        try:
            key.verify(signature[4:], text.encode())
        except InvalidSignature:
            raise ValueError("its signature is not that of the trusted key") from None
    return _checkpoint(text, trusted.name)


def _parts(note: bytes) -> tuple[str, list[tuple[str, str]]]:
    if len(note) > _LONGEST_NOTE:
        raise ValueError("it is too long for a checkpoint")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    if any(character < " " and character != "\n" for character in whole):
        raise ValueError("it holds control characters")
    text, blank, below = whole.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise ValueError("it is not a signed note")
    signatures = []
    for line in below[:-1].split("\n"):
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not name or not space:
            raise ValueError("a line of its signatures is not one")
        signatures.append((name, encoded))
    return text + "\n", signatures


def _checkpoint(text: str, origin: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != origin:
        raise ValueError("it is not a checkpoint of this log")
    if not (lines[1].isascii() and lines[1].isdigit() and str(int(lines[1])) == lines[1]):
        raise ValueError("its size is not a number")
    root = _decoded(lines[2])
    if len(root) != 32:
        raise ValueError("its root is not a hash")
    return Checkpoint(origin, int(lines[1]), root)


def _decoded(encoded: str) -> bytes:
    """Base 64 in its only form: the bits that are left over at the end say nothing, and must be nothing."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("something in it is not base 64") from None
    if base64.b64encode(raw).decode() != encoded:
        raise ValueError("something in it is not base 64")
    return raw
