"""What two ways to write an organisation's name have in common: no case, accents, punctuation or legal form.

So “Réseau Migrants, ASBL” and “RESEAU MIGRANTS” are one organisation, and have one id. Names that differ otherwise (a
short form, another language) are the organisers' to bring together: see `aliases.py`.
"""

import re
import unicodedata

from app import text

# Legal forms, as they are once case, accents and dots are gone. A word that says what an organisation is (foundation,
# network, union, association) is part of its name and stays.
_LEGAL_FORMS = frozenset((
    "inc", "incorporated", "ltd", "limited", "llc", "llp", "plc", "cic", "cio", "pty", "corp",  # English
    "ev", "gev", "gmbh", "ggmbh", "ug", "mbh", "eg", "ag",  # German
    "asbl", "aisbl", "vzw", "ivzw", "scic", "scop", "sarl", "sas",  # French, and of Belgium
    "ac", "sl", "slu", "srl", "sa", "sac", "osc", "iap", "ltda", "eireli", "osfl", "oscip", "ipss",  # Iberian
    "ong", "ongd", "ngo", "npo", "cso",  # what is said in the place of a form
    "ано", "нко", "нпо", "ооо", "оао", "зао", "роо", "моо", "оо", "бф",  # Russian
    "ذمم", "شمم",  # Arabic
))  # fmt: skip
_SUFFIXES = ("股份有限公司", "有限责任公司", "有限公司", "民办非企业单位", "株式会社")  # written without a space
_UNDIVIDED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
     "ى": "ي", "ة": "ه", "ـ": ""}
)  # fmt: skip
_WITHIN = re.compile(r"[.'’ʼ`´\u200c\u200d]")  # S.A., d'Ivoire: what stands within a word


def matched(name: str) -> str:
    """The name as it is compared. Empty for what is no name."""
    try:
        plain = text.line(name)
    except ValueError:
        return ""
    spaced = "".join(" " if unicodedata.category(each)[0] in "PSZC" else each for each in _WITHIN.sub("", _bare(plain)))
    words = _initials_joined([word for word in spaced.split() if text.visible(word)])
    return " ".join(_without_form(words))


def _bare(name: str) -> str:
    """Without case and accents. Marks that are vowels or sounds of their own, as in Hindi or Japanese, stay."""
    parts = unicodedata.normalize("NFKD", name).casefold().translate(_UNDIVIDED)
    kept = (part for part in parts if not _is_accent(part))
    return unicodedata.normalize("NFKC", "".join(kept))


def _is_accent(character: str) -> bool:
    place = unicodedata.combining(character)
    return place >= 200 or 27 <= place <= 35  # above and below a letter, or an Arabic mark


def _initials_joined(words: list[str]) -> list[str]:
    """`e V` and `S A R L` as one word each."""
    joined: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        joined += [run] if run else []
        joined += [word] if word else []
        run = ""
    return joined


def _without_form(words: list[str]) -> list[str]:
    """Without legal forms at either end; never without anything left."""
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _LEGAL_FORMS:
        kept.pop()
    while len(kept) > 1 and kept[0] in _LEGAL_FORMS:
        kept.pop(0)
    for suffix in _SUFFIXES:
        if kept and kept[-1].endswith(suffix) and kept[-1] != suffix:
            kept[-1] = kept[-1].removesuffix(suffix)
            break
    return kept
