"""The addresses that mail comes in by, and the line above which an answer is to be written.

A local part has at most 64 characters, is the same in capitals, and names nobody: what it stands for is sealed under
the server's key, so that only the server reads or makes one. Nothing is stored. Without PLENARY_MAIL_DOMAIN there are
none.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from app.accounts.tokens import sealed
from app.config import settings
from app.language import LANGUAGES, translator
from app.language import gettext_noop as N_

LASTS = 90  # days that an answer to a mail may take
COMMANDS = "commands"  # the local part that takes nothing but EDIT and WITHDRAW
_LONGEST = 64  # characters of a local part (RFC 5321, 4.5.3.1.1)
_BEGINNING = date(2026, 1, 1)
_DAYS, _ID, _SEAL, _STOP = 12, 128, 42, 264  # bits
_MARKER = N_("Write your answer above this line; what is below it is not read.")


@dataclass(frozen=True, slots=True)
class Reply:
    """To a contribution, from whom the address was made for. After `LASTS` days it is over."""

    person: UUID
    contribution: UUID
    over: bool


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A new text in place of one's own, from whom the address was made for. After `LASTS` days it is over."""

    person: UUID
    contribution: UUID
    over: bool


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Whoever writes wants no more of a mail: `held` says whom it went to and what it was about (`stopping.py`)."""

    held: bytes


@dataclass(frozen=True, slots=True)
class Declining:
    """Somebody on an organiser's list wants no more invitations."""

    invitee: UUID


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says about a message that went out."""

    delivery: UUID


@dataclass(frozen=True, slots=True)
class Question:
    """An answer to what was asked about a mail that came in."""

    mail: UUID


@dataclass(frozen=True, slots=True)
class TopicBox:
    """A new contribution to a topic; whether there is such a one nobody knows yet."""

    consultation: str
    topic: str


@dataclass(frozen=True, slots=True)
class Commands:
    """Changes to one's own texts."""


Mailbox = Reply | Rewriting | Unsubscribing | Declining | Bounce | Question | TopicBox | Commands


def reply_address(person: UUID, contribution: UUID, now: datetime) -> str | None:
    """Where this person's answer to a contribution goes. It is the same all day, and nobody else can use it."""
    return _address("r-" + _seal("reply", _for_a_while(person, contribution, now), 2 * _ID + _DAYS))


def rewriting_address(person: UUID, contribution: UUID, now: datetime) -> str | None:
    """Where this person sends a new text that takes the place of their own, which may have no number yet."""
    return _address("e-" + _seal("rewriting", _for_a_while(person, contribution, now), 2 * _ID + _DAYS))


def stop_address(held: bytes) -> str | None:
    """Where a mail to hear no more goes: as good as the link that holds the same, and nobody need be signed in."""
    return _address("s-" + _seal("stop", int.from_bytes(held), _STOP))


def declining_address(invitee: UUID) -> str | None:
    """The same for an invitation: as good as the button on its page."""
    return _address("d-" + _seal("declining", invitee.int, _ID))


def bounce_address(delivery: UUID) -> str | None:
    """The envelope sender of a message, to which servers report what became of it."""
    return _address("b-" + _seal("bounce", delivery.int, _ID))


def question_address(mail: UUID) -> str | None:
    """Where the answer to a question about a mail goes: writing back is as good as pressing the button."""
    return _address("q-" + _seal("question", mail.int, _ID))


def topic_address(consultation_slug: str, topic_slug: str) -> str | None:
    """Where one writes to a topic; None, too, where the two names together are too long for an address."""
    local = f"{topic_slug}.{consultation_slug}"
    return _address(local) if len(local) <= _LONGEST else None


def commands_address() -> str | None:
    """Where one changes and takes back what one wrote."""
    return _address(COMMANDS)


