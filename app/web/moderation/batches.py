"""Several items at once: chosen on the desk, shown before anything changes, done, and undone together if possible.

Each decision is a transaction of its own. All in one would hold the consultation's record, and with it everybody who
writes, until the last is made; and one text that its author changed meanwhile would undo all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import clock, errors
from app.database.races import once_more
from app.language import gettext as _
from app.moderation.actions import VERBS
from app.moderation.acts import ACTS
from app.moderation.deciding import NO_GROUNDS, Grounds
from app.permissions import Thing
from app.readings.consultation_views import ConsultationView
from app.readings.moderation import desk, queue
from app.readings.moderation.desk import Batched
from app.readings.moderation.queue import Waiting
from app.web.kit import words
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting
from app.web.moderation import desk_items
from app.web.moderation.queue import view_of

router = APIRouter()
TOGETHER = ("approve", "reject", "hide")  # what can be done to several at once
MOST = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that was ticked, the revision that was read, and why nothing can be done with it, if so."""

    item: Waiting
    revision: UUID
    hindrance: str = ""

    @property
    def value(self) -> str:
        """As a form carries it."""
        return f"{self.item.contribution}:{self.revision}"


@router.post("/c/{slug}/moderate/batch")
async def batch(visit: Visiting, slug: str) -> Response:
    """What a batch would change or, once that was read, do it."""
    sent, consultation = await visit.form(), await view_of(visit, slug)
    act = str(sent.get("together", ""))
    if act not in TOGETHER:
        raise errors.Malformed(_("This form is broken. Please open it again."))
    chosen = await _chosen(visit, consultation, sent, act)
    grounds = desk_items.grounds_of(sent, consultation)
    possible = [each for each in chosen if not each.hindrance]
    if sent.get("do") != "do" or not possible:
        return _preview(visit, consultation, act, chosen, grounds)
    id = clock.new_id()
    left: list[tuple[Chosen, str]] = [(each, each.hindrance) for each in chosen if each.hindrance]
    for each in possible:
        try:
            await _decide(visit, act, each.item.contribution, each.revision, replace(grounds, batch=id))
        except errors.Invalid as error:  # the grounds are the same for all: nothing was done yet
            return _preview(visit, consultation, act, chosen, grounds, error)
        except errors.Conflict as error:
            left.append((each, error.message))
    if left:
        return await _result(visit, consultation, id if len(left) < len(chosen) else None, left)
    return visit.go(f"/c/{slug}/moderate/batch/{id}", done=act)


@router.get("/c/{slug}/moderate/batch/{id:uuid}")
async def made(visit: Visiting, slug: str, id: UUID) -> Response:
    """What was done together, and the way to undo it."""
    return await _result(visit, await view_of(visit, slug), id)


@router.post("/c/{slug}/moderate/batch/{id:uuid}/undo")
async def undo(visit: Visiting, slug: str, id: UUID) -> Response:
    """Undo all of a batch that still stands, as a batch of its own."""
    sent, consultation = await visit.form(), await view_of(visit, slug)
    grounds = replace(desk_items.grounds_of(sent, consultation), batch=clock.new_id())
    async with visit.database.writing() as session:
        found = await desk.batch(session, visit.actor, consultation.id, id)
    standing = [each for each in found if _undo_of(each)]
    if not standing:
        raise errors.Conflict(_("Nothing of this batch stands any more, so there is nothing to undo."))
    left: list[tuple[Chosen, str]] = []
    for each in standing:
        try:
            await _decide(visit, _undo_of(each), each.item.contribution, None, grounds)
        except errors.Invalid as error:
            return await _result(visit, consultation, id, refused=(grounds, error))
        except errors.Conflict as error:
            left.append((Chosen(each.item, each.item.revision), error.message))
    if left:
        return await _result(visit, consultation, grounds.batch if len(left) < len(standing) else id, left)
    return visit.go(f"/c/{slug}/moderate/batch/{grounds.batch}", done="undone")


async def _decide(visit: Visit, act: str, id: UUID, revision: UUID | None, grounds: Grounds) -> None:
    async def decide() -> None:
        async with visit.database.writing() as session:
            await VERBS[act](session, visit.actor, id, revision, grounds)

    await once_more(decide)  # of those before it something stays: the page cannot be made once more


async def _chosen(visit: Visit, consultation: ConsultationView, sent: FormData, act: str) -> list[Chosen]:
    given: dict[UUID, UUID] = {}
    for value in sent.getlist("item"):
        id, _colon, revision = str(value).partition(":")
        try:
            given[UUID(id)] = UUID(revision)
        except ValueError:
            raise errors.Malformed(_("This form is broken. Please open it again.")) from None
    if len(given) > MOST:
        raise errors.Malformed(_("At most %(n)s can be chosen at once.", n=MOST))
    async with visit.database.writing() as session:
        items = await queue.these(session, visit.actor, consultation.id, list(given))
    return [_weighed(item, given[id], act) for id, item in items.items()]


def _weighed(item: Waiting, read: UUID, act: str) -> Chosen:
    """Whether the act is possible on this item, as far as can be seen before it is done."""
    judged = desk_items.judged(item, act)
    if act not in desk_items.possible(item):
        if act in ("approve", "reject"):
            return Chosen(item, judged, _("Nothing of it waits for approval."))
        return Chosen(item, judged, _("It is not public: %(state)s.", state=_(words.STATES[item.status])))
    if read not in (judged, item.revision):
        return Chosen(item, judged, _("The author has changed the text meanwhile. Please read the new version."))
    return Chosen(item, judged)


def _preview(
    visit: Visit, consultation: ConsultationView, act: str, chosen: Sequence[Chosen], grounds: Grounds,
    error: errors.Invalid | None = None,
) -> Response:  # fmt: skip
    return visit.page(
        "moderation/desk_batch.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        act=act,
        possible=[each for each in chosen if not each.hindrance],
        left=[(each, each.hindrance) for each in chosen if each.hindrance],
        needs_grounds=ACTS[act].grounds,
        undone_by=ACTS[act].undone_by,
        grounds=grounds,
        faults=Faults(error.fields if error else {}),
        rules=consultation.details["rules"],
        desk=desk_items,
    )


async def _result(
    visit: Visit, consultation: ConsultationView, id: UUID | None, left: Sequence[tuple[Chosen, str]] = (),
    refused: tuple[Grounds, errors.Invalid] | None = None,
) -> Response:  # fmt: skip
    found: Sequence[Batched] = ()
    if id is not None:
        async with visit.database.writing() as session:
            found = await desk.batch(session, visit.actor, consultation.id, id)
    return visit.page(
        "moderation/desk_batch_done.html",
        status=422 if refused else 409 if left and not found else 200,
        consultation=consultation,
        batch=id,
        found=found,
        left=left,
        undoable=sum(bool(_undo_of(each)) for each in found) if visit.may("queue.read", Thing(consultation.id)) else 0,
        grounds=refused[0] if refused else NO_GROUNDS,
        faults=Faults(refused[1].fields if refused else {}),
        rules=consultation.details["rules"],
        desk=desk_items,
    )


def _undo_of(each: Batched) -> str:
    """The act that undoes a decision of a batch, if it is possible and the decision is the last word on its text."""
    undone_by = ACTS[each.decision.act].undone_by if each.decision.act in ACTS else None
    possible = undone_by in VERBS and undone_by is not None and each.item.status in ACTS[undone_by].states
    return undone_by if undone_by and possible and each.stands else ""
