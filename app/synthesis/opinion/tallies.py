"""How many agreed and disagreed, how large a share that is, and whether it is more than chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.synthesis.opinion.positions import AGREE, DISAGREE, Positions

SURE = 1.2816  # z of a one-sided test at 90 %

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Of some people: for each statement, how many agreed, disagreed, and saw it at all."""

    agrees: Numbers
    disagrees: Numbers
    seen: Numbers

    def __sub__(self, some: "Tally") -> "Tally":
        return Tally(self.agrees - some.agrees, self.disagrees - some.disagrees, self.seen - some.seen)


def tally(positions: Positions, people: NDArray[np.bool_] | None = None) -> Tally:
    """Everybody's positions counted, or those of the people who are True."""
    cells, seen = positions.cells, positions.seen
    if people is not None:
        cells, seen = cells[people], seen[people]
    counted = [(cells == AGREE).sum(axis=0), (cells == DISAGREE).sum(axis=0), seen.sum(axis=0)]
    return Tally(*(each.astype(np.float64) for each in counted))


def share(some: Numbers, seen: Numbers) -> Numbers:
    """Shares above 0 and below 1, drawn to the middle where few saw a statement: (some + 1) / (seen + 2)."""
    return (some + 1) / (seen + 2)


def most_z(some: Numbers, seen: Numbers) -> Numbers:
    """How surely more than half did: z of the test of one proportion, with one more person who did."""
    return 2 * np.sqrt(seen + 1) * ((some + 1) / (seen + 1) - 0.5)


def more_z(some: Numbers, seen: Numbers, others: Numbers, others_seen: Numbers) -> Numbers:
    """How surely more did here than among the others: z of the test of two proportions, one more who did in each."""
    some, seen, others, others_seen = some + 1, seen + 1, others + 1, others_seen + 1
    both = (some + others) / (seen + others_seen)
    error = np.sqrt(both * (1 - both) * (1 / seen + 1 / others_seen))
    difference = some / seen - others / others_seen
    return np.divide(difference, error, out=np.zeros_like(difference), where=error > 0)
