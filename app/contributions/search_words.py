"""Words as search compares them: of a text that is kept to be found, and of what somebody looks for.

Postgres stems the words of each language (its text search configurations). What it cannot do is done here: Chinese,
Japanese and Korean are cut into pairs of characters, marks on Arabic letters and stretched lines are left out, and
words with accents are kept without them as well, for those who type without: beside, not instead, since stemming goes
by accents too.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app import text

CONFIGURATIONS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
OTHER = "simple"
LONGEST = 200  # characters that are looked for

_UNSPACED = re.compile(  # runs of scripts that put no spaces between words
    r"[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]+"
)
_ARABIC_MARKS = (*range(0x0610, 0x061B), 0x0640, *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE))
# Arabic letters that stand for each other, quotation marks, and what is left out.
_ALIKE = str.maketrans("أإآٱىئؤة“”„«»", "ااااييوه" + '"' * 5) | dict.fromkeys((0, *_ARABIC_MARKS))
_MARKS_BEGIN, _MARKS_END = 0x300, 0x20000  # beyond are ideographs, which carry none
_PUNCTUATION = re.compile(r"[^\w\s\"-]")
_WORD = re.compile(r"[^\W_]+")
_EXCLUDED = re.compile(r"(?:^|(?<=\s))-([^\W_]+)")


@dataclass(frozen=True, slots=True)
class Findable:
    """A text as it is kept: what Postgres makes words of, in which language, and the pairs that are made here."""

    configuration: str
    title: str
    body: str
    bare: str  # both without accents, where there are any
    pairs: list[str]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. `words` are for Postgres, and so are `bare`, the same without accents where there
    are any, and `excluded`, any of which may not be there; `pairs` is a finished tsquery.
    """

    words: str = ""
    bare: str = ""
    pairs: str = ""
    excluded: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.pairs)


def configuration(language: str) -> str:
    """The text search configuration of a BCP 47 tag."""
    return CONFIGURATIONS.get(language.split("-", maxsplit=1)[0].lower(), OTHER)


def findable(title: str | None, body: str, language: str) -> Findable:
    """Of a contribution's title and body (Markdown)."""
    heading, content = _plain(title or ""), _plain(text.excerpt(body, len(body) + 1))
    pairs = {pair for part in (heading, content) for run in _UNSPACED.findall(part) for pair in _pairs(run)}
    spaced = [_UNSPACED.sub(" ", part) for part in (heading, content)]
    bare = _without_accents("\n".join(spaced))
    bare = "" if bare == "\n".join(spaced) else bare
    return Findable(configuration(language), spaced[0], spaced[1], bare, sorted(pairs))


def sought(query: str) -> Sought:
    """All of these words; what stands in quotation marks as a phrase; nothing that has a word after a minus."""
    plain = _plain(query[:LONGEST])
    excluded = " or ".join(_without_accents(word) for word in _EXCLUDED.findall(plain))
    plain = _EXCLUDED.sub(" ", plain)
    rest = " ".join(_UNSPACED.sub(" ", plain).split())
    pairs = " & ".join(_wanted(run) for run in _UNSPACED.findall(plain))
    if not _WORD.search(rest):
        return Sought(pairs=pairs, excluded=excluded)
    bare = _without_accents(rest)
    return Sought(rest, bare if bare != rest else "", pairs, excluded)


def any_of(query: str) -> Sought:
    """As `sought`, where one of the words is enough, or the beginning of one: for when nothing has all of them."""
    plain = _plain(query[:LONGEST])
    words = _WORD.findall(_without_accents(_UNSPACED.sub(" ", plain)))
    pairs = [_quoted(pair) for run in _UNSPACED.findall(plain) for pair in _pairs(run) if len(pair) == 2]
    begun = [f"{_quoted(word[: max(3, len(word) - 2)])}:*" for word in words if len(word) > 3]
    return Sought(pairs=" | ".join(pairs + begun))


def marked_words(query: str) -> Sequence[str]:
    """The words of a query as they may stand in a text, for who shows where they were found."""
    plain = _plain(query[:LONGEST])
    return [*_UNSPACED.findall(plain), *(word for word in _WORD.findall(_UNSPACED.sub(" ", plain)) if len(word) > 1)]


def _plain(value: str) -> str:
    """One form of what looks the same, without marks and stretched lines on Arabic letters.

    Punctuation becomes a space: Postgres would take `housing/schools` for a file, and in some locales a comma for a
    letter. Quotation marks and minus signs mean something in a query.
    """
    value = unicodedata.normalize("NFKC", value).translate(_ALIKE)
    return _PUNCTUATION.sub(lambda found: found[0] if unicodedata.combining(found[0]) else " ", value)


def _without_accents(value: str) -> str:
    if value.isascii():
        return value
    return unicodedata.normalize("NFD", value).translate(_accents())


@lru_cache
def _accents() -> dict[int, None]:
    """Whatever is put on letters. To ask of each letter of each text took longer than all else that is done here."""
    return {code: None for code in range(_MARKS_BEGIN, _MARKS_END) if unicodedata.combining(chr(code))}


def _pairs(run: str) -> Sequence[str]:
    """Each character with the next one, and the last alone: so a single one is found as the beginning of a pair."""
    return [run[at : at + 2] for at in range(len(run))]


def _wanted(run: str) -> str:
    return f"{_quoted(run)}:*" if len(run) == 1 else " & ".join(_quoted(pair) for pair in _pairs(run)[:-1])


def _quoted(word: str) -> str:
    """A lexeme in a tsquery. Words have letters and digits only."""
    return f"'{word.casefold()}'"
