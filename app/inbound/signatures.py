"""Signatures that are marked as such, and what telephones add in the six languages. Greetings and names are kept."""

import re
from collections.abc import Sequence

from mailparser_reply.constants import MAIL_LANGUAGES

from app.inbound.lines import bare, is_blank

_DELIMITER = re.compile(r"(?:--|—) ?")
_MOST_LINES, _LONGEST_LINE = 12, 120  # of a signature; four lines are good manners, and disclaimers are not signatures
_SENT = (
    r"sent (?:from|via|using|with)|get outlook|envoyé (?:de|depuis|à partir|avec|via)|télécharge[rz]? outlook"
    r"|obtene[zr] outlook|obtenga outlook|enviado (?:desde|con|a través)|отправлено (?:с|из|через|от)|скачать outlook"
    r"|получить outlook|(?:أُرسلت|أرسلت|تم الإرسال|مرسل|مُرسل|أُرسل|أرسل)[ه]? ?(?:من|عبر|بواسطة)|احصل على outlook"
    r"|获取 ?outlook|下载 ?outlook"
)
_DEVICE = (
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|vivo|nokia|blackberry|windows|mobile|phone|tablet|device"
    r"|mail|outlook|gmail|yahoo|proton|spark|portable|téléphone|mobile|tablette|appareil|móvil|teléfono|celular|dispositivo"
    r"|telefon|телефон|смартфон|устройств|планшет|почт|айфон|هاتف|الهاتف|جوال|موبايل|جهاز|آيفون|بريد"
    r"|手机|手機|平板|邮箱|設備|设备"
)
_FOOTER = re.compile(
    rf"(?:{_SENT})\b.{{0,80}}?(?:{_DEVICE}).{{0,80}}|(?:[发發]自|来自我的|从我的).{{0,40}}(?:{_DEVICE}).{{0,20}}",
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
    if delimiters and _is_signature(lines[delimiters[-1] + 1 : end]):
        end = _before_footers(lines, delimiters[-1])
    elif any(lines[at] == "-- " for at in delimiters):
        return list(lines), [], False
    return list(lines[:end]), list(lines[end:]), True


def _is_signature(lines: Sequence[str]) -> bool:
    said = [line for line in lines if not is_blank(line)]
    return len(said) <= _MOST_LINES and all(len(line) <= _LONGEST_LINE for line in said)


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
