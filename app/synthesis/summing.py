"""What of positions may be public: sums, of enough people each. Pure: positions in, JSON out.

Nothing at all below 15 people; nothing of fewer than five. docs/opinion.md says so to those who take part.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.synthesis.mapping import Mapped, Positions

FEWEST = 15  # people, from whom on anything is shown
SMALLEST = 5  # people of a group, of any sum, or of a place on the map
_GRID = 4  # places from the middle of the map to its edge
_MOST = 5  # recommendations in a list
_SURE = 1.2816  # z of a one-sided test at 90 %, as the map has it
_WORDS = {1: "agree", -1: "disagree", 0: "pass"}

Cells = Sequence[Sequence[int | None]]
Counts = dict[str, int]


def too_few(people: int) -> dict[str, Any]:
    """What is public below 15 people: how many there are, in fives."""
    return _whole("few", people // SMALLEST * SMALLEST)


def known_enough(positions: Positions) -> list[int]:
    """The columns of the recommendations that enough people took a position on."""
    columns = range(len(positions.statements))
    return [at for at in columns if sum(row[at] is not None for row in positions.cells) >= SMALLEST]


def summed(positions: Positions, state: str) -> dict[str, Any]:
    """What everybody says together. `state`: `totals` where no groups can be told apart, or `unavailable`."""
    totals = _totals(positions, positions.cells)
    common = {word: _surely(totals, word) for word in ("agree", "disagree")}
    return _whole(state, len(positions.cells)) | {"totals": totals, "common": common}


def grouped(positions: Positions, found: Mapped, earlier: dict[str, Any] | None) -> dict[str, Any] | None:
    """The same, and what each group says. None where there are not two groups of enough people.

    `earlier` is the map of before: the new one is turned so that its groups are where they were.
    """
    sizes = Counter(label for label in found.labels if label is not None)
    if len(sizes) < 2 or sum(sizes.values()) < FEWEST or min(sizes.values()) < SMALLEST:
        return None
    own = {label: _totals(positions, _of(positions.cells, found.labels, label)) for label in sorted(sizes, key=int)}
    told = _told_apart(own.values())
    informed = dict(zip(positions.statements, found.informed, strict=True))
    places = _places(found, earlier)
    return summed(positions, "groups") | {
        "common": {word: _in_all(own.values(), told, word, informed) for word in ("agree", "disagree")},
        "groups": [
            {
                "label": letter(label), "people": sizes[label],
                **_centre([place for place, other in zip(places, found.labels, strict=True) if other == label]),
                "stands_out": _stands_out(totals, found.representative.get(label, ()), told),
                "totals": [each for each in totals if _id(each) in told],
            }
            for label, totals in own.items()
        ],
        "map": {"share": round(found.share or 0.0, 2), "dots": _dots(places, found.labels)},
    }  # fmt: skip


def _whole(state: str, people: int) -> dict[str, Any]:
    """All that the record commits to, with nothing in it."""
    nothing: dict[str, list[int]] = {"agree": [], "disagree": []}
    return {"state": state, "people": people, "totals": [], "common": nothing, "groups": [], "map": None}


def _of(cells: Cells, labels: Sequence[str | None], label: str) -> Cells:
    return [row for row, other in zip(cells, labels, strict=True) if other == label]


def _totals(positions: Positions, cells: Cells) -> list[dict[str, int]]:
    counted = [Counter(row[at] for row in cells) for at in range(len(positions.statements))]
    return [
        {"recommendation": number, **{word: counts[value] for value, word in _WORDS.items()}}
        for number, counts in zip(positions.statements, counted, strict=True)
    ]


def _id(total: Counts) -> int:
    return total["recommendation"]


def _seen(total: Counts) -> int:
    return sum(total[word] for word in _WORDS.values())


def _told_apart(groups: Iterable[Sequence[Counts]]) -> frozenset[int]:
    """The recommendations that enough people of every group took a position on: what is withheld of one group could
    else be found by taking the others from the whole."""
    return frozenset(
        _id(totals[0]) for totals in zip(*groups, strict=True) if all(_seen(each) >= SMALLEST for each in totals)
    )


def _share(total: Counts, word: str) -> float:
    return (total[word] + 1) / (_seen(total) + 2)


def _surely(totals: Sequence[Counts], word: str) -> list[int]:
    """Consensus over everybody, as docs/opinion.md has it: what more than half say, surely."""

    def z(total: Counts) -> float:
        seen = _seen(total) + 1
        return 2 * math.sqrt(seen) * ((total[word] + 1) / seen - 0.5)

    order = sorted(totals, key=lambda total: -_share(total, word) * z(total))
    return [_id(total) for total in order if z(total) > _SURE][:_MOST]


def _in_all(
    groups: Iterable[Sequence[Counts]], told: frozenset[int], word: str, informed: dict[int, float]
) -> list[int]:
    """What most of every group say; agreement by group-informed consensus, disagreement likewise."""
    rows = [totals for totals in zip(*groups, strict=True) if _id(totals[0]) in told]
    said = [totals for totals in rows if all(_share(each, word) > 0.5 for each in totals)]
    product = {_id(totals[0]): math.prod(_share(each, word) for each in totals) for totals in said}
    worth = informed if word == "agree" else product
    return sorted(product, key=lambda number: -worth[number])[:_MOST]


def _stands_out(
    totals: Sequence[Counts], chosen: Sequence[tuple[int, str]], told: frozenset[int]
) -> list[dict[str, Any]]:
    """What a group says that others say less: how many of it, of how many."""
    by_number = {_id(total): total for total in totals}
    return [
        {"recommendation": number, "position": word, "count": by_number[number][word], "of": _seen(by_number[number])}
        for number, word in chosen
        if number in told
    ]


def letter(label: str) -> str:
    """How people read the label of a group: A, B, C."""
    return chr(ord("A") + int(label) % 26)


def _places(found: Mapped, earlier: dict[str, Any] | None) -> list[tuple[float, float]]:
    """Where everybody stands, from -1 to 1 on each axis; who stands far out stands at the edge."""
    points = [(x or 0.0, y or 0.0) for x, y in found.points]
    far = sorted(max(abs(x), abs(y)) for x, y in points)[int(len(points) * 0.95) - 1] or 1.0
    scaled = [(max(-1.0, min(1.0, x / far)), max(-1.0, min(1.0, y / far))) for x, y in points]
    before = {group["label"]: group for group in (earlier or {}).get("groups", ())}
    turns = [_turn(scaled, found.labels, before, axis) for axis in (0, 1)]
    return [(x * turns[0], y * turns[1]) for x, y in scaled]


def _turn(places: Sequence[tuple[float, float]], labels: Sequence[str | None], before: Any, axis: int) -> int:
    """-1 where an axis runs the other way than before: it has no direction of its own."""
    same = sum(
        place[axis] * before[letter(label)]["x" if axis == 0 else "y"]
        for place, label in zip(places, labels, strict=True)
        if label is not None and letter(label) in before
    )
    return -1 if same < 0 else 1


def _centre(places: Sequence[tuple[float, float]]) -> dict[str, float]:
    """The middle of a group, and how far its people stand from it: the root of the mean square."""
    x, y = (sum(place[axis] for place in places) / len(places) for axis in (0, 1))
    spread = math.sqrt(sum((place[0] - x) ** 2 + (place[1] - y) ** 2 for place in places) / len(places))
    return {"x": round(x, 2) + 0.0, "y": round(y, 2) + 0.0, "radius": round(spread, 2)}


def _dots(places: Sequence[tuple[float, float]], labels: Sequence[str | None]) -> list[dict[str, Any]]:
    """How many of a group stand in each place of a coarse grid, where they are five or more."""
    stand = Counter(
        (letter(label), round(x * _GRID) / _GRID + 0.0, round(y * _GRID) / _GRID + 0.0)
        for (x, y), label in zip(places, labels, strict=True)
        if label is not None
    )
    return [
        {"group": group, "x": x, "y": y, "people": people}
        for (group, x, y), people in sorted(stand.items())
        if people >= SMALLEST
    ]
