"""What mail programs write above what they quote, in the six languages; the library knows some more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailparser_reply import EmailReplyParser

from app.inbound.lines import bare, is_blank, is_quoted, unquoted

_ADDRESS = r"<\s*(?:mailto:)?[^<>\s]+@[^<>]+>"
_DAY = r"(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b|\d{1,4}[ ./年-]"
_WROTE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"On\b(?=.*\d).{6,400}\bwrote ?:",
        r"At \d{4}-.{6,300}\bwrote ?:",
        r"Le\b(?=.*\d).{6,400}\ba écrit ?:",
        r"El\b(?=.*\d).{6,400}\bescribi[óo] ?:",
        rf"(?:{_DAY})(?=.*\d).{{6,400}}(?:пишет|пишут|(?:на)?писала?|(?:на)?писали|написал\(а\)) ?:",
        r"في (?=.*\d).{4,300}(?:كتب|كتبت|تمت كتابة).{0,300}:",
        r"(?:وقد )?كتبت? (?=.*\d).{6,300}:",
        r"[在于](?=.*\d).{4,300}[写寫]道 ?[:：]",
        r"[^。！？]{1,60}[在于] ?\d{4}.{4,60}[写寫]道 ?[:：]",
        rf".{{0,100}}{_ADDRESS}.{{0,100}}[写寫]道 ?[:：]",
        rf"(?:{_DAY}|في |on |le |el )(?=.*\d[:.]\d\d).{{6,400}}{_ADDRESS} ?:",
        rf"[^<>]{{0,80}}{_ADDRESS} ?(?:wrote|a écrit|escribió|пишет|كتب) ?:",
    )
)
_TIME = re.compile(r"\d{1,2}[:.h]\d\d")
_LABELS = {
    "from": "from|de|от|от кого|من|发件人|发件者|寄件者|von|da",
    "sent": "sent|date|envoyé|envoyé le|enviado|enviado el|fecha|отправлено|дата"
    "|تم الإرسال|تاريخ الإرسال|التاريخ|تاريخ|أُرسلت|发送时间|发送日期|日期|时间|gesendet|datum|inviato|data",
    "to": "to|à|a|para|кому|إلى|الى|收件人|an",
    "subject": "subject|objet|asunto|тема|الموضوع|موضوع|主题|主旨|betreff|assunto|oggetto",
    "cc": "cc|copie|copia|копия|نسخة|抄送",
}
_LABEL = re.compile("|".join(f"(?P<{name}>(?:{words}) ?[:：])" for name, words in _LABELS.items()), re.IGNORECASE)
_ORIGINAL = re.compile(
    r"[-_─— ]{2,}(?:original message|reply message|message d[’']origine|message original|mensaje original"
    r"|исходное сообщение|الرسالة الأصلية|رسالة أصلية|原始邮件|原邮件|回复的原邮件"
    r"|ursprüngliche nachricht|mensagem original|messaggio originale)[-_─— ]{2,}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"(?:[-_─— ]{2,})?(?:begin forwarded message|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado"
    r"|начало переадресованного сообщения|بداية الرسالة المعاد توجيهها|开始转发的邮件|下面是被转发的邮件) ?[:：]"
    r"|[-_─— ]{2,}(?:forwarded message|message transféré|message réexpédié|mensaje reenviado|пересылаемое сообщение"
    r"|пересланное сообщение|رسالة معاد توجيهها|رسالة محولة|转发的邮件|转发邮件信息)[-_─— ]{2,}",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-_─—=* ]{3,}")
_MOST_LINES, _LONGEST = 4, 500  # of one header that says who wrote
_LIBRARY = EmailReplyParser(languages=["de", "it", "nl", "pl", "cs", "da", "sv", "ja", "ko"])
_LONGEST_FOR_LIBRARY = 20_000  # characters, in lines no longer than those of a header: its patterns take their time


@dataclass(frozen=True, slots=True)
class Header:
    """Lines `start` to `end` (not included) say that somebody else's words follow."""

    start: int
    end: int
    certain: bool  # it names an address, or is a whole block: enough, even where what follows is not marked as quoted
    likely: bool = True  # it names a time: enough, where what follows is marked
    forwarded: bool = False


