"""Where each person stands: positions on many statements, seen from the two sides that tell most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from app.synthesis.opinion.positions import UNSEEN, Positions

AXES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """`points`, people by two axes, and the share (0 to 1) of all variance that the axes show.

    Where all positions are alike there is no variance and no share, and everybody stands in the middle. So does a
    person without a position, and it means nothing.
    """

    points: NDArray[np.float64]
    share: float | None


def projected(positions: Positions) -> Projection:
    """The people on the first two principal components.

    An unseen statement counts as its mean, for the components only. That keeps who saw little near the middle for no
    better reason: so each projection is scaled by the square root of statements / statements seen.
    """
    filled = _with_means(positions)
    points = np.zeros((len(positions.people), AXES))
    if not filled.size or not np.ptp(filled, axis=0).any():
        return Projection(points, None)
    people, statements = filled.shape
    # Both solve exactly; the one goes by statements squared, the other by people squared.
    solver = "covariance_eigh" if statements <= people else "full"
    components = PCA(min(AXES, people, statements), svd_solver=solver).fit(filled)
    found = components.transform(filled)
    points[:, : found.shape[1]] = found
    seen = positions.seen.sum(axis=1)
    points *= np.sqrt(statements / np.maximum(seen, 1))[:, np.newaxis]
    return Projection(points, float(components.explained_variance_ratio_.sum()))


def _with_means(positions: Positions) -> NDArray[np.float64]:
    """People by statements, with each statement's mean (0 where nobody saw it) in place of what is missing."""
    seen = positions.seen
    filled = np.where(seen, positions.cells, 0).astype(np.float64)
    means = filled.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    np.copyto(filled, means, where=positions.cells == UNSEEN)
    return filled
