"""Mail that no person wrote: told by its headers alone. Subjects are a hint, because people write them, too."""

import re
from email.message import Message

from app.inbound.decoding import header
from app.inbound.mail import Automatic

_REPORTS = {
    "delivery-status": Automatic.DELIVERY_STATUS,
    "feedback-report": Automatic.FEEDBACK,
    "disposition-notification": Automatic.RECEIPT,
}
_SILENCE = re.compile(r"\b(all|oof|autoreply)\b", re.IGNORECASE)
_DAEMON = re.compile(r"(mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_STATUS = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})", re.ASCII)
_AWAY = re.compile(
    r"^\W*(?:out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|away from"
    r"|on (?:annual )?leave|absence du bureau|r[ée]ponse automatique|absent\w* (?:du bureau|jusqu)"
    r"|fuera de (?:la )?oficina|respuesta autom[áa]tica"
    r"|автоматический ответ|автоответ|вне офиса|нет на (?:работе|месте)"
    r"|自动(?:回复|答复)|外出|不在办公室"
    r"|(?:رد|الرد) (?:تلقائي|التلقائي|آلي|الآلي)|خارج المكتب)",
    re.IGNORECASE,
)


def why_automatic(message: Message) -> Automatic | None:
    """What shows that a machine wrote it, or None."""
    if message.get_content_type() == "multipart/report":
        kind = header(message.get_param("report-type")).strip().lower()
        if kind in _REPORTS:
            return _REPORTS[kind]
    if header(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower() not in ("no", ""):
        return Automatic.AUTO_SUBMITTED
    if any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")):
        return Automatic.AUTO_REPLY
    if _SILENCE.search(header(message.get("X-Auto-Response-Suppress"))):
        return Automatic.AUTO_REPLY
    precedence = header(message.get("Precedence")).strip().lower()
    if precedence in ("auto_reply", "auto-reply"):
        return Automatic.AUTO_REPLY
    if precedence in ("bulk", "junk", "list"):
        return Automatic.BULK
    if header(message.get("Return-Path", "none")).strip() == "<>":
        return Automatic.NULL_SENDER
    return Automatic.MAILER_DAEMON if _DAEMON.search(header(message.get("From"))) else None


def looks_away(subject: str) -> bool:
    """Whether a subject sounds as programs write it for people who are away."""
    return bool(_AWAY.search(re.sub(r"^\s*(?:re|aw|rv|tr|отв|回复|رد)\s*[:：]\s*", "", subject, flags=re.IGNORECASE)))


def delivery_status(message: Message) -> tuple[str, ...]:
    """The status codes of a bounce (RFC 3464), one for each recipient that it is about."""
    found: list[str] = []
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            inner = part.get_payload()
            blocks = [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []
            found += [code for block in blocks for code in _STATUS.findall(header(block.get("Status")))]
    return tuple(found[:100])
