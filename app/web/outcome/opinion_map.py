"""The opinion map as a picture: a circle for each group, a dot where five or more of its people stand.

Geometry only: the template draws it, the style sheet gives it its colours. Its axes have no meaning and no direction,
so it is the same in every script.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 480, 360
_ACROSS, _DOWN = 190, 140  # from the middle to where the outermost people stand
_LEAST = 22.0  # of a circle, so that its letter has room
_DOT = 3.2  # of a dot for one person


@dataclass(frozen=True, slots=True)
class Circle:
    """A group or a dot of it: where, how large, and of whom."""

    label: str
    people: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn; `share` is the part of the differences that two axes show, in hundredths."""

    groups: Sequence[Circle]
    dots: Sequence[Circle]
    share: int


def picture(groups: Sequence[Mapping[str, Any]], drawn: Mapping[str, Any]) -> Picture:
    """The picture of a map as it is published."""
    return Picture(
        [
            Circle(each["label"], each["people"], *_place(each), max(_LEAST, round(each["radius"] * _ACROSS, 1)))
            for each in groups
        ],
        [
            Circle(each["group"], each["people"], *_place(each), round(_DOT * math.sqrt(each["people"]), 1))
            for each in drawn["dots"]
        ],
        round(drawn["share"] * 100),
    )


def _place(each: Mapping[str, Any]) -> tuple[float, float]:
    return round(WIDTH / 2 + each["x"] * _ACROSS, 1), round(HEIGHT / 2 - each["y"] * _DOWN, 1)
