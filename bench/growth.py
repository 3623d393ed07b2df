"""(d) Growth: the same page and the same lists in a small and in a large database, and pages of one long thread."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count

import asyncpg

from bench.client import Client, Job
from bench.seeding import SLUG
from bench.stand import Stand
from bench.table import Line, median, ms

_ROUNDS = 5
_PAGES, _LISTS = 150, 150  # requests in a run
_MOST = 1.2
_FILTERS = (
    "sort=-number", "sort=updated", "sort=endorsements", "topic=inclusion", "kind=reply", "language=es",
    "country=PH", "organisation_kind=union", "question=inclusion.a", "tag=housing", "place=quito",
    "updated_since=2020-01-01T00:00:00Z", "topic=diasporas&language=es&sort=-number", "place=quito&kind=reply",
)  # fmt: skip

Case = tuple[str, Callable[[Stand], Sequence[str]], Callable[[Stand], Sequence[str]]]  # name, paths small and large


def measure(small: Stand, large: Stand, client: Client) -> tuple[str, list[Line]]:
    """The lines of this part."""
    fresh = map(str, count())  # pages are kept by address: an address that nobody used is built anew

    def thread(stand: Stand) -> list[str]:
        return [f"/c/{SLUG}/{stand.roots[0]}?fresh={next(fresh)}" for _ in range(_PAGES)]

    def listing(query: str = "") -> Callable[[Stand], Sequence[str]]:
        return lambda _stand: [f"/api/v1/consultations/{SLUG}/contributions?{query}"] * _LISTS

    def long(after: int | None) -> Callable[[Stand], Sequence[str]]:
        page = f"/c/{SLUG}/{large.long}?" + (f"after={after}&" if after else "")
        return lambda _stand: [f"{page}fresh={next(fresh)}" for _ in range(_PAGES)]

    cases: list[Case] = [("page of a thread of 100", thread, thread), ("list", listing(), listing())]
    cases += [(f"list, {query}", listing(query), listing(query)) for query in _FILTERS]
    if large.long is not None:
        middle, end = asyncio.run(_inside(large))
        thread_of = f"of a thread of {large.shape.long:,}"
        cases += [
            (f"first page {thread_of}, against one of 100", thread, long(None)),
            (f"page in the middle {thread_of}", thread, long(middle)),
            (f"page at the end {thread_of}", thread, long(end)),
        ]
    sizes = f"{small.shape.total:,} to {large.shape.total:,} contributions"
    return f"(d) growth from {sizes}, median of {_ROUNDS} rounds", _compared(cases, small, large, client)


def _compared(cases: Sequence[Case], small: Stand, large: Stand, client: Client) -> list[Line]:
    """Every case in every round, both databases in turn."""
    costs: list[list[tuple[float, float]]] = [[] for _ in cases]
    for turn in range(-1, _ROUNDS):
        for case, (_name, in_small, in_large) in enumerate(cases):
            pair = (_cost(small, in_small(small), client), _cost(large, in_large(large), client))
            if turn >= 0:  # the round before only warms up
                costs[case].append(pair)
    lines = []
    for (name, _small, _large), pairs in zip(cases, costs, strict=True):
        ratio = median([grown / base for base, grown in pairs])
        cost = median([grown for _base, grown in pairs])
        lines.append(Line(name, f"{cost:.2f} ms", "", f"{ratio:.2f}", f"at most {_MOST}", ratio <= _MOST))
    return lines


def _cost(stand: Stand, paths: Sequence[str], client: Client) -> float:
    """CPU milliseconds of each request, one after the other."""
    meter = stand.meter()
    answered = client.run(Job(stand.port, paths, headers={"Accept-Encoding": "identity"})).require(200)
    return ms(answered, meter.read())


async def _inside(stand: Stand) -> tuple[int, int]:
    """Numbers in the middle and near the end of the long thread, in reading order."""
    connection = await asyncpg.connect(stand.url)
    try:
        rows = await connection.fetch(
            "SELECT number FROM contributions WHERE thread_id = (SELECT thread_id FROM publications WHERE number = $1)"
            " AND number IS NOT NULL ORDER BY sort_key",
            stand.long,
        )
    finally:
        await connection.close()
    return rows[len(rows) // 2]["number"], rows[-150]["number"]
