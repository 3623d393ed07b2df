"""Bytes of a mail to a `Mail`. Nothing is known here of who wrote it, to what, or what becomes of it."""

import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from app.inbound import automatic
from app.inbound.decoding import header
from app.inbound.flowed import SIGNATURE
from app.inbound.html_text import text_of
from app.inbound.limits import parsed
from app.inbound.mail import Mail, Reason, Unreadable
from app.inbound.parts import Found, Piece, found_in
from app.text import language_tag, line, paragraphs, storable

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,128}@[\w.-]{1,190}")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
_ENCRYPTED = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_SIGNED, _SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----\n", "\n-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_ENDS = re.compile(r"^-----END PGP SIGNATURE-----", re.MULTILINE)
_ARMOR = re.compile(r"(?:\w+: [^\n]*\n)*\n")  # which hash it is of
_KNOWN = ("From", "To", "Date", "Subject", "Message-ID", "Received", "Return-Path")
_MOST_ADDRESSES, _MOST_REFERENCES, _MOST_RESULTS = 200, 100, 20
_LONGEST_ADDRESSES, _LONGEST_SUBJECT = 20_000, 1_000  # characters


def read(raw: bytes) -> Mail:
    """The message, decoded. Raises Unreadable, and nothing else, whatever the bytes are."""
    message = parsed(raw)
    if not any(name in message for name in _KNOWN):
        raise Unreadable(Reason.NO_MESSAGE)
    found = found_in(message)
    text, storable_whole = _tidy(_words(found))
    name, address = _sender(message)
    subject = _line(header(message.get("Subject")))[:_LONGEST_SUBJECT]
    return Mail(
        from_address=address,
        from_name=name,
        to=_addresses(message, "To"),
        cc=_addresses(message, "Cc"),
        delivered_to=_addresses(message, "Delivered-To", "X-Original-To", "Envelope-To"),
        subject=subject,
        message_id=next(iter(_ids(message, "Message-ID")), None),
        in_reply_to=_ids(message, "In-Reply-To"),
        references=_ids(message, "References"),
        date=_date(message),
        text=text,
        html_only=any(piece.html for piece in found.pieces) and not any(_plain(piece) for piece in found.pieces),
        garbled=found.garbled or not storable_whole,
        languages=_languages(message, found),
        attachments=tuple(found.attachments),
        inline=tuple(found.inline),
        forwarded=found.forwarded,
        automatic=automatic.why_automatic(message),
        looks_away=automatic.looks_away(subject),
        list_id=_line(header(message.get("List-Id"))) or None,
        delivery_status=automatic.delivery_status(message),
        authentication_results=_results(message),
    )


def _plain(piece: Piece) -> bool:
    return bool(piece.plain and piece.plain.strip())


def _words(found: Found) -> str:
    """The sender's words: of each passage the plain form, where it has one, else what the HTML says."""
    said = (piece.plain if _plain(piece) else text_of(piece.html or "") for piece in found.pieces)
    text = "\n\n".join(each.strip("\n") for each in said if each and each.strip())
    if _ENCRYPTED.search(text):
        raise Unreadable(Reason.ENCRYPTED)
    return _unsigned(text)


def _unsigned(text: str) -> str:
    """The text with signed passages as they were before they were signed (RFC 9580, 7).

    It is only searched forward: a mail can begin ten thousand of them and end none.
    """
    parts, at = list[str](), 0
    while (end := _SIGNATURE_ENDS.search(text, at)) is not None:
        begin, signature = text.find(_SIGNED, at, end.start()), text.find(_SIGNATURE, at, end.start())
        said = _ARMOR.match(text, begin + len(_SIGNED), signature) if 0 <= begin < signature else None
        if said is None:
            parts.append(text[at : end.end()])
        else:
            words = re.sub(r"^- ", "", text[said.end() : signature], flags=re.MULTILINE)
            parts += [text[at:begin], words]
        at = end.end()
    return "".join((*parts, text[at:]))


def _tidy(text: str) -> tuple[str, bool]:
    """The text as the web would store it, and whether nothing had to be left out for that."""
    clean = storable(text)
    whole = clean == text
    clean = "\n".join(each if each == SIGNATURE else each.rstrip(" \t\xa0") for each in clean.split("\n"))
    try:
        return paragraphs(clean), whole
    except ValueError:  # marks upon marks: left as they are, for the action to refuse
        return clean.strip(), False


def _line(value: str) -> str:
    try:
        return line(storable(value))
    except ValueError:
        return ""


def _sender(message: Message) -> tuple[str, str | None]:
    """Name and address, where the message names one sender and no more: several are a way to deceive."""
    headers = message.get_all("From", [])
    pairs = _pairs(headers) if len(headers) == 1 else []
    if len(pairs) != 1:
        return "", None
    return _line(header(pairs[0][0]))[:200], pairs[0][1]


def _addresses(message: Message, *names: str) -> tuple[str, ...]:
    values = [value for name in names for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address for _name, address in _pairs(values)))[:_MOST_ADDRESSES]


def _pairs(values: list[str]) -> list[tuple[str, str]]:
    """Names and addresses. Names are still encoded: decoded first, they could pretend to be addresses."""
    written = [re.sub(r"[\r\n]+[ \t]*", " ", value) for value in values]
    if sum(map(len, written)) > _LONGEST_ADDRESSES:
        return []
    try:
        pairs = getaddresses(written)
    except (RecursionError, ValueError, IndexError):
        return []
    shown = [(name, storable(header(address)).strip().lower()) for name, address in pairs]
    return [(name, address) for name, address in shown if _ADDRESS.fullmatch(address)]


def _ids(message: Message, name: str) -> tuple[str, ...]:
    written = " ".join(map(header, message.get_all(name, [])))
    return tuple(map(storable, dict.fromkeys(_MESSAGE_ID.findall(written))))[:_MOST_REFERENCES]


def _results(message: Message) -> tuple[str, ...]:
    return tuple(storable(header(each)) for each in message.get_all("Authentication-Results", [])[:_MOST_RESULTS])


def _date(message: Message) -> datetime | None:
    try:
        date = parsedate_to_datetime(header(message.get("Date")))
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _languages(message: Message, found: Found) -> tuple[str, ...]:
    said = []
    for each in header(message.get("Content-Language")).split(",")[:10]:
        try:
            said.append(language_tag(each))
        except ValueError:
            continue
    return tuple(dict.fromkeys(said + found.languages))
