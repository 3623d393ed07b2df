"""What is decided about translations: let through, found right, refused, taken away. Each is a decision as all are.

Their translators are told, and nobody is told who they are. The author of the original may take a translation away,
too, with a reason; the log says that the author did.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import Floor, floor_of
from app.contributions import translating, writing
from app.contributions import translation_steps as steps
from app.contributions.acting import revision_numbered
from app.language import gettext as _
from app.moderation.deciding import AUTHOR, NO_GROUNDS, NO_OPTIONS, Grounds, Matter, Options, checked, decided
from app.moderation.models import Decision
from app.permissions import Actor, Thing, may, require

if TYPE_CHECKING:
    from app.contributions.models import Contribution
    from app.contributions.translation_models import Translation


@dataclass(frozen=True, slots=True)
class _Judged:
    """A translation that is decided upon, with its text, both locked."""

    contribution: "Contribution"
    floor: Floor
    row: "Translation"
    translator: UUID | None
    role: str | None = None

    async def matter(self, session: AsyncSession, *, public: bool) -> Matter:
        """It as a decision is about it: with the revision, so that what destroys that destroys the reason, too."""
        return Matter(
            self.contribution.consultation_id, self.contribution,
            await revision_numbered(session, self.contribution.id, self.row.revision), self.translator, public,
            details={"translation": str(self.row.id), "language": self.row.language}, role=self.role,
        )  # fmt: skip


async def accept(
    session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None = None, grounds: Grounds = NO_GROUNDS,
    options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Let a translation that waits stand in its language, in the place of the one that did. Raises Conflict."""
    judged = await _to_decide(session, actor, id, options)
    _still(judged, "waiting")
    decision = await _decided(session, actor, "accept-translation", judged, grounds, public=True)
    await steps.put_up(session, judged.contribution, judged.floor, judged.row, steps.unjudged(judged.row), decision.id)
    return decision


async def review(
    session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None = None, grounds: Grounds = NO_GROUNDS,
    options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Find somebody else's translation right: it stands, marked `reviewed`. Raises Conflict for one's own."""
    judged = await _to_decide(session, actor, id, options)
    _still(judged, "waiting", "offered")
    if judged.translator == actor.person and not judged.row.machine:
        raise errors.Conflict(_("This is your own translation: somebody else can say that it is right."))
    decision = await _decided(session, actor, "review-translation", judged, grounds, public=True)
    change = steps.put_up if judged.row.status == "waiting" else steps.set_status
    await change(session, judged.contribution, judged.floor, judged.row, "reviewed", decision.id)
    return decision


async def refuse(
    session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None, grounds: Grounds,
    options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Do not let a translation stand, with a reason: its translator alone can still read it. Raises Conflict."""
    judged = await _to_decide(session, actor, id, options)
    _still(judged, "waiting")
    decision = await _decided(session, actor, "refuse-translation", judged, grounds, public=False)
    await steps.set_aside(session, judged.row, "refused")
    return decision


async def remove(
    session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None, grounds: Grounds,
    options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Take a translation out of the public, with a reason. Raises Conflict where it does not stand."""
    return await _remove(session, actor, await _to_decide(session, actor, id, options), grounds)


async def take_away(session: AsyncSession, actor: Actor, id: UUID, translation: UUID, grounds: Grounds) -> None:
    """As `remove`, by its translator (who needs no reason: it is destroyed), by a moderator or the original's author.

    Raises Unauthenticated, Forbidden, NotFound, Conflict; Invalid where there is no reason.
    """
    contribution, owner = await writing.locked(session, id)
    row, translator = await steps.found(session, actor, contribution, translation)
    if translator is not None and translator == actor.person:
        await translating.take_back(session, actor, id, translation)
        return
    thing = Thing(contribution.consultation_id, owner, topic=contribution.topic_id)
    role = None
    if not may(actor, "translation.decide", thing):
        require(actor, "translation.decline", thing)
        steps.require_author(contribution)
        role = AUTHOR
    floor = await floor_of(session, topic=contribution.topic_id)
    await _remove(session, actor, _Judged(contribution, floor, row, translator, role), grounds)


async def _remove(session: AsyncSession, actor: Actor, judged: _Judged, grounds: Grounds) -> Decision:
    steps.require_standing(judged.contribution, judged.row)
    decision = await _decided(session, actor, "remove-translation", judged, grounds, public=True)
    await steps.set_status(session, judged.contribution, judged.floor, judged.row, "removed", decision.id)
    return decision


async def _to_decide(session: AsyncSession, actor: Actor, id: UUID, options: Options) -> _Judged:
    """The translation that the options name. Raises NotFound, Unauthenticated, Forbidden, Invalid."""
    contribution, owner = await writing.locked(session, id)
    thing = writing.thing_of(contribution, owner)
    writing.require_known(actor, contribution, thing)
    require(actor, "translation.decide", thing)
    if options.translation is None:
        raise errors.Invalid({"translation": _("Name the translation that you decide about.")})
    row, translator = await steps.found(session, actor, contribution, options.translation)
    return _Judged(contribution, await floor_of(session, topic=contribution.topic_id), row, translator)


def _still(judged: _Judged, *statuses: str) -> None:
    """Raises Conflict where the text is not public, or the translation was decided upon meanwhile."""
    steps.require_published(judged.contribution)
    if judged.row.status not in statuses:
        raise errors.Conflict(_("Somebody has decided about this translation meanwhile. Please look at it again."))


async def _decided(
    session: AsyncSession, actor: Actor, act: str, judged: _Judged, grounds: Grounds, *, public: bool
) -> Decision:  # fmt: skip
    clean = await checked(session, judged.contribution.consultation_id, act, grounds)
    return await decided(session, actor, act, clean, await judged.matter(session, public=public))


Verb = Callable[..., Awaitable[Decision]]
VERBS: dict[str, Verb] = {
    "accept-translation": accept, "review-translation": review, "refuse-translation": refuse,
    "remove-translation": remove,
}  # fmt: skip
