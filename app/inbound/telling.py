"""What in a text says who wrote it: their name, an address, a telephone number. For texts whose byline withholds that.

It would rather find too much: what is found is shown to the sender, who decides.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

_MOST = 10
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w/-])(?:\+|00|0|\()[\d(][\d\s()./-]{5,20}\d(?!\w)")
_FEWEST_DIGITS = 8
_SIGNATURE = re.compile(r"^-- $", re.MULTILINE)
_SHORTEST = 3  # letters of a part of a name


def telling(text: str, names: Sequence[str], organisation: str | None = None) -> tuple[str, ...]:
    """The passages that tell who wrote, as they stand in the text: of `names` also single parts."""
    signed = ["-- "] if _SIGNATURE.search(text) else []
    found = [*_named(text, names), *_EMAIL.findall(text), *_phones(text), *signed]
    if organisation and _plain(organisation) in _plain(text):
        found.append(organisation)
    return tuple(dict.fromkeys(found))[:_MOST]


def _phones(text: str) -> Iterator[str]:
    for found in _PHONE.finditer(text):
        if sum(character.isdigit() for character in found[0]) >= _FEWEST_DIGITS:
            yield found[0]


def _named(text: str, names: Sequence[str]) -> Iterator[str]:
    """Whole names wherever they stand, parts of them where they stand as words."""
    plain = _plain(text)
    words = set(re.findall(r"\w+", plain))
    for name in filter(None, map(str.strip, names)):
        if _plain(name) in plain:
            yield name
            continue
        yield from (part for part in re.findall(r"\w+", name) if len(part) >= _SHORTEST and _plain(part) in words)


def _plain(value: str) -> str:
    """Without capitals and accents."""
    apart = unicodedata.normalize("NFKD", value.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))
