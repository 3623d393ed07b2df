"""What is kept of a text so that its like is known again: numbers under the server's key, which give no text back.

`exact` is the same for texts of the same words; of `similar` few of the 64 bits differ where few words do (Charikar's
simhash, over runs of words). Accents, capitals, punctuation and what cannot be seen make no difference.
"""

import hashlib
import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.accounts.tokens import sealed

ALIKE = 12  # bits that may differ: of ten million pairs of unrelated comments in a city's forum, one is so near

_FEWEST_WORDS = 10  # what is shorter, many people say in the same words
_FEWEST_RUNS = 12
_RUN = 3  # words
_RUN_OF_LETTERS = 5  # in scripts that are written without spaces each letter stands for itself
_BITS = 64

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
_LETTER = re.compile(f"[{_SPACELESS}]")


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of one text; `similar` is None where the text is short."""

    exact: bytes
    similar: int | None


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without capitals, accents, marks and punctuation."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_unmarked())
    return _WORD.findall(text.casefold())


def length(words: Sequence[str]) -> int:
    """How many words there are, two letters of a script without spaces counting as one."""
    return len(words) - _letters(words) // 2


def fingerprint(words: Sequence[str]) -> Print | None:
    """The fingerprint of a text's words; None where it is so short that many people say the same."""
    if length(words) < _FEWEST_WORDS:
        return None
    run = _RUN_OF_LETTERS if 2 * _letters(words) > len(words) else _RUN
    runs = {" ".join(words[start : start + run]) for start in range(len(words) - run + 1)}
    exact = sealed("fingerprint", " ".join(words).encode())[:16]
    return Print(exact, _simhash(runs) if len(runs) >= _FEWEST_RUNS else None)


def _letters(words: Sequence[str]) -> int:
    """How many words are a single letter: no other word holds one of these."""
    joined = "".join(words)
    return 0 if joined.isascii() else len(_LETTER.findall(joined))


def _simhash(runs: set[str]) -> int:
    """Each bit is what most of the runs have there. All are counted at once, as lanes of long numbers, one a byte."""
    key, hashed = sealed("similarity"), hashlib.blake2b
    hashes = b"".join([hashed(run.encode(), digest_size=8, key=key).digest() for run in runs])
    lanes = [int.from_bytes(hashes[place :: _BITS // 8]) for place in range(_BITS // 8 - 1, -1, -1)]
    ones = int.from_bytes(b"\1" * len(runs))
    bits = sum(1 << bit for bit in range(_BITS) if 2 * ((lanes[bit // 8] >> bit % 8) & ones).bit_count() > len(runs))
    return bits - (1 << _BITS) if bits >> (_BITS - 1) else bits  # signed, as Postgres has it


@lru_cache
def _unmarked() -> dict[int, None]:
    """Whatever is put on letters, or between them, without being one: accents, vowel signs, joiners."""
    marks = ("Mn", "Me", "Cf")
    return {code: None for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in marks}