def read_address(address: str, now: datetime) -> Mailbox | None:
    """What an address stands for; None where it is not one of ours."""
    local, _at, domain = address.strip().lower().rpartition("@")
    ours = settings().mail_domain
    if ours is None or domain != ours or not 0 < len(local) <= _LONGEST or not local.isascii():
        return None
    if local == COMMANDS:
        return Commands()
    topic, dot, consultation = local.partition(".")
    if dot:
        return TopicBox(consultation, topic) if topic and consultation else None
    return _sealed(local[:2], local[2:], now)


def marker(language: str) -> str:
    """The line at the top of a mail that can be answered, in one of the six languages."""
    return f"##- {translator(language)(_MARKER)} -##"


def all_markers() -> tuple[str, ...]:
    """The line in each language."""
    return tuple(marker(language) for language in LANGUAGES)


def _sealed(kind: str, code: str, now: datetime) -> Mailbox | None:
    if kind == "r-":
        return _personal(Reply, "reply", code, now)
    if kind == "e-":
        return _personal(Rewriting, "rewriting", code, now)
    if kind == "s-":
        stopped = _unseal("stop", code, _STOP)
        return Unsubscribing(stopped.to_bytes(_bytes(_STOP))) if stopped is not None else None
    use, box = _OF_ONE_THING.get(kind, ("", Bounce))
    held = _unseal(use, code, _ID) if use else None
    return box(UUID(int=held)) if held is not None else None


_OF_ONE_THING: dict[str, tuple[str, type[Bounce | Question | Declining]]] = {
    "b-": ("bounce", Bounce), "q-": ("question", Question), "d-": ("declining", Declining),
}  # fmt: skip
_Personal = TypeVar("_Personal", Reply, Rewriting)


def _personal(box: type[_Personal], use: str, code: str, now: datetime) -> _Personal | None:
    held = _unseal(use, code, 2 * _ID + _DAYS)
    if held is None:
        return None
    ids, until = held >> _DAYS, held % (1 << _DAYS)
    left = (until - (now.date() - _BEGINNING).days) % (1 << _DAYS)  # the count of days begins anew after eleven years
    return box(UUID(int=ids >> _ID), UUID(int=ids % (1 << _ID)), over=left > LASTS)


def _for_a_while(person: UUID, contribution: UUID, now: datetime) -> int:
    until = (now.date() - _BEGINNING).days + LASTS
    return (person.int << _ID | contribution.int) << _DAYS | until % (1 << _DAYS)


def _address(local: str) -> str | None:
    domain = settings().mail_domain
    return f"{local}@{domain}" if domain else None


def _seal(use: str, held: int, bits: int) -> str:
    """So many bits, made unreadable and proof against change, as SIV does it (RFC 5297): the seal starts the cipher."""
    seal = _bits(f"mailbox {use} seal", held.to_bytes(_bytes(bits)), _SEAL)
    both = seal << bits | held ^ _bits(f"mailbox {use} cipher", seal.to_bytes(_bytes(_SEAL)), bits)
    long = -(-(bits + _SEAL) // 5)  # letters
    fitted = both << (_bytes(5 * long) * 8 - bits - _SEAL)
    return base64.b32encode(fitted.to_bytes(_bytes(5 * long))).decode().lower()[:long]


def _unseal(use: str, code: str, bits: int) -> int | None:
    """What was sealed; None where it was not, or was changed since."""
    long = -(-(bits + _SEAL) // 5)
    if len(code) != long:
        return None
    try:
        raw = base64.b32decode(code.upper() + "A" * (-long % 8))
    except (binascii.Error, ValueError):
        return None
    both = int.from_bytes(raw) >> (len(raw) * 8 - bits - _SEAL)
    seal = both >> bits
    held = both % (1 << bits) ^ _bits(f"mailbox {use} cipher", seal.to_bytes(_bytes(_SEAL)), bits)
    return held if _seal(use, held, bits) == code else None


def _bits(label: str, message: bytes, bits: int) -> int:
    """So many bits of an HMAC under the server's key."""
    parts = b"".join(sealed(label, bytes([part]), message) for part in range(-(-bits // 256)))
    return int.from_bytes(parts) >> (len(parts) * 8 - bits)


def _bytes(bits: int) -> int:
    return -(-bits // 8)
