"""Import contributions that were written elsewhere: published at once, with their dates and where they come from.

The surface reads a file into a `Plan`, and `arrivals` out of it; `take_in` is the action, called for one batch after
another, each in a transaction of its own. What was taken in before is left as it is: an import can be stopped and run
again.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock, errors
from app.accounts.byline import Signature
from app.consultations.floor import Floor, floors_of
from app.contributions import bylines, depositing, publishing, writing
from app.contributions.arrivals import Arrival, arrival
from app.contributions.import_plan import Plan, Row
from app.contributions.models import Contribution, Revision
from app.contributions.placing import Place
from app.language import gettext as _
from app.permissions import Actor, Thing, require

BATCH = 500  # rows of one transaction: while it is written, other writers of the consultation wait

Refused = Callable[[int, str], None]


async def know_present(session: AsyncSession, consultation: UUID, plan: Plan) -> None:
    """Tell the plan which of the ids that it mentions were imported into this consultation before."""
    root = aliased(Contribution)
    query = select(Contribution.external_id, root.external_id).join(root, root.id == Contribution.thread_id)
    for start in range(0, len(plan.ids), 10_000):
        rows = await session.execute(query.where(*_known_as(consultation, plan.ids[start : start + 10_000])))
        plan.know((id, root_id or id) for id, root_id in rows if id)


def arrivals(
    plan: Plan, read: Callable[[Row], Mapping[str, Any]], language: str, source: str, refused: Refused
) -> Iterator[Arrival]:
    """The plan's rows that are new and can be taken. `read` gives a row's columns; `refused` hears line and reason."""
    for row, found in looked_at(plan, read, language, source):
        if isinstance(found, Arrival):
            yield found
        else:
            refused(row.line, "; ".join(f"{column}: {fault}" for column, fault in found.items()))


def looked_at(
    plan: Plan, read: Callable[[Row], Mapping[str, Any]], language: str, source: str
) -> Iterator[tuple[Row, Arrival | Mapping[str, str]]]:
    """The plan's rows that are new, each with what it will be or with what is wrong in its columns."""
    for row in plan.order():
        if plan.is_taken(row.node):
            continue
        try:
            stand = plan.stand(row.node)
            made = arrival(read(row), stand, language, source, plan.questions)
        except errors.Invalid as invalid:
            plan.refuse(row.node)
            yield row, invalid.fields
        else:
            plan.take(row.node, stand)
            yield row, made


async def take_in(session: AsyncSession, actor: Actor, consultation: UUID, batch: Sequence[Arrival]) -> int:
    """Publish checked rows, each after what it replies to. Returns how many of them were new.

    Raises Conflict where a parent is gone that was there when the import was planned.
    """
    require(actor, "consultation.import", Thing(consultation))
    await _wait_for_others(session, consultation)
    known = await places(session, consultation, [arrival.id for arrival in batch])
    new = [arrival for arrival in batch if arrival.id not in known]
    if not new:
        return 0
    known |= await places(session, consultation, {each.stand.parent for each in new if each.stand.parent}, held=True)
    floors = await floors_of(session, consultation)
    authors = await bylines.authors_named(session, consultation, [each.author for each in new if each.author])
    sort_keys = {place.id: place.sort_key for place in known.values()}
    texts, agreed = [], []
    for each in new:
        parent, floor = _parent_and_floor(each, known, floors)
        contribution, revision = _compose(each, parent, floor, authors)
        # Its number and sort key are given when all of the batch are published; replies in the batch need neither.
        known[each.id] = Place(contribution.id, 0, floor.topic, contribution.thread_id, contribution.depth, b"")
        texts.append((contribution, revision, floor))
        agreed += [contribution.id] if each.deposit else []
    await depositing.keep_many(session, actor.person, consultation, agreed)
    await publishing.publish_many(session, texts, sort_keys)
    return len(new)


async def new_among(session: AsyncSession, consultation: UUID, ids: Collection[str]) -> frozenset[str]:
    """Those of the ids that no imported text has yet, nor will before this transaction ends."""
    await _wait_for_others(session, consultation)
    return frozenset(ids) - (await places(session, consultation, ids)).keys()


async def _wait_for_others(session: AsyncSession, consultation: UUID) -> None:
    """Two imports of the same file at once: the second finds everything present."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import:{consultation}", 0))))


async def places(
    session: AsyncSession, consultation: UUID, names: Collection[str], *, held: bool = False
) -> dict[str, Place]:
    """Where the imported texts with these ids stand, those that are no longer public among them; with `held` nobody
    moves them until the transaction ends."""
    columns = (Contribution.external_id, Contribution.id, Contribution.number, Contribution.topic_id,
               Contribution.thread_id, Contribution.depth, Contribution.sort_key)  # fmt: skip
    query = select(*columns).where(*_known_as(consultation, names))
    if held:  # as their replies' foreign keys will hold them
        query = query.order_by(Contribution.id).with_for_update(read=True, key_share=True)
    rows: Any = await session.execute(query)
    return {name: Place(*place) for name, *place in rows}


def _known_as(consultation: UUID, names: Collection[str]) -> tuple[Any, ...]:
    given = literal(list(names), ARRAY(Text()))
    return (
        Contribution.consultation_id == consultation,
        Contribution.external_id == any_(given),
        Contribution.number.is_not(None),
    )


def _parent_and_floor(
    given: Arrival, places: Mapping[str, Place], floors: Mapping[UUID, Floor]
) -> tuple[Place | None, Floor]:
    if given.stand.parent is None:
        return None, next(floor for floor in floors.values() if floor.topic_slug == given.stand.topic)
    parent = places.get(given.stand.parent)
    if parent is None:
        raise errors.Conflict(_("“%(id)s” is no longer there. Run the import again.", id=given.stand.parent))
    return parent, floors[parent.topic_id]


def _compose(
    given: Arrival, parent: Place | None, floor: Floor, authors: Mapping[str, UUID]
) -> tuple[Contribution, Revision]:
    id, author = clock.new_id(), authors.get(given.author or "")
    contribution = Contribution(
        id=id, consultation_id=floor.consultation, topic_id=floor.topic, thread_id=parent.thread_id if parent else id,
        parent_id=parent.id if parent else None, depth=parent.depth + 1 if parent else 0, author_id=author,
        kind=given.given.kind, channel="process", provenance=given.provenance, external_id=given.id, tags=[], latest=1,
        created=given.created,
    )  # fmt: skip
    if author is None:
        shown: dict[str, Any] = {"byline": "anonymous", "capacity": "personal"}
    else:
        shown = bylines.shown("full", author, Signature(author_name=given.author or "", capacity="personal"))
    asked = tuple(each for each in given.given.questions if each in floor.questions)  # a reply's topic is its thread's
    said = replace(given.given, questions=asked)
    revision = writing.new_revision(contribution, 1, said, shown, html=given.html)
    revision.created = given.created
    return contribution, revision
