"""What all agree on: over everybody at once, and group by group."""

from collections.abc import Sequence

import numpy as np

from app.synthesis.opinion.tallies import SURE, Numbers, Tally, most_z, share

MOST = 5


def consensus(statements: Sequence[int], everybody: Tally) -> tuple[list[int], list[int]]:
    """At most five statements that more than half agree with, and five that more than half disagree with."""
    agreed = _surest(statements, everybody.agrees, everybody.seen)
    return agreed, _surest(statements, everybody.disagrees, everybody.seen)


def group_informed(groups: Sequence[Tally]) -> Numbers:
    """For each statement the product of all groups' shares of agreement: low as soon as one group does not agree."""
    product: Numbers = np.prod([share(each.agrees, each.seen) for each in groups], axis=0)
    return product


def _surest(statements: Sequence[int], some: Numbers, seen: Numbers) -> list[int]:
    z = most_z(some, seen)
    order = np.argsort(-share(some, seen) * z, kind="stable")
    return [statements[column] for column in order if z[column] > SURE][:MOST]
