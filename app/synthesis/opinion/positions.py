"""Who took which position on which statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AGREE, PASS, DISAGREE = 1, 0, -1
UNSEEN = -128
ENOUGH = 7  # positions that place a person well enough to be put into a group, where there are as many statements


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """A table of people by statements. `cells` has its shape, and holds AGREE, PASS, DISAGREE or UNSEEN."""

    people: Sequence[str]
    statements: Sequence[int]
    cells: NDArray[np.int8]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Where a position was taken: people by statements."""
        seen: NDArray[np.bool_] = self.cells != UNSEEN
        return seen

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Who took at least 7 positions, or one on each statement where there are fewer: one for each person."""
        taken = self.seen.sum(axis=1)
        enough: NDArray[np.bool_] = (taken >= min(ENOUGH, len(self.statements))) & (taken > 0)
        return enough

    def without(self, left_out: Collection[int]) -> "Positions":
        """The same people, without some statements. Ids that are not among the statements change nothing."""
        kept = [column for column, statement in enumerate(self.statements) if statement not in left_out]
        return Positions(self.people, [self.statements[column] for column in kept], self.cells[:, kept])