def first_header(lines: Sequence[str]) -> Header | None:
    """The first one outside quotations, with the rules and blank lines above it."""
    for at, line in enumerate(lines):
        if is_blank(line):
            continue
        if is_quoted(line):
            found = _quoted_itself(lines, at)
        else:
            found = _separator(lines, at) or _block(lines, at) or _wrote(lines, at)
        if found:
            return replace(found, start=_without_rules(lines, found.start))
    return None


def header_by_library(text: str, lines: Sequence[str]) -> Header | None:
    """What the library finds, in languages that are not ours."""
    if len(text) > _LONGEST_FOR_LIBRARY or max(map(len, lines), default=0) > _LONGEST:
        return None
    replies = _LIBRARY.read(text).replies
    headers = str(replies[1].headers).strip("\n").split("\n") if len(replies) > 1 else [""]
    first = bare(headers[0])
    for at, line in enumerate(lines):
        if first and bare(line) == first and not is_quoted(line):
            return _judged(_without_rules(lines, at), at + len(headers), " ".join(headers))
    return None


def header_above(lines: Sequence[str], end: int) -> Header | None:
    """Lines right above a quotation that, in whatever language, name an address and a date, and end with a colon."""
    while end and is_blank(lines[end - 1]):
        end -= 1
    joined = ""
    for at in range(end - 1, max(end - 1 - _MOST_LINES, -1), -1):
        joined = f"{bare(lines[at])} {joined}".strip()
        if not joined.endswith((":", "：")) or is_quoted(lines[at]) or is_blank(lines[at]):
            return None
        if re.search(_ADDRESS, joined) and re.search(r"\d{4}|\d:\d\d", re.sub(_ADDRESS, "", joined)):
            return Header(_without_rules(lines, at), end, certain=True)
    return None


def _separator(lines: Sequence[str], at: int) -> Header | None:
    said = bare(lines[at])
    if len(said) > _LONGEST:
        return None
    if _FORWARDED.fullmatch(said):
        return Header(at, at + 1, certain=True, forwarded=True)
    if not _ORIGINAL.fullmatch(said):
        return None
    below = next((each for each in range(at + 1, len(lines)) if not is_blank(lines[each])), at)
    block = _block(lines, below)
    return Header(at, block.end if block else at + 1, certain=True)


def _block(lines: Sequence[str], at: int) -> Header | None:
    """Outlook's four lines, From, Sent, To and Subject, or most of them, beginning with the first.

    Journeys, too, are from and to, at a date: but they have no subject, and no address of mail.
    """
    labels: set[str] = set()
    addressed = False
    end = at
    for place in range(at, min(at + 8, len(lines))):
        found = _LABEL.match(bare(lines[place])[:80])
        if place == at and (found is None or found.lastgroup != "from"):
            return None
        if found and found.lastgroup:
            labels.add(found.lastgroup)
            addressed = addressed or "@" in lines[place]
            end = place + 1
    whole = len(labels - {"cc"}) >= 3 and (addressed or "subject" in labels)
    return Header(at, end, certain=True) if whole else None


def _quoted_itself(lines: Sequence[str], at: int) -> Header | None:
    """The iPhone quotes the line, too, that says who wrote. It is the first of a quotation, so the rest is marked."""
    if at and is_quoted(lines[at - 1]):
        return None
    run = [unquoted(line) for line in lines[at : at + _MOST_LINES]]
    found = _wrote(run, 0)
    if found is None or not is_quoted(lines[at + found.end - 1]):
        return None
    return replace(found, start=at, end=at + found.end)


def _wrote(lines: Sequence[str], at: int) -> Header | None:
    """`On such a day somebody wrote:`, on one line or broken into a few."""
    joined = ""
    for end in range(at + 1, min(at + _MOST_LINES, len(lines)) + 1):
        if is_quoted(lines[end - 1]) or is_blank(lines[end - 1]):
            return None
        joined = f"{joined} {bare(lines[end - 1])}".strip()
        if len(joined) > _LONGEST:
            return None
        if joined.endswith((":", "：")) and any(pattern.fullmatch(joined) for pattern in _WROTE):
            return _judged(at, end, joined)
    return None


def _judged(start: int, end: int, said: str) -> Header:
    certain = "@" in said
    return Header(start, end, certain, likely=certain or bool(_TIME.search(said)))


def _without_rules(lines: Sequence[str], start: int) -> int:
    while start and (is_blank(lines[start - 1]) or _RULE.fullmatch(lines[start - 1].strip())):
        start -= 1
    return start
