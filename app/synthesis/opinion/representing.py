"""What a group says that others say less: its representative statements, chosen as Polis does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.synthesis.opinion.tallies import SURE, Numbers, Tally, more_z, most_z, share

MOST = 5

Representative = tuple[int, str]  # a statement, and whether the group stands out by "agree" or by "disagree"


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One side (agreeing, or disagreeing) of a group, for each statement."""

    share: Numbers  # in the group
    ratio: Numbers  # to the share among the others
    most: Numbers  # z: more than half of the group
    more: Numbers  # z: more than among the others

    @property
    def sure(self) -> NDArray[np.bool_]:
        """Whether both tests say so."""
        both: NDArray[np.bool_] = (self.most > SURE) & (self.more > SURE)
        return both

    @property
    def weight(self) -> Numbers:
        """By which statements are put into order."""
        return self.ratio * self.more * self.share * self.most


def representative(statements: Sequence[int], group: Tally, others: Tally) -> list[Representative]:
    """At most five statements a group stands out by: those it agrees with first, then by weight.

    The statement it agrees with best is among them whether or not it is sure, so that a group is not told by what it
    refuses alone; and where nothing is sure and nothing agreed with, the one that sets it apart most.
    """
    agree = _side(group.agrees, group.seen, others.agrees, others.seen)
    disagree = _side(group.disagrees, group.seen, others.disagrees, others.seen)
    by_agreement = agree.more > disagree.more
    weights = np.where(by_agreement, agree.weight, disagree.weight)
    told = group.agrees + group.disagrees > 0
    best = _best_agreed(agree, told)
    sure = [int(column) for column in np.flatnonzero(agree.sure | disagree.sure) if column != best]
    chosen = ([] if best is None else [best]) + sorted(sure, key=lambda column: -weights[column])
    if not chosen and told.any():
        chosen = [int(np.argmax(np.where(told, np.maximum(agree.more, disagree.more), -np.inf)))]
    first = sorted(chosen[:MOST], key=lambda column: not by_agreement[column])
    return [(statements[column], "agree" if by_agreement[column] else "disagree") for column in first]


def _side(some: Numbers, seen: Numbers, others: Numbers, others_seen: Numbers) -> _Side:
    within = share(some, seen)
    return _Side(
        within, within / share(others, others_seen), most_z(some, seen), more_z(some, seen, others, others_seen)
    )


def _best_agreed(agree: _Side, told: NDArray[np.bool_]) -> int | None:
    """The column of the statement that the group agrees with best.

    While the best so far sets the group apart, a better one has more weight; else it is agreed with more surely.
    """
    best: int | None = None
    weight, plain = agree.weight, agree.share * agree.most
    acceptable = (agree.most > SURE) | ((agree.ratio > 1) & (agree.share > 0.5))
    for column in np.flatnonzero(told):
        if best is None:
            better = acceptable[column]
        elif agree.ratio[best] > 1:
            better = weight[column] > weight[best]
        else:
            better = plain[column] > plain[best]
        if better:
            best = int(column)
    return best
