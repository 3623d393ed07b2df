"""Contributions in another place: moved with all that is beneath them, split off as a thread, merged into another."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import Floor
from app.contributions import publishing
from app.contributions.entries import entry_of
from app.contributions.models import Contribution, Mark, Revision, ThreadLock
from app.contributions.placing import Place, sort_key
from app.language import gettext as _
from app.language import number

MOST = 1_000  # contributions moved at once: others wait meanwhile


async def branch(session: AsyncSession, top: Contribution) -> list[Contribution]:
    """A contribution and everything beneath it, locked against replies too; parents come before their replies.

    Raises Conflict where there is more than can be moved at once.
    """
    known: set[UUID] = set()
    while (found := await _beneath(session, top.id)) != known:
        known = found  # who replied before its parent was locked is found the next time
        if len(known) > MOST:
            raise errors.Conflict(
                _(
                    "There are %(count)s contributions in this branch; at most %(most)s can be moved at once. "
                    "Split it first.",
                    count=number(len(known)),
                    most=number(MOST),
                )
            )
        query = select(Contribution).where(Contribution.id.in_(known)).order_by(Contribution.id).with_for_update()
        rows = (await session.scalars(query, execution_options={"populate_existing": True})).all()
    return sorted(rows, key=lambda each: (each.depth, each.id))


async def move(
    session: AsyncSession, moved: Sequence[Contribution], floor: Floor, parent: Place | None, decision: UUID
) -> None:
    """Put a branch into the topic of `floor`, beneath `parent` (None: as a thread of its own).

    Appends `contribution.moved` for each that is public. Its counts follow; numbers and addresses stay; of guiding
    questions it answers those alone that are asked there.
    """
    top, former = moved[0], {each.id: (each.topic_id, each.thread_id) for each in moved}
    left = top.parent_id
    await session.execute(delete(ThreadLock).where(ThreadLock.thread_id == top.id))
    _place(moved, floor, parent)
    await _leave_questions(session, moved, floor)
    public = [each for each in moved if each.status == "published"]
    await session.execute(update(Mark).where(Mark.contribution_id.in_(former)).values(topic_id=floor.topic))
    await session.flush()
    entries = [
        entry_of(
            "contribution.moved", each, decision=decision, from_topic=former[each.id][0],
            from_thread=former[each.id][1],
            **({"from_parent": left, "related": [id for id in (left, top.parent_id) if id]} if each is top else {}),
        )
        for each in public
    ]  # fmt: skip
    if public:
        seq = await publishing.replace(session, list(zip(public, entries, strict=True)), floor)
        if top.status == "published" and left != top.parent_id:
            await publishing.count_anew(session, [id for id in (left, top.parent_id) if id], seq)


def require_apart(whole: Sequence[Contribution], into: Contribution) -> None:
    """Raises Conflict where what a branch begins with is the other, or the other stands beneath it."""
    contribution = whole[0]
    if into.id == contribution.id:
        raise errors.Conflict(_("A contribution cannot be merged into itself."))
    if any(each.id == into.id for each in whole):
        raise errors.Conflict(
            _(
                "Contribution %(number)s stands beneath %(number2)s: merge it the other way.",
                number=into.number,
                number2=contribution.number,
            )
        )


async def merge(
    session: AsyncSession, whole: Sequence[Contribution], into: Contribution, floor: Floor, decision: UUID
) -> None:
    """End what a branch begins with in favour of another, to which its replies go. Both numbers lead there from now on.

    `floor` is that of the survivor's topic. Appends `contribution.moved` for the replies, then `contribution.merged`.
    """
    contribution = whole[0]
    for reply in [each for each in whole if each.parent_id == contribution.id]:
        await move(session, _of(whole, reply), floor, place(into), decision)
    contribution.merged_into = into.id
    await publishing.unpublish(session, contribution, "merged", into=into.id, decision=decision)


def place(contribution: Contribution) -> Place:
    """Where something that was public stands, as its replies need to know it."""
    if contribution.number is None or contribution.sort_key is None:
        raise ValueError("only what was public has a place")
    return Place(
        contribution.id, contribution.number, contribution.topic_id, contribution.thread_id, contribution.depth,
        contribution.sort_key,
    )  # fmt: skip


async def _beneath(session: AsyncSession, top: UUID) -> set[UUID]:
    tree = select(Contribution.id).where(Contribution.id == top).cte("tree", recursive=True)
    tree = tree.union_all(select(Contribution.id).join(tree, Contribution.parent_id == tree.c.id))
    return set(await session.scalars(select(tree.c.id)))


def _place(moved: Sequence[Contribution], floor: Floor, parent: Place | None) -> None:
    top, shift = moved[0], (parent.depth + 1 if parent else 0) - moved[0].depth
    top.parent_id = parent.id if parent else None
    keys: dict[UUID | None, bytes | None] = {top.parent_id: parent.sort_key if parent else None}
    for each in moved:
        each.topic_id, each.depth = floor.topic, each.depth + shift
        each.thread_id = parent.thread_id if parent else top.id
        if each.number is not None:
            each.sort_key = keys[each.id] = sort_key(keys[each.parent_id], each.number)


async def _leave_questions(session: AsyncSession, moved: Sequence[Contribution], floor: Floor) -> None:
    asking = select(Revision).where(Revision.contribution_id.in_([each.id for each in moved]), Revision.questions != [])
    for revision in await session.scalars(asking):
        revision.questions = [each for each in revision.questions if each in floor.questions]


def _of(whole: Sequence[Contribution], top: Contribution) -> list[Contribution]:
    """Those of a branch that stand beneath one of them, itself first."""
    within, beneath = {top.id}, [top]
    for each in whole:
        if each.parent_id in within:
            within.add(each.id)
            beneath.append(each)
    return beneath
