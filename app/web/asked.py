"""What participants ask of moderators: `…/flag`, `…/appeal`; and the answer, `moderate/appeals/{id}`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.moderation import appeals, flags
from app.permissions import Thing
from app.readings import appeals as appeal_readings
from app.readings import consultations, thread
from app.web.contribution_form import Faults
from app.web.entries import entry, rule_in_words
from app.web.faults import status_of
from app.web.language import gettext as _
from app.web.owned import owned
from app.web.thread import numbered
from app.web.visit import Visit, Visiting

router = APIRouter()
_ONE = 1_000  # appeals that are looked through for one


@router.get("/c/{slug}/{which}/flag")
async def ask_flag(visit: Visiting, slug: str, which: str) -> Response:
    """The form: a rule, a note."""
    return await _flag_form(visit, slug, which)


@router.post("/c/{slug}/{which}/flag")
async def flag(visit: Visiting, slug: str, which: str) -> Response:
    """Report it. What cannot be done is said above the form, which keeps what was written."""
    sent, number = await visit.form(), numbered(which)
    rule, note = str(sent.get("rule", "")), str(sent.get("note", ""))
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, number)
    try:
        async with visit.database.writing() as session:
            await flags.flag(session, visit.actor, focus.id, rule or None, note or None)
    except (errors.Invalid, errors.Conflict) as error:
        return await _flag_form(visit, slug, which, rule, note, error)
    return visit.go(f"/c/{slug}/{number}", done="flagged")


@router.get("/c/{slug}/{which}/appeal")
async def ask_appeal(visit: Visiting, slug: str, which: str) -> Response:
    """The form: why it should be decided otherwise."""
    return await _appeal_form(visit, slug, which)


@router.post("/c/{slug}/{which}/appeal")
async def appeal(visit: Visiting, slug: str, which: str) -> Response:
    """Appeal against the newest decision that holds."""
    sent, found = await visit.form(), await owned(visit, slug, which)
    words = str(sent.get("words", ""))
    try:
        async with visit.database.writing() as session:
            await appeals.appeal(session, visit.actor, found.id, words)
    except (errors.Invalid, errors.Conflict) as error:
        return await _appeal_form(visit, slug, which, words, error)
    return visit.go(found.address, done="appealed")


@router.get("/c/{slug}/moderate/appeals/{id:uuid}")
async def ask_answer(visit: Visiting, slug: str, id: UUID) -> Response:
    """The appeal, the decision that it is about, the text, and the form for the answer."""
    return await _answer_form(visit, slug, id)


@router.post("/c/{slug}/moderate/appeals/{id:uuid}")
async def answer(visit: Visiting, slug: str, id: UUID) -> Response:
    """Uphold the decision, or overturn it."""
    sent = await visit.form()
    reason = str(sent.get("reason", ""))
    try:
        async with visit.database.writing() as session:
            await appeals.decide_appeal(session, visit.actor, id, str(sent.get("outcome", "")), reason)
    except (errors.Invalid, errors.Conflict) as error:
        return await _answer_form(visit, slug, id, reason, error)
    return visit.go(f"/c/{slug}/moderate", done="answered")


async def _flag_form(
    visit: Visit, slug: str, which: str, rule: str = "", note: str = "", error: errors.PlenaryError | None = None
) -> Response:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
    if visit.actor.person is None:
        return visit.sign_in_first(f"/c/{slug}/{focus.number}/flag")
    if focus.status != "published" and error is None:
        raise errors.Gone(_("This contribution is no longer public."))
    return visit.page(
        "flag.html", status=status_of(error) if error else 200, consultation=consultation,
        entry=entry(focus, consultation), rules=consultation.details["rules"], rule=rule, note=note, **_said(error),
    )  # fmt: skip


async def _appeal_form(
    visit: Visit, slug: str, which: str, words: str = "", error: errors.PlenaryError | None = None
) -> Response:
    found = await owned(visit, slug, which)
    async with visit.database.writing() as session:
        standing = (await appeal_readings.standings(session, [found.id]))[found.id]
    decision = standing.possible
    return visit.page(
        "appeal.html", status=status_of(error) if error else 200, consultation=found.consultation, entry=found.entry,
        address=found.address, decision=decision, earlier=standing.appeal, words_given=words,
        rule=rule_in_words(decision.rule, found.consultation.details) if decision else "", **_said(error),
    )  # fmt: skip


async def _answer_form(
    visit: Visit, slug: str, id: UUID, reason: str = "", error: errors.PlenaryError | None = None
) -> Response:
    _signed_in = visit.person  # raises where nobody is
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    if not visit.may("queue.read", Thing(consultation.id)):
        raise errors.Forbidden(_("Only a moderator can do this."))
    async with visit.database.writing() as session:
        page = await appeal_readings.appealed(session, visit.actor, consultation.id, _ONE)
    found = next((each for each in page.items if each.id == id), None)
    if found is None and error is None:
        raise errors.NotFound(_("There is no such appeal, or it is answered."))
    return visit.page(
        "answer_appeal.html", status=status_of(error) if error else 200, consultation=consultation, found=found,
        reason=reason, rule=rule_in_words(found.rule, consultation.details) if found else "", **_said(error),
    )  # fmt: skip


def _said(error: errors.PlenaryError | None) -> dict[str, Any]:
    """What a form says of why it was refused: beside the fields, or above them."""
    if isinstance(error, errors.Invalid):
        return {"faults": Faults(error.fields), "message": ""}
    return {"faults": Faults({}), "message": error.message if error else ""}
