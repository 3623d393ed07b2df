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

from app import text

CONFIGURATIONS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
OTHER = "simple"
LONGEST = 200  # characters that are looked for

_UNSPACED = re.compile(  # runs of scripts that put no spaces between words
    r"[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]+"
)
_ARABIC_MARKS = re.compile(r"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_ARABIC_LETTERS = str.maketrans("أإآٱىئؤة", "ااااييوه")
_QUOTES = str.maketrans("“”„«»", '"' * 5)
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
    value = unicodedata.normalize("NFKC", value).translate(_QUOTES).replace("\x00", "")
    value = _ARABIC_MARKS.sub("", value).translate(_ARABIC_LETTERS)
    return _PUNCTUATION.sub(lambda found: found[0] if unicodedata.combining(found[0]) else " ", value)


def _without_accents(value: str) -> str:
    decomposed = unicodedata.normalize("NFD", value)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _pairs(run: str) -> Sequence[str]:
    """Each character with the next one, and the last alone: so a single one is found as the beginning of a pair."""
    return [run[at : at + 2] for at in range(len(run))]


def _wanted(run: str) -> str:
    return f"{_quoted(run)}:*" if len(run) == 1 else " & ".join(_quoted(pair) for pair in _pairs(run)[:-1])


def _quoted(word: str) -> str:
    """A lexeme in a tsquery. Words have letters and digits only."""
    return f"'{word.casefold()}'"
