"""The map as a whole, and the JSON it is published as."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from app.synthesis.opinion.grouping import grouped, likeness, relabelled
from app.synthesis.opinion.positions import Positions
from app.synthesis.opinion.projecting import projected
from app.synthesis.opinion.telling import Told, told

_OF_PRODUCTS, _OF_MEASURES = 9, 6  # decimal places; of what is measured, machines differ in those beyond


@dataclass(frozen=True, slots=True)
class Person:
    """Where somebody stands, None without a position, and in which group, None with too few positions."""

    x: float | None
    y: float | None
    group: str | None


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """Who stands where, the groups found, and what they tell.

    Participants, statements and votes are counted before anything is left out; all else is after. `enough` is how many
    have enough positions to be in a group, `share` the part of the variance that the two axes show.
    """

    participants: int
    statements: int
    votes: int
    left_out: Sequence[int]
    enough: int
    share: float | None
    silhouettes: Mapping[int, float]
    people: Mapping[str, Person]
    told: Told

    @property
    def groups(self) -> dict[str, str]:
        """Who is in which group."""
        return {person: found.group for person, found in self.people.items() if found.group is not None}


def opinion_map(
    positions: Positions, left_out: Collection[int] = (), earlier: Mapping[str, str] | None = None, smallest: int = 1
) -> OpinionMap:
    """The map of these positions without some statements. Groups are named like the earlier ones that they continue,
    and each has `smallest` people at least."""
    kept = positions.without(left_out)
    with threadpool_limits(1):  # threads add up in no certain order, and the same positions must give the same map
        projection = projected(kept)
        enough = kept.enough
        grouping = grouped(projection.points[enough], smallest)
    members = [person for person, known in zip(kept.people, enough, strict=True) if known]
    groups = relabelled(dict(zip(members, map(str, grouping.labels), strict=True)), earlier or {})
    return OpinionMap(
        participants=len(positions.people),
        statements=len(positions.statements),
        votes=int(positions.seen.sum()),
        left_out=sorted(left_out),
        enough=len(groups),
        share=projection.share,
        silhouettes=grouping.silhouettes,
        people=_placed(kept, projection.points, groups),
        told=told(kept, groups),
    )


def _placed(positions: Positions, points: NDArray[np.float64], groups: Mapping[str, str]) -> dict[str, Person]:
    taken = positions.seen.sum(axis=1)
    return {
        person: Person(x, y, groups.get(person)) if some else Person(None, None, None)
        for person, some, (x, y) in zip(positions.people, taken, points.tolist(), strict=True)
    }


def document(found: OpinionMap, name: str, published: tuple[Mapping[str, str], Told] | None = None) -> dict[str, Any]:
    """The map as JSON; beside its own groups others that were published, and what those tell."""
    result: dict[str, Any] = {
        "name": name,
        "participants": found.participants,
        "statements": found.statements,
        "votes": found.votes,
        "moderated_out": list(found.left_out),
        "at_least_7_votes": found.enough,
        "variance_share_2pc": _measure(found.share),
        "group_sizes": dict(found.told.sizes),
        "given_groups": _telling(found.told),
    }
    clustering: dict[str, Any] = {
        "k": len(found.told.sizes),
        "silhouettes": {str(k): _measure(silhouette) for k, silhouette in found.silhouettes.items()},
    }
    if published:
        groups, telling = published
        result |= {"published_group_sizes": dict(telling.sizes), "given_published_groups": _telling(telling)}
        clustering |= {"k_published": len(telling.sizes), "ari_published": _measure(likeness(found.groups, groups))}
    people = {
        person: {"x": _measure(each.x), "y": _measure(each.y), "group": each.group}
        for person, each in found.people.items()
    }
    return result | {"clustering": clustering, "people": people}


def _telling(telling: Told) -> dict[str, Any]:
    return {
        "consensus": {"agree": list(telling.agreed), "disagree": list(telling.disagreed)},
        "representative": {group: [list(each) for each in chosen] for group, chosen in telling.representative.items()},
        "group_informed_consensus": {
            str(statement): round(float(value), _OF_PRODUCTS) for statement, value in telling.informed.items()
        },
    }


def _measure(value: float | None) -> float | None:
    return None if value is None else round(value, _OF_MEASURES) + 0.0  # no minus before a zero
