"""Groups of people who stand near each other, and names for them that last."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, pairwise_distances_chunked

FEWEST, MOST = 2, 5
_STARTS, _SEED = 10, 0
_PLACES = 9
_MEGABYTES = 32  # of distances held at a time

Labels = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A label for each person, 0 for the largest group, and the silhouette (-1 to 1) of each number of groups tried."""

    labels: Labels
    silhouettes: Mapping[int, float]


def grouped(points: NDArray[np.float64], smallest: int = 1) -> Grouping:
    """Groups of people by where they stand (people by axes): k-means, k from 2 to 5, the one with the best silhouette.

    Only numbers of groups count with which each has `smallest` people. Where no two groups can be told apart, everybody
    is in one.
    """
    points = points.round(_PLACES)  # who took the same positions stands in the same place, whatever the last digits say
    most = min(MOST, len(np.unique(points, axis=0)), len(points) - 1)
    found = (
        KMeans(k, n_init=_STARTS, random_state=_SEED).fit(points).labels_.astype(np.int32)
        for k in range(FEWEST, most + 1)
    )
    tried = [labels for labels in found if np.bincount(labels).min() >= smallest]
    if not tried:
        return Grouping(np.zeros(len(points), dtype=np.int32), {})
    silhouettes = _silhouettes(points, tried)
    numbers = [int(labels.max()) + 1 for labels in tried]
    return Grouping(_by_size(tried[int(np.argmax(silhouettes))]), dict(zip(numbers, silhouettes, strict=True)))


def relabelled(groups: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, str]:
    """The same groups, each named as the earlier one it shares most people with, so that a name means the same people.

    No name is given twice: of all ways to match, the one in which most people keep theirs (Kuhn 1955, “Hungarian”). A
    group that shares nobody gets a number that was no name before.
    """
    overlap = Counter((groups[person], label) for person, label in earlier.items() if person in groups)
    new, old = sorted(set(groups.values())), sorted(set(earlier.values()))
    shared = np.array([[overlap[group, label] for label in old] for group in new]).reshape(len(new), len(old))
    matched = zip(*linear_sum_assignment(shared, maximize=True), strict=True)
    names = {new[row]: old[column] for row, column in matched if shared[row, column]}
    free = (name for name in map(str, count()) if name not in old)
    names |= {group: next(free) for group in new if group not in names}
    return {person: names[group] for person, group in groups.items()}


def likeness(groups: Mapping[str, str], others: Mapping[str, str]) -> float | None:
    """How alike two ways to group people are, for those who are in both: 1 the same, about 0 by chance.

    It is the Rand index, adjusted for chance (Hubert and Arabie 1985). None where nobody is in both.
    """
    if not (both := sorted(groups.keys() & others.keys())):
        return None
    return float(adjusted_rand_score([groups[person] for person in both], [others[person] for person in both]))


def _by_size(labels: Labels) -> Labels:
    """The same groups, numbered from the largest down; of equals, the one whose first person comes first."""
    _found, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    ranks = np.empty(len(sizes), dtype=np.int32)
    ranks[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return ranks[labels]


def _silhouettes(points: NDArray[np.float64], groupings: Sequence[Labels]) -> list[float]:
    """The mean silhouette of each grouping (Rousseeuw 1987), as scikit-learn has it, but with distances taken once.

    They are most of the work: a hundred million for 10,000 people.
    """
    members = [np.eye(labels.max() + 1)[labels] for labels in groupings]
    together = np.hstack(members)
    sums = np.vstack(
        list(
            pairwise_distances_chunked(
                points, reduce_func=lambda distances, _start: distances @ together, working_memory=_MEGABYTES
            )
        )
    )
    split = np.split(sums, np.cumsum([each.shape[1] for each in members])[:-1], axis=1)
    return [_silhouette(own, labels) for own, labels in zip(split, groupings, strict=True)]


def _silhouette(sums: NDArray[np.float64], labels: Labels) -> float:
    """Of the sums of distances from each person to each group. Who is alone in a group counts as 0."""
    people, sizes = np.arange(len(labels)), np.bincount(labels)
    within = sums[people, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / sizes
    means[people, labels] = np.inf
    nearest = means.min(axis=1)
    widest = np.maximum(within, nearest)
    values = np.divide(nearest - within, widest, out=np.zeros(len(labels)), where=(widest > 0) & (sizes[labels] > 1))
    return float(values.mean())
