"""Fills a database with a consultation of any size: publishing itself writes the rows, two processes at a time."""

import asyncio
import multiprocessing
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.actions import complete_profile, make_key
from app.accounts.byline import Signature
from app.accounts.people import find_or_register
from app.accounts.profile_form import ProfileForm
from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.consultations.floor import Floor, consultation_id, floors_of
from app.contributions import bylines, publishing, writing
from app.contributions.models import Contribution, Revision
from app.contributions.submissions import Submission
from app.database import Database
from app.permissions import OPERATOR, Actor
from bench.texts import pool

SLUG = "mayoral-forum-2016"
THREAD = 100  # contributions in a thread
_BATCH = 2_000  # contributions published together
_NAMES = 2_000
_PLACES: tuple[dict[str, Any], ...] = (
    {"city": "Quezon City", "country": "PH", "role": "destination"}, {"city": None, "country": "MX", "role": "origin"},
    {"city": "Barcelona", "country": "ES", "role": "destination"}, {"city": "Quito", "country": "EC", "role": None},
)  # fmt: skip
_KINDS = (
    ("diaspora", "PH", "Asia"),
    ("rights", "MX", "Americas"),
    ("union", "ES", "Europe"),
    ("faith", "KE", "Africa"),
)
_ORGANISATIONS: tuple[dict[str, Any], ...] = tuple(
    {"organisation_id": UUID(int=number), "organisation_name": f"Sample network {number}", "organisation_kind": kind,
     "organisation_country": country, "organisation_region": region, "mandate": "claimed"}
    for number, (kind, country, region) in enumerate(_KINDS)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """How many threads of a hundred contributions there are, and how long the one long thread is."""

    threads: int
    long: int = 0

    @property
    def total(self) -> int:
        """All contributions."""
        return self.threads * THREAD + self.long


async def prepare(database: Database) -> list[str]:
    """Load the founding consultation, make eight participants, and return a key for each."""
    definition = parse((files("app.consultations") / "definitions" / f"{SLUG}.toml").read_text("utf-8"))
    keys = []
    async with database.writing() as session:
        await load_definition(session, OPERATOR, definition)
        for number in range(8):
            person, _new = await find_or_register(session, f"participant-{number}@example.org")
            await complete_profile(session, Actor(person=person), ProfileForm(name=f"Participant {number}"), True)
            keys.append((await make_key(session, OPERATOR, person, "bench", ["read", "write"]))[1])
    return keys


def fill(url: str, shape: Shape) -> None:
    """Fill the consultation, with two processes, and settle the database.

    The first ten threads are the same in every shape, and stand first: pages are compared across databases.
    """
    first, half = min(10, shape.threads), (10 + shape.threads + shape.long // THREAD) // 2
    _fill_here(url, range(first), 0)
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_fill_here, args=(url, *part))
        for part in ((range(first, half), 0), (range(half, shape.threads), shape.long))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("the database could not be filled")
    asyncio.run(_settle(url))


def _fill_here(url: str, threads: range, long: int) -> None:
    asyncio.run(_fill(url, threads, long))


async def _fill(url: str, threads: range, long: int) -> None:
    database = Database(url, pool=1)
    try:
        async with database.writing() as session:
            consultation = await consultation_id(session, SLUG)
            floors = list((await floors_of(session, consultation)).values())
            authors = await bylines.authors_named(session, consultation, [f"Participant N{n}" for n in range(_NAMES)])
        # Each statement commits by itself, so that nobody waits for the other's turn in the record.
        async with AsyncSession(database.singles) as session:
            for batch in _batches(_Writer(floors, list(authors.items())), threads, long):
                await publishing.publish_many(session, batch.texts, batch.sort_keys)
    finally:
        await database.close()


async def _settle(url: str) -> None:
    """Leave nothing for later that would disturb what is measured: statistics, hint bits, dirty pages."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM (ANALYZE)", timeout=1800)
        await connection.execute("CHECKPOINT", timeout=600)
    finally:
        await connection.close()


@dataclass(slots=True)
class _Batch:
    texts: list[tuple[Contribution, Revision, Floor]] = field(default_factory=list)
    sort_keys: dict[UUID, bytes] = field(default_factory=dict)  # of parents published before


def _batches(writer: "_Writer", threads: range, long: int) -> Iterator[_Batch]:
    batch = _Batch()
    for number in threads:
        chance = random.Random(number)
        batch.texts += writer.thread(chance, THREAD)
        if len(batch.texts) >= _BATCH:
            yield batch
            batch = _Batch()
    if batch.texts:
        yield batch
    yield from _long_thread(writer, long)


def _long_thread(writer: "_Writer", length: int) -> Iterator[_Batch]:
    """One thread in several batches: replies go to the root or to what is in the same batch."""
    chance, root = random.Random(-1), None
    for start in range(0, length, _BATCH):
        size = min(_BATCH, length - start)
        if root is None:
            texts = writer.thread(chance, size)
            root = texts[0][0]
            yield _Batch(texts)
        else:
            yield _Batch(writer.thread(chance, size + 1, root)[1:], {root.id: root.sort_key or b""})


class _Writer:
    """Writes threads: who, what and where is drawn by lot, and the same for the same lot."""

    def __init__(self, floors: list[Floor], authors: list[tuple[str, UUID]]) -> None:
        self._floors = sorted(floors, key=lambda floor: floor.topic_slug)
        self._authors = authors

    def thread(
        self, chance: random.Random, size: int, root: Contribution | None = None
    ) -> list[tuple[Contribution, Revision, Floor]]:
        """A root (or the given one, whose revision is then no matter) and replies beneath it, to a total of `size`."""
        floor = chance.choice(self._floors)
        if root is not None:
            floor = next(each for each in self._floors if each.topic == root.topic_id)
            texts = [(root, Revision(), floor)]
        else:
            texts = [(*self._text(chance, floor, None), floor)]
        while len(texts) < size:
            parent, *_rest = texts[0] if chance.random() < 0.4 else chance.choice(texts[-300:])
            texts.append((*self._text(chance, floor, parent), floor))
        return texts

    def _text(self, chance: random.Random, floor: Floor, parent: Contribution | None) -> tuple[Contribution, Revision]:
        id, (name, author) = clock.new_id(), chance.choice(self._authors)
        kind = "reply" if parent else chance.choice(("experience", "proposal", "question", "resource"))
        contribution = Contribution(
            id=id, consultation_id=floor.consultation, topic_id=floor.topic,
            thread_id=parent.thread_id if parent else id, parent_id=parent.id if parent else None,
            depth=parent.depth + 1 if parent else 0, author_id=author, kind=kind,
            channel=chance.choice(("web", "web", "web", "api", "meeting")), provenance=None,
            tags=["housing"] if chance.random() < 0.1 else [], latest=1, created=clock.now(),
        )  # fmt: skip
        text = chance.choice(pool())
        given = Submission(
            body=text.body, language=text.language, title=None if parent else text.title, kind=kind,
            questions=(min(floor.questions),) if chance.random() < 0.5 else (),
            places=(chance.choice(_PLACES),) if chance.random() < 0.3 else (),
        )  # fmt: skip
        shown = bylines.shown(*self._signature(chance, name, author))
        return contribution, writing.new_revision(contribution, 1, given, shown, html=text.html)

    def _signature(self, chance: random.Random, name: str, author: UUID) -> tuple[str, UUID, Signature]:
        if chance.random() < 0.5:
            return ("full" if chance.random() < 0.8 else "anonymous"), author, Signature(name, "personal")
        signature = Signature(name, "organisation", **chance.choice(_ORGANISATIONS))
        return chance.choice(("full", "organisation")), author, signature
