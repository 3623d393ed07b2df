"""What changed between two versions of a text, word by word."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

_ROUNDS = 6  # of looking for what holds two texts together, each within what the one before has left


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """What changed, word by word: pairs of `same`, `removed` or `added` and the words.

    Words that each text has once hold the two together; between them, what begins and ends alike is the same. So the
    time does not grow with the square of the length, whatever is compared: difflib needs a minute for "a b a b …".
    """
    before, after = (re.findall(r"\s+|[^\s]+", text) for text in (old, new))
    parts: list[tuple[str, str]] = []
    a = b = 0
    for c, d, length in _runs(before, after):
        parts += [(act, "".join(words)) for act, words in (("removed", before[a:c]), ("added", after[b:d])) if words]
        if length:
            parts.append(("same", "".join(before[c : c + length])))
        a, b = c + length, d + length
    return parts


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int]]:
    """Where the two are the same, in order: positions in both, and how many words; the ends, with none, at last."""
    matched = sorted({*_matches(before, after, 0, len(before), 0, len(after), _ROUNDS)})
    matched.append((len(before), len(after)))
    start = 0
    for here in range(1, len(matched)):
        (a, b), (c, d) = matched[here - 1], matched[here]
        if (c - a, d - b) != (1, 1):
            yield *matched[start], here - start
            start = here
    a, b = matched[start]
    yield a, b, len(matched) - 1 - start
    yield len(before), len(after), 0


def _matches(
    before: list[str], after: list[str], a: int, a_end: int, b: int, b_end: int, rounds: int
) -> Iterator[tuple[int, int]]:
    """Pairs of positions that hold the same word, none crossing another (patience diff)."""
    while a < a_end and b < b_end and before[a] == after[b]:
        yield a, b
        a, b = a + 1, b + 1
    while a < a_end and b < b_end and before[a_end - 1] == after[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
        yield a_end, b_end
    if not rounds or a == a_end or b == b_end:
        return
    anchors = _anchors(before, after, a, a_end, b, b_end)
    for c, d in [*anchors, (a_end, b_end)] if anchors else ():
        yield from _matches(before, after, a, c, b, d, rounds - 1)
        if c < a_end:
            yield c, d
        a, b = c + 1, d + 1


def _anchors(
    before: list[str], after: list[str], a: int, a_end: int, b: int, b_end: int
) -> list[tuple[int, int]]:  # fmt: skip
    """Words that both ranges hold exactly once, as many as stand in the same order in both."""
    ours, theirs = Counter(before[a:a_end]), Counter(after[b:b_end])
    where = {after[d]: d for d in range(b, b_end) if theirs[after[d]] == 1}
    found = [(c, where[before[c]]) for c in range(a, a_end) if ours[before[c]] == 1 and before[c] in where]
    ends: list[int] = []  # the lowest position that an ordered chain of each length can end with
    chain: list[tuple[int, int, int]] = []  # of each found one: where it is in the chain, and its positions
    for c, d in found:
        length = bisect_left(ends, d)
        ends[length : length + 1] = [d]
        chain.append((length, c, d))
    anchors: list[tuple[int, int]] = []
    wanted, below = len(ends) - 1, b_end
    for length, c, d in reversed(chain):
        if length == wanted and d < below:
            anchors.append((c, d))
            wanted, below = wanted - 1, d
    return anchors[::-1]
