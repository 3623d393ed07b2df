"""Signatures that are marked as such, and what telephones add in the six languages. Greetings and names are kept."""

import re
from collections.abc import Sequence

from mailparser_reply.constants import MAIL_LANGUAGES

from app.inbound.lines import bare, is_blank

_DELIMITER = re.compile(r"(?:--|—) ?")
_MOST_LINES, _LONGEST_LINE = 12, 120  # of a signature; four lines are good manners, and disclaimers are not signatures
_MOST_CARD, _LONGEST_CARD = 6, 80  # where the line above is not quite the one that programs draw: as on a visiting card
_SENTENCE = re.compile(r"(?:\S+\s+){5,}\S*[.!?…。！？؟]|[^.!?。！？؟]{12,}[。！？؟]")
_SENT = (
    r"sent (?:from|via|using|with)|envoyé (?:de|depuis|à partir de|avec|via)|enviado (?:desde|con|a través de)"
    r"|отправлено (?:с|из|через|от)|(?:أُرسلت|أرسلت|تم الإرسال|مرسل|مُرسل|أُرسل|أرسل)ه? (?:من|عبر|بواسطة)"
)
_MINE = r"(?:my|mon|ma|mi|моего|моей|мобильн\w+) (?:\S+ ){0,2}|(?:the|le|la|el) |l[’']|الـ ?"
_DEVICE = (
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|vivo|nokia|blackberry|windows|(?:smart|mobile )?phone"
    r"|mobile|tablet|device|mail|outlook|gmail|yahoo|proton|spark|portable|téléphone|tablette|appareil|móvil|teléfono"
    r"|celular|dispositivo|телефон|смартфон|устройств|планшет|почт|яндекс|айфон|هاتف|الهاتف|جوال|موبايل|جهاز|آيفون|بريد"
)
_FOOTER = re.compile(
    rf"(?:{_SENT}) (?:{_MINE})?(?:{_DEVICE})[^,;،，]{{0,80}}"
    r"|(?:get|télécharge[rz]|obtene[rz]|obtenga|скачать|получить|احصل على|获取|下载) ?outlook.{0,80}"
    r"|(?:[发發]自|来自我的|从我的).{0,40}(?:iphone|ipad|android|手机|手機|平板|邮箱|设备|設備|mail|outlook).{0,20}",
    re.IGNORECASE,
)
_OURS = ("en", "fr", "es", "zh")
_BY_LIBRARY = re.compile(
    "|".join(
        f"(?:{words['sent_from']}).{{0,60}}"
        for language, words in MAIL_LANGUAGES.items()
        if language not in _OURS and words.get("sent_from")
    ),
    re.IGNORECASE,
)
_LONGEST_FOOTER = 160


def without_signature(lines: Sequence[str]) -> tuple[list[str], list[str], bool]:
    """Own lines, those of the signature, and whether that is certain."""
    end = _before_footers(lines, len(lines))
    delimiters = [at for at in range(end) if _DELIMITER.fullmatch(lines[at])]
    if delimiters and _is_signature(lines[delimiters[-1] + 1 : end], drawn=lines[delimiters[-1]] == "-- "):
        end = _before_footers(lines, delimiters[-1])
    elif any(lines[at] == "-- " for at in delimiters):
        return list(lines), [], False
    return list(lines[:end]), list(lines[end:]), True


def _is_signature(lines: Sequence[str], drawn: bool) -> bool:
    """Few short lines, and no sentence where the line above them is not as programs draw it: people draw lines, too."""
    said = [line for line in lines if not is_blank(line)]
    most, longest = (_MOST_LINES, _LONGEST_LINE) if drawn else (_MOST_CARD, _LONGEST_CARD)
    short = len(said) <= most and all(len(line) <= longest for line in said)
    return short and (drawn or not any(map(_SENTENCE.match, said)))


def _before_footers(lines: Sequence[str], end: int) -> int:
    """Where the last lines begin that a telephone added; blank ones above them count."""
    place = end
    while place:
        said = bare(lines[place - 1])
        if said and not _is_footer(said):
            break
        place -= 1
        if said:
            end = place
    return end


def _is_footer(said: str) -> bool:
    if len(said) > _LONGEST_FOOTER:
        return False
    return bool(_FOOTER.fullmatch(said) or _BY_LIBRARY.fullmatch(said))
