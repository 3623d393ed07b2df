"""The parts of a message: which are the sender's words, which are files, and which are neither."""

from dataclasses import dataclass, field
from email.message import Message

from app.inbound import winmail
from app.inbound.decoding import LANGUAGE_OF, character_set, decode, header, payload
from app.inbound.flowed import unfold
from app.inbound.limits import DEEPEST, LONGEST_TEXT, MOST_FILES
from app.inbound.mail import Attachment, Reason, Unreadable
from app.text import line, storable

_SIGNATURES = frozenset(
    (
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
    )
)
_SEALED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_LONGEST_NAME = 200


@dataclass(slots=True)
class Piece:
    """One passage of the sender's words, in one or both of the forms that programs send."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Found:
    """What a message holds."""

    pieces: list[Piece] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    inline: list[Attachment] = field(default_factory=list)
    forwarded: int = 0
    garbled: bool = False
    languages: list[str] = field(default_factory=list)


def found_in(message: Message) -> Found:
    """All that matters of the message. Raises Unreadable for what is encrypted or too much."""
    found = Found()
    _take(message, found, 0)
    return found


def _take(part: Message, found: Found, depth: int) -> None:
    if depth > DEEPEST:
        raise Unreadable(Reason.TOO_DEEP)
    kind = header(part.get_content_type())
    if kind == "multipart/encrypted":
        raise Unreadable(Reason.ENCRYPTED)
    if kind in _SEALED:
        signed = header(part.get_param("smime-type")).strip().lower() == "signed-data"
        raise Unreadable(Reason.SEALED if signed else Reason.ENCRYPTED)
    if part.get_content_maintype() == "message":
        found.forwarded += kind in ("message/rfc822", "message/global")
    elif not part.is_multipart():
        _take_leaf(part, kind, found)
    elif kind == "multipart/alternative":
        _take_alternatives(_children(part), found, depth)
    else:
        children = _children(part)
        for child in children[:1] if kind in ("multipart/signed", "multipart/report") else children:
            _take(child, found, depth + 1)


def _children(part: Message) -> list[Message]:
    return [child for child in part.get_payload() if isinstance(child, Message)]


def _take_alternatives(children: list[Message], found: Found, depth: int) -> None:
    """The same words in several forms: one piece of them. Files within any of the forms count."""
    words = Piece()
    for child in children:
        before = len(found.pieces)
        _take(child, found, depth + 1)
        taken, found.pieces = found.pieces[before:], found.pieces[:before]
        plains = [piece.plain for piece in taken if piece.plain is not None]
        htmls = [piece.html for piece in taken if piece.html is not None]
        words.plain = words.plain or ("\n\n".join(plains) if plains else None)
        words.html = words.html or ("\n".join(htmls) if htmls else None)
    found.pieces.append(words)


def _take_leaf(part: Message, kind: str, found: Found) -> None:
    name = _file_name(part)
    attached = part.get_content_disposition() == "attachment"
    if kind in _SIGNATURES:
        return
    if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        _take_winmail(payload(part), found)
    elif attached or name or not _is_text(part, kind):
        apart = kind.startswith("image/") and not attached and ("Content-ID" in part or not name)
        _keep(found, found.inline if apart else found.attachments, Attachment(name, kind, payload(part)))
    else:
        said = _text(part, found)
        found.pieces.append(Piece(html=said) if kind == "text/html" else Piece(plain=said))


def _is_text(part: Message, kind: str) -> bool:
    """Words are plain text and HTML; and what calls itself a multipart and is none."""
    return kind in ("text/plain", "text/html", "text/enriched") or part.get_content_maintype() == "multipart"


def _text(part: Message, found: Found) -> str:
    declared = header(part.get_content_charset(""))
    text, certain = decode(payload(part), declared)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(Reason.TOO_LARGE)
    found.garbled = found.garbled or not certain
    language = LANGUAGE_OF.get(character_set(declared) or "")
    if language:
        found.languages.append(language)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if header(part.get_param("format")).strip().lower() == "flowed":
        return unfold(text, delsp=header(part.get_param("delsp")).strip().lower() == "yes")
    return text


def _take_winmail(content: bytes, found: Found) -> None:
    """Outlook's own envelope: its words count where the message has no others."""
    opened = winmail.opened(content)
    if opened is None:
        _keep(found, found.attachments, Attachment("winmail.dat", "application/ms-tnef", content))
        return
    if not any((piece.plain or piece.html or "").strip() for piece in found.pieces):
        found.pieces.append(Piece(plain=opened.plain, html=opened.html))
    for name, data in opened.files:
        _keep(found, found.attachments, Attachment(_tidy(name), "application/octet-stream", data))


def _keep(found: Found, files: list[Attachment], file: Attachment) -> None:
    if len(found.attachments) + len(found.inline) >= MOST_FILES:
        raise Unreadable(Reason.TOO_MANY_ATTACHMENTS)
    files.append(file)


def _file_name(part: Message) -> str:
    try:
        return _tidy(header(part.get_filename("")))
    except (ValueError, LookupError, TypeError):
        return ""


def _tidy(name: str) -> str:
    """A name without folders, on one line."""
    try:
        return line(storable(name).replace("\\", "/").rpartition("/")[2])[:_LONGEST_NAME]
    except ValueError:  # more marks on a letter than any script needs
        return ""
