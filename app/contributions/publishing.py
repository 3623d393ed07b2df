"""Into public and out of it again. Every change of what the public reads of a contribution passes through here.

All of it happens late in the transaction: the turn taken in the record keeps other writers of the consultation waiting
until the commit, and while it is held only publications and what goes with them are touched: no deadlocks.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.consultations.floor import Floor
from app.contributions import attaching, screening, translated
from app.contributions.detaching import forget_unlisted
from app.contributions.entries import committed, counted, entry_of, write
from app.contributions.models import Contribution, Fragment, Publication, Revision
from app.contributions.placing import Place, sort_key
from app.contributions.public_row import Columns, Support, columns, content, keep_at_hand, position
from app.contributions.reply_counts import count_replies, count_reply, replies_of
from app.contributions.search_texts import findable_of, finding, keep_facets, make_findable
from app.database.bulk import copy_in, insert_together


async def publish(
    session: AsyncSession, contribution: Contribution, revision: Revision, floor: Floor, parent: Place | None
) -> None:
    """First publication of what waited: it gets its number for ever. Appends `contribution.published`."""
    turn = await record.take_turn(session, "public", contribution.consultation_id, numbers=1)
    above = parent.sort_key if parent else None
    entry = _enter(contribution, revision, above, turn.seq, turn.number, clock.now())
    session.add_all((contribution, revision))
    await record.write(session, turn, [entry])
    await session.flush()
    await _add(session, columns(contribution, revision, floor, turn.seq))
    await count_reply(session, contribution.parent_id, +1, turn.seq)
    await make_findable(session, (contribution, revision))


async def publish_new(
    session: AsyncSession, contribution: Contribution, revision: Revision, floor: Floor, parent: Place | None
) -> None:
    """As `publish`, for a new text, in one statement: others wait until the commit, so what can be is made before."""
    found = findable_of(revision)
    turn = await record.take_turn(session, "public", contribution.consultation_id, numbers=1)
    above = parent.sort_key if parent else None
    draft = _enter(contribution, revision, above, turn.seq, turn.number, clock.now())
    its = columns(contribution, revision, floor, turn.seq)
    await insert_together(
        session, (Contribution, vars(contribution)), (Revision, vars(revision)), (Publication, its.publication),
        (Fragment, its.fragment), record.entry(turn, draft), also=finding(contribution, revision, found),
    )  # fmt: skip
    keep_at_hand(session, its.publication)
    await count_reply(session, contribution.parent_id, +1, turn.seq)


async def publish_many(
    session: AsyncSession, texts: Sequence[tuple[Contribution, Revision, Floor]], sort_keys: dict[UUID, bytes]
) -> None:
    """As `publish_new`, for many new texts of one consultation, each after what it replies to.

    It writes the same rows and entries, table by table. `sort_keys` has those of the parents that were public before.
    """
    turn = await record.take_turn(
        session, "public", texts[0][0].consultation_id, entries=len(texts), numbers=len(texts)
    )
    now, entries, fragments, rows = clock.now(), [], [], {}
    answered: dict[UUID, dict[str, Any]] = {}
    for index, (contribution, revision, floor) in enumerate(texts):
        seq, parent = turn.seq + index, contribution.parent_id
        above = sort_keys[parent] if parent else None
        entries.append(_enter(contribution, revision, above, seq, turn.number + index, now))
        sort_keys[contribution.id] = contribution.sort_key or b""
        its = columns(contribution, revision, floor, seq)
        rows[contribution.id] = Publication(**its.publication)
        fragments.append(Fragment(**its.fragment))
        if parent is None:
            continue
        if parent in rows:
            rows[parent].replies, rows[parent].seq = rows[parent].replies + 1, seq
        else:
            counted = answered.setdefault(parent, {"parent": parent, "more": 0})
            counted |= {"more": counted["more"] + 1, "last": seq}
    await copy_in(session, [contribution for contribution, _revision, _floor in texts])
    await copy_in(session, [revision for _contribution, revision, _floor in texts])
    await record.write(session, turn, entries)
    await copy_in(session, list(rows.values()))
    await copy_in(session, fragments)
    await make_findable(session, *((contribution, revision) for contribution, revision, _floor in texts))
    await count_replies(session, list(answered.values()))


async def revise(
    session: AsyncSession, contribution: Contribution, revision: Revision, floor: Floor,
    kind: str = "contribution.revised", **payload: Any,
) -> None:  # fmt: skip
    """A new revision takes the public one's place. Appends an entry of this kind."""
    before = await public_revision(session, contribution.id)
    await translated.follow(session, before, revision)
    turn = await record.take_turn(session, "public", contribution.consultation_id)
    contribution.updated, contribution.waits_since = clock.now(), None
    if before is not None:
        before.state = "superseded"
    _show(revision, turn.seq, contribution.updated)
    session.add(revision)
    await forget_unlisted(session, contribution)
    await write(session, turn, kind, contribution, **committed(revision), **payload)
    await _refresh(session, contribution, revision, floor, turn.seq)
    await make_findable(session, (contribution, revision))


