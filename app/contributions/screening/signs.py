"""The signs, and those that a text itself shows: many links with few words, words that moderators want to look at."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any

from app.consultations.definition import Screening
from app.consultations.definition_types import EVERY_LANGUAGE
from app.contributions.screening.fingerprints import length, words_of

FIRST = "first"
SIGNS = (
    FIRST,  # nothing by this person is public yet, and the consultation wants to see first contributions
    "links",  # too many links, or too few words to them
    "words",  # words that the consultation lists
    "repeated",  # the same text came before, from somebody else or again and again
    "removed",  # much like a text that moderators removed
    "rate",  # very many texts from a new account
    "honeypot",  # a field was filled in that no person sees
    "untrimmed",  # it came by mail, and may hold what its author quoted, or a signature
)

_FREE_LINKS = 2  # with however few words
_WORDS_TO_A_LINK = 6

_ADDRESS = re.compile(r'href="([^"]*)"')
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WITHIN_WORDS = re.compile(r"</?(?:em|strong|s|code)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that was noticed. `detail` says more to moderators, and quotes nothing of the text."""

    name: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as a reader sees it: its words without addresses, everything to look for words in, and its links."""

    words: Sequence[str]
    all_words: Sequence[str]
    links: int


def seen(title: str | None, html: str) -> Seen:
    """What a reader sees of a text, whatever its Markdown hides between letters."""
    addresses = _ADDRESS.findall(html)
    plain = unescape(_TAG.sub(" ", _WITHIN_WORDS.sub("", html)))
    words = words_of(_URL.sub(" ", plain))
    return Seen(words, [*words_of(f"{title or ''}\n{unescape(' '.join(addresses))}"), *words], len(addresses))


def shown_by(text: Seen, policy: Screening, language: str) -> Iterator[Sign]:
    """The signs that a text shows by itself."""
    words = length(text.words)
    if text.links > policy.most_links or (text.links > _FREE_LINKS and words < text.links * _WORDS_TO_A_LINK):
        yield Sign("links", {"links": text.links, "words": words})
    found = _listed(text.all_words, policy, language) if policy.words else []
    if found:
        yield Sign("words", {"words": found})


def _listed(words: Sequence[str], policy: Screening, language: str) -> list[str]:
    """The entries of the lists for this language, and for every language, that the text holds."""
    whole = f" {' '.join(words)} "
    tags = dict.fromkeys((EVERY_LANGUAGE, language, language.split("-")[0]))
    return [entry for tag in tags for entry in policy.words.get(tag, ()) if _pattern(entry) in whole]


@lru_cache(maxsize=20_000)
def _pattern(entry: str) -> str:
    """An entry as it stands among words; with a `*` at its end, as the beginning of one."""
    return f" {' '.join(words_of(entry))}" + ("" if entry.endswith("*") else " ")
