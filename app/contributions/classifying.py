"""Which guiding questions public texts answer: said by moderators and rapporteurs, for one text or for many.

Nobody's words change, so no revision is made, and what cites a text still cites what it did. Authors are not told: it
is about the order of the texts, like pinning. They see it beside their text, and may set it otherwise by editing it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record
from app.consultations.floor import Floor, floors_by_topic
from app.contributions import publishing
from app.contributions.models import Contribution, Revision
from app.language import gettext as _
from app.permissions import Actor, Thing, require

MOST = 200  # at once: others wait meanwhile
How = Literal["set", "add", "remove"]


async def classify(
    session: AsyncSession, actor: Actor, consultation: UUID, contributions: Collection[UUID],
    questions: Collection[str], how: How = "set",
) -> int:  # fmt: skip
    """Say that these public texts answer exactly these questions, these as well, or these no longer.

    Returns how many are different now. Appends for each of them `contribution.updated` and, to the staff log,
    `text.classified`. Raises NotFound, Unauthenticated, Forbidden, Invalid, Closed.
    """
    chosen = await _locked(session, consultation, contributions)
    topics: set[UUID | None] = {each.topic_id for each in chosen}
    for topic in topics or {None}:
        require(actor, "contribution.classify", Thing(consultation, topic=topic))
    if not 0 < len(set(contributions)) <= MOST:
        raise errors.Invalid({"contributions": _("Please choose between one and %(most)s contributions.", most=MOST)})
    if len(chosen) < len(set(contributions)) or any(each.status != "published" for each in chosen):
        unknown = _("Not all of these are public in this consultation. Please choose again.")
        raise errors.Invalid({"contributions": unknown})
    floors = await floors_by_topic(session, {each.topic_id for each in chosen})
    for each in chosen:
        _require_asked(each, floors[each.topic_id], questions)
    standing = await _revisions(session, chosen)
    changed = [each for each in chosen if _reclassify(standing[each.id], questions, how)]
    if changed:
        await session.flush()
        await publishing.update_many(session, [(each, floors[each.topic_id]) for each in changed], ["questions"])
        await _note(session, actor, consultation, changed)
    return len(changed)


async def _locked(session: AsyncSession, consultation: UUID, ids: Collection[UUID]) -> Sequence[Contribution]:
    query = select(Contribution).where(Contribution.consultation_id == consultation, Contribution.id.in_(ids))
    query = query.order_by(Contribution.id).with_for_update(key_share=True)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


def _require_asked(contribution: Contribution, floor: Floor, questions: Collection[str]) -> None:
    if unknown := sorted(set(questions) - floor.questions):
        raise errors.Invalid(
            {
                "questions": _(
                    "Contribution %(number)s stands in the topic “%(topic)s”, which has no question %(value)s.",
                    number=contribution.number, topic=floor.topic_title, value=", ".join(unknown)[:100],
                )
            }
        )  # fmt: skip


async def _revisions(session: AsyncSession, chosen: Sequence[Contribution]) -> Mapping[UUID, list[Revision]]:
    """Of each, the public revision first, then the latest if it is another: a waiting edit, or one sent back."""
    latest = (Revision.number == Contribution.latest) & (Revision.state != "erased")
    query = select(Revision).join(Contribution, Contribution.id == Revision.contribution_id)
    query = query.where(Contribution.id.in_([each.id for each in chosen]), or_(latest, Revision.state == "public"))
    found: dict[UUID, list[Revision]] = {each.id: [] for each in chosen}
    for revision in await session.scalars(query.order_by(Revision.number)):
        found[revision.contribution_id].append(revision)
    for its in found.values():
        its.sort(key=lambda revision: revision.state != "public")
    return found


def _reclassify(standing: Sequence[Revision], questions: Collection[str], how: How) -> bool:
    """Whether it is different now. An edit that waits goes along, unless its author chose other questions there."""
    before = standing[0].questions
    chosen, had = set(questions), set(before)
    after = sorted({"set": chosen, "add": had | chosen, "remove": had - chosen}[how])
    if after == sorted(before):
        return False
    for revision in standing:
        if revision.questions == before:
            revision.questions = after
    return True


async def _note(session: AsyncSession, actor: Actor, consultation: UUID, changed: Sequence[Contribution]) -> None:
    """Who did it, for the staff: the public entries name nobody."""
    entries = [
        record.Draft("text.classified", each.id, {"contribution": each.id, "person": actor.person}) for each in changed
    ]
    turn = await record.take_turn(session, "staff", consultation, entries=len(entries))
    await record.write(session, turn, entries)
