"""Which names of organisations may be one organisation's: for organisers, who know, to say so or not.

What differs in case, accents or legal form alone is one already (`accounts/organisation_names.py`).
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import combinations

from app.accounts.organisation_names import matched
from app.readings.organisations import OrganisationView

_COMPARED = 250  # those that are heard most: each is compared with each other
_MOST = 20
_SMALL_WORDS = frozenset((
    "of", "the", "and", "for", "de", "la", "le", "les", "des", "du", "et", "y", "e", "da", "do", "der", "die", "das",
    "und", "fur", "в", "и", "на", "по",
))  # fmt: skip
_ENOUGH = 0.82

Pair = tuple[OrganisationView, OrganisationView]


def alike(listed: Sequence[OrganisationView]) -> list[Pair]:
    """Pairs that look alike, the likeliest first; of each pair first the one that is heard less."""
    heard = sorted(listed, key=lambda each: (-each.texts - each.endorsements, each.name))[:_COMPARED]
    keys = {each.id: matched(each.name) for each in heard}
    weighed = [(_likeness(keys[one.id], keys[other.id]), other, one) for one, other in combinations(heard, 2)]
    likely = sorted((each for each in weighed if each[0] >= _ENOUGH), key=lambda each: (-each[0], each[1].name))
    return [(less, more) for _weight, less, more in likely[:_MOST]]


def _likeness(one: str, other: str) -> float:
    """From 0, nothing alike, to 1."""
    words, others = set(one.split()), set(other.split())
    if _is_short_for(one, other) or _is_short_for(other, one):
        return 0.99
    smaller = min(words, others, key=len)
    if len(smaller - _SMALL_WORDS) > 1 and smaller == words & others:
        return 0.9  # one has a word or two more
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ENOUGH or matcher.quick_ratio() < _ENOUGH:
        return 0.0
    return matcher.ratio()


def _is_short_for(short: str, long: str) -> bool:
    """Whether a name of one word is the initials of the other, or stands in it as a word of its own."""
    words = long.split()
    if " " in short or len(words) < 2 or len(short) < 2:
        return False
    initials = "".join(word[0] for word in words)
    without_small = "".join(word[0] for word in words if word not in _SMALL_WORDS)
    return short in (initials, without_small) or (len(short) > 2 and short == words[-1])
