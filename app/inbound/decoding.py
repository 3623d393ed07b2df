"""Bytes to characters: by the declared set, by what it means in practice, or by a guess that says it is one."""

import codecs
import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

# What senders declare, and what their bytes really are: supersets, as browsers take them (WHATWG Encoding), and more.
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_OWN_NAMES = {
    "x-gbk": "gb18030", "x-mac-cyrillic": "mac_cyrillic", "ks_c_5601-1987": "cp949", "x-sjis": "cp932",
    "cp-1251": "cp1251", "cp-1256": "cp1256", "windows1251": "cp1251", "windows1256": "cp1256", "koi8": "koi8_r",
    "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8",
}  # fmt: skip
# Codecs of Python that are character sets: the others are tricks (punycode, unicode_escape, UTF-7).
_CHARACTER_SETS = re.compile(
    r"utf-(8|8-sig|16|16-le|16-be|32|32-le|32-be)|(cp|iso8859|mac|koi8|gb|big5|euc|shift|iso2022|hz|johab|tis|ptcp|hp)"
    r"[\w-]*"
)
_BEGINNINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The languages whose texts alone use a character set.
LANGUAGE_OF = {
    "gb18030": "zh", "hz": "zh", "big5hkscs": "zh", "cp1256": "ar", "iso8859-6": "ar", "koi8-r": "ru", "koi8-u": "uk",
    "cp932": "ja", "euc_jp": "ja", "iso2022_jp": "ja", "cp949": "ko", "cp874": "th", "cp1253": "el", "iso8859-7": "el",
    "cp1255": "he", "iso8859-8": "he",
}  # fmt: skip
_GUESSES = ("cp1251", "koi8_r", "cp1256", "gb18030", "cp1252")
_LONGEST_GUESS = 4_000  # bytes that are looked at
_COMMON = {  # characters that make up most of a text in the language, which wrong guesses hardly produce
    "cp1251": frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф "),
    "koi8_r": frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф "),
    "cp1256": frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ، "),
    "gb18030": frozenset(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年，。"
    ),
    "cp1252": frozenset("éèêàâçùûîôœñáíóúü¿¡«»’“”–… "),
}


def character_set(declared: str) -> str | None:
    """Python's name of what a declared character set means in practice; None where it says nothing, as ASCII."""
    name = declared.strip().strip("\"'").strip().lower()
    try:
        found = codecs.lookup(_OWN_NAMES.get(name, name)).name
    except (LookupError, ValueError, UnicodeError):
        return None
    found = _MEANT.get(found, found)
    return found if found != "ascii" and _CHARACTER_SETS.fullmatch(found) else None


def decode(content: bytes, declared: str) -> tuple[str, bool]:
    """The text, and whether that is certain: False where bytes had to be guessed or do not fit."""
    for beginning, name in _BEGINNINGS:
        if content.startswith(beginning):
            return _strictly(content, name) or (content.decode(name, "replace"), False)
    meant = character_set(declared)
    for name in dict.fromkeys(filter(None, (meant if meant != "cp1252" else None, "utf-8", meant))):
        if found := _strictly(content, name):
            return found
    if meant and meant not in ("utf-8", "cp1252"):
        return content.decode(meant, "replace"), False
    return _guessed(content), False


def header(value: object) -> str:
    """A header with its encoded words decoded. Without these it is one line. Whatever is in it, this raises nothing."""
    written = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace") if value is not None else ""
    written = re.sub(r"[\r\n]+[ \t]*", " ", written)
    if "=?" not in written:
        return written
    try:
        parts = decode_header(written)
    except (MessageError, ValueError, LookupError):
        return written
    return "".join(part if isinstance(part, str) else decode(part, name or "ascii")[0] for part, name in parts)


def payload(part: Message) -> bytes:
    """The content of a part, freed of its transfer encoding; as it stands where that is broken."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        content = None
    return content if isinstance(content, bytes) else b""


def _strictly(content: bytes, name: str) -> tuple[str, bool] | None:
    try:
        return content.decode(name), True
    except (UnicodeError, LookupError):
        return None


def _guessed(content: bytes) -> str:
    """By the set under which most characters are common ones of its language; Latin, where ASCII prevails."""
    sample = content[:_LONGEST_GUESS]
    if sum(byte > 127 for byte in sample) < len(re.findall(rb"[A-Za-z]", sample)):
        return content.decode("cp1252", "replace")

    def fit(name: str) -> float:
        said = [each for each in sample.decode(name, "replace") if not each.isascii()]
        return sum(each in _COMMON[name] for each in said) / (len(said) or 1)

    return content.decode(max(_GUESSES, key=fit), "replace")
