"""What groups tell, whoever made them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.synthesis.opinion.agreeing import consensus, group_informed
from app.synthesis.opinion.positions import Positions
from app.synthesis.opinion.representing import Representative, representative
from app.synthesis.opinion.tallies import tally


@dataclass(frozen=True, slots=True)
class Told:
    """What all agree and disagree with; the size of each group and what it stands out by.

    `informed` is the group-informed consensus (0 to 1) of each statement.
    """

    sizes: Mapping[str, int]
    agreed: Sequence[int]
    disagreed: Sequence[int]
    representative: Mapping[str, Sequence[Representative]]
    informed: Mapping[int, float]


def told(positions: Positions, groups: Mapping[str, str]) -> Told:
    """What these groups (a label for each person who is in one) tell.

    Consensus counts everybody. Groups are compared with all others that are in a group.
    """
    sizes = Counter(groups.values())
    names = sorted(sizes, key=_as_numbers)
    labels = np.array([groups.get(person) for person in positions.people], dtype=object)
    tallies = {name: tally(positions, labels == name) for name in names}
    together = tally(positions, np.isin(labels, names))
    agreed, disagreed = consensus(positions.statements, tally(positions))
    return Told(
        sizes={name: sizes[name] for name in names},
        agreed=agreed,
        disagreed=disagreed,
        representative={
            name: representative(positions.statements, own, together - own) for name, own in tallies.items()
        },
        informed=dict(zip(positions.statements, group_informed(list(tallies.values())), strict=True)) if names else {},
    )


def _as_numbers(label: str) -> tuple[bool, int, str]:
    """2 before 10, and both before A."""
    number = label.isdecimal()
    return not number, len(label) if number else 0, label