async def update_public(
    session: AsyncSession, contribution: Contribution, floor: Floor, kind: str, **payload: Any
) -> None:
    """The public row follows a change that made no new revision: a byline lowered, an earlier revision erased.

    With a new `translation` the entry commits to its text.
    """
    revision = await public_revision(session, contribution.id)
    assert revision is not None  # published contributions have one
    turn = await record.take_turn(session, "public", contribution.consultation_id)
    contribution.updated = clock.now()
    if "attachments" in payload.get("changed", ()):
        payload["attachments"] = attaching.committed(revision)
    if "translation" in payload:
        payload["translation"].seq, payload["translation"] = turn.seq, payload["translation"].hash
    await write(session, turn, kind, contribution, **payload)
    await _refresh(session, contribution, revision, floor, turn.seq)


async def update_many(
    session: AsyncSession, changed: Sequence[tuple[Contribution, Floor]], what: Sequence[str]
) -> None:  # fmt: skip
    """As `update_public`, for many of one consultation, in one turn: `what` changed of each."""
    turn = await record.take_turn(session, "public", changed[0][0].consultation_id, entries=len(changed))
    for each, _floor in changed:
        each.updated = clock.now()
    entries = [entry_of("contribution.updated", each, changed=list(what)) for each, _floor in changed]
    await record.write(session, turn, entries)
    for index, (each, floor) in enumerate(changed):
        revision = await public_revision(session, each.id)
        assert revision is not None  # published contributions have one
        await _refresh(session, each, revision, floor, turn.seq + index)


async def replace(session: AsyncSession, moved: Sequence[tuple[Contribution, record.Draft]], floor: Floor) -> int:
    """Public rows follow contributions of one consultation that were given another place; appends their entries.

    Returns the sequence number of the first.
    """
    turn = await record.take_turn(session, "public", moved[0][0].consultation_id, entries=len(moved))
    for each, _entry in moved:
        each.updated = clock.now()
    await record.write(session, turn, [entry for _each, entry in moved])
    for index, (each, _entry) in enumerate(moved):
        revision = await public_revision(session, each.id)
        assert revision is not None  # published contributions have one
        await _refresh(session, each, revision, floor, turn.seq + index)
        await _update(session, each, position(each))
    return turn.seq


async def count_anew(session: AsyncSession, parents: Sequence[UUID], seq: int) -> None:
    """The replies of these, after some were moved: entry `seq` names them as `related`."""
    for parent in parents:
        row = update(Publication).where(Publication.contribution_id == parent)
        await session.execute(row.values(replies=await replies_of(session, parent), seq=seq))


async def show_support(
    session: AsyncSession, contribution: Contribution, kind: str, people: int, organisation: UUID | None,
    organisations: bytes | None,
) -> None:  # fmt: skip
    """So many more support it, for this organisation or for none; `organisations` are all of them now, as JSON, where
    they changed. The entry names it as `related`: its JSON has the count and the organisations."""
    turn = await record.take_turn(session, "public", contribution.consultation_id)
    about = {"contribution": contribution.id, "organisation": organisation, "related": [contribution.id]}
    await record.write(session, turn, [record.Draft(kind, contribution.id, about)])
    row = update(Publication).where(Publication.contribution_id == contribution.id)
    named = {} if organisations is None else {"endorsers": organisations}
    await session.execute(row.values(endorsements=Publication.endorsements + people, seq=turn.seq, **named))


