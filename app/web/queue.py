"""`/c/{consultation}/moderate/queue`: what waits, oldest first, each with what it answers or changes."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors, text
from app.moderation.actions import VERBS
from app.moderation.deciding import Grounds
from app.readings import consultations
from app.readings import queue as waiting
from app.web import words
from app.web.contribution_form import Faults
from app.web.entries import question_texts
from app.web.faults import status_of
from app.web.grounds import grounds_in, identifier_in
from app.web.language import gettext as _
from app.web.visit import Visit, Visiting

router = APIRouter()
PAGE = 20
PARENT_EXCERPT = 300


@router.get("/c/{slug}/moderate/queue")
async def queue(visit: Visiting, slug: str, cursor: str | None = None) -> Response:
    """One page of the queue."""
    return await _show(visit, slug, cursor)


@router.post("/c/{slug}/moderate/queue")
async def decide(visit: Visiting, slug: str) -> Response:
    """Approve or reject one revision. What cannot be done is said above its form, which keeps what was written."""
    sent = await visit.form()
    act, id = str(sent.get("act", "")), identifier_in(sent, "contribution")
    grounds = grounds_in(sent)
    if act not in ("approve", "reject"):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    try:
        async with visit.database.writing() as session:
            await VERBS[act](session, visit.actor, id, identifier_in(sent, "revision"), grounds)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, slug, None, refused=(id, grounds, error))
    return visit.go(f"/c/{slug}/moderate/queue", done=act)


async def _show(
    visit: Visit, slug: str, cursor: str | None, refused: tuple[UUID, Grounds, errors.PlenaryError] | None = None
) -> Response:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    async with visit.database.writing() as session:
        found = await waiting.queue(session, visit.actor, consultation.id, PAGE, cursor)
    error = refused[2] if refused else None
    return visit.page(
        "queue.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        items=[_item(item, consultation, refused) for item in found.items],
        next=found.next,
        rules=consultation.details["rules"],
        total=len(found.items),
        more=found.next is not None,
        message=error.message if error and not isinstance(error, errors.Invalid) else "",
        lost=refused if refused and all(item.contribution != refused[0] for item in found.items) else None,
    )


def _item(
    item: waiting.Waiting, consultation: Any, refused: tuple[UUID, Grounds, errors.PlenaryError] | None
) -> dict[str, Any]:
    mine = refused if refused and refused[0] == item.contribution else None
    is_edit = item.public_body is not None
    return {
        "item": item,
        "topic": consultation.topic(item.topic),
        "who": _who(item),
        "questions": question_texts(item.questions, consultation),
        "title_changes": text.difference(item.public_title or "", item.title or "") if is_edit else [],
        "body_changes": text.difference(item.public_body or "", item.body) if is_edit else [],
        "parent_excerpt": text.excerpt(item.parent_body, PARENT_EXCERPT) if item.parent_body else "",
        "grounds": mine[1] if mine else Grounds(),
        "faults": Faults(mine[2].fields if mine and isinstance(mine[2], errors.Invalid) else {}),
    }


def _who(item: waiting.Waiting) -> str:
    named = [name for name in (item.author_name, item.organisation_name) if name]
    return (
        _(" for ").join(named)
        if named
        else _("Name withheld")
        if item.byline == "anonymous"
        else words.BYLINES[item.byline]
    )