async def tell(session: AsyncSession, contribution: Contribution, kind: str, **payload: Any) -> None:
    """Append an entry about a public contribution whose own JSON stays as it is."""
    turn = await record.take_turn(session, "public", contribution.consultation_id)
    await write(session, turn, kind, contribution, **payload)


async def unpublish(session: AsyncSession, contribution: Contribution, status: str, **payload: Any) -> None:
    """Out of the public, from published to `status`. Appends `contribution.` + status; the number stays."""
    was_public = contribution.status == "published"
    if status == "hidden":
        await screening.remember_removed(session, contribution, "public")
    await _set_visible(session, contribution.id, False)
    turn = await record.take_turn(session, "public", contribution.consultation_id)
    contribution.status, contribution.since = status, clock.now()
    changed = counted(contribution) if was_public else {}
    await write(session, turn, f"contribution.{status}", contribution, **changed, **payload)
    await session.flush()
    await session.execute(delete(Publication).where(Publication.contribution_id == contribution.id))
    if was_public:
        await count_reply(session, contribution.parent_id, -1, turn.seq)


async def restore(
    session: AsyncSession, contribution: Contribution, floor: Floor, support: Support, **payload: Any
) -> None:
    """Back into the public as it was. Appends `contribution.restored`."""
    revision = await public_revision(session, contribution.id)
    assert revision is not None  # a hidden contribution keeps its public revision
    await _set_visible(session, contribution.id, True)
    turn = await record.take_turn(session, "public", contribution.consultation_id)
    contribution.status, contribution.since = "published", clock.now()
    contribution.updated = contribution.since
    await write(
        session, turn, "contribution.restored", contribution, revision=revision.id, **counted(contribution), **payload
    )
    await session.flush()
    translations = await translated.standing(session, contribution.id)
    its = columns(contribution, revision, floor, turn.seq, translations)
    replies = await replies_of(session, contribution.id)
    its.publication.update(replies=replies, endorsements=support.people, endorsers=support.organisations)
    await _add(session, its)
    await count_reply(session, contribution.parent_id, +1, turn.seq)
    await make_findable(session, (contribution, revision))


async def public_revision(session: AsyncSession, contribution: UUID) -> Revision | None:
    """The revision that is or, while the contribution is hidden, was public."""
    return (
        await session.scalars(
            select(Revision).where(Revision.contribution_id == contribution, Revision.state == "public")
        )
    ).one_or_none()


def _enter(
    contribution: Contribution, revision: Revision, above: bytes | None, seq: int, number: int, now: datetime
) -> record.Draft:
    """Number a contribution and set everything that makes it public. Returns its entry, with this `seq`."""
    contribution.number, contribution.sort_key = number, sort_key(above, number)
    contribution.status, contribution.since, contribution.waits_since = "published", now, None
    contribution.published = contribution.updated = now
    _show(revision, seq, now)
    return entry_of("contribution.published", contribution, channel=contribution.channel,
                  external=contribution.external_id, **counted(contribution), **committed(revision))  # fmt: skip


def _show(revision: Revision, seq: int, now: Any) -> None:
    revision.state, revision.visible, revision.seq, revision.published = "public", True, seq, now


async def _refresh(
    session: AsyncSession, contribution: Contribution, revision: Revision, floor: Floor, seq: int
) -> None:
    await session.flush()
    translations = await translated.standing(session, contribution.id)
    await _update(session, contribution, content(contribution, revision, floor, seq, translations))
    await keep_facets(session, contribution, revision)


async def _add(session: AsyncSession, its: Columns) -> None:
    session.add(Publication(**its.publication))
    await session.flush()  # what refers to it comes after
    session.add(Fragment(**its.fragment))


async def _update(session: AsyncSession, contribution: Contribution, its: Columns) -> None:
    for table, values in ((Publication, its.publication), (Fragment, its.fragment)):
        await session.execute(update(table).where(table.contribution_id == contribution.id).values(values))


async def _set_visible(session: AsyncSession, contribution: UUID, visible: bool) -> None:
    """Revisions that were public once follow their contribution's publicity; what only waited stays unseen."""
    await session.execute(
        update(Revision)
        .where(Revision.contribution_id == contribution, Revision.published.is_not(None))
        .where(Revision.state.in_(("public", "superseded")))
        .values(visible=visible)
        .execution_options(synchronize_session="fetch")
    )
