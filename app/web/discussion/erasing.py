"""Take a text of one's own back: `…/withdraw`, `…/erase`, `…/revisions/{number}/erase`. Each asks once, then acts."""

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.contributions import actions
from app.language import gettext as _
from app.moderation import erasing
from app.permissions import Thing
from app.web.discussion.owned import Owned, owned
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/{which}/withdraw")
async def ask_withdraw(visit: Visiting, slug: str, which: str) -> Response:
    """What withdrawing means, and the button."""
    return _ask(
        visit,
        await owned(visit, slug, which),
        _("Withdraw this text?"),
        _("Withdraw"),
        _(
            "Nobody but you and the moderators can read it any more. Its number stays, with a note that you withdrew "
            "it; replies to it stay. The text itself is kept: to destroy it, erase it."
        ),
    )


@router.post("/c/{slug}/{which}/withdraw")
async def withdraw(visit: Visiting, slug: str, which: str) -> Response:
    """Withdraw it."""
    found = await owned(visit, slug, which)
    async with visit.database.writing() as session:
        await actions.withdraw(session, visit.actor, found.id)
    return visit.go(found.address, done="withdrawn")


@router.get("/c/{slug}/{which}/erase")
async def ask_erase(visit: Visiting, slug: str, which: str) -> Response:
    """What erasing means, and the button. Organisers erase on request, with a reason."""
    found = await owned(visit, slug, which, by_author=False)
    return _ask_erase(visit, found)


@router.post("/c/{slug}/{which}/erase")
async def erase(visit: Visiting, slug: str, which: str) -> Response:
    """Destroy the text for good."""
    sent, found = await visit.form(), await owned(visit, slug, which, by_author=False)
    reason = str(sent.get("reason", "")) or None
    try:
        async with visit.database.writing() as session:
            await erasing.erase(session, visit.actor, found.id, reason)
    except errors.Invalid as error:
        return _ask_erase(visit, found, error, reason or "")
    return visit.go("/me" if found.own.mine and not found.own.fields["number"] else found.address, done="erased")


@router.get("/c/{slug}/{which}/revisions/{number}/erase")
async def ask_erase_revision(visit: Visiting, slug: str, which: str, number: int) -> Response:
    """What erasing an earlier revision means, and the button."""
    found = await owned(visit, slug, which)
    return _ask(
        visit,
        found,
        _("Erase revision %(n)s?", n=number),
        _("Erase for good"),
        _("This earlier version is destroyed. The present text stays as it is. This cannot be undone."),
        elsewhere=f"{found.address}/history#r{number}",
    )


@router.post("/c/{slug}/{which}/revisions/{number}/erase")
async def erase_revision(visit: Visiting, slug: str, which: str, number: int) -> Response:
    """Destroy an earlier revision for good."""
    found = await owned(visit, slug, which)
    async with visit.database.writing() as session:
        await erasing.erase_revision(session, visit.actor, found.id, number)
    return visit.go(f"{found.address}/history")


def _ask_erase(visit: Visit, found: Owned, error: errors.Invalid | None = None, reason: str = "") -> Response:
    if not found.own.mine and not visit.may("contribution.erase", Thing(found.consultation.id)):
        raise errors.Forbidden(_("Only its author, or an organiser on request, can erase a text."))
    return _ask(
        visit,
        found,
        _("Erase this text for good?"),
        _("Erase for good"),
        _(
            "All versions of it are destroyed, here and in what the service gives out. Its number stays, with a note "
            "that it was erased; replies to it stay. Whoever copied it keeps their copy. This cannot be undone."
        ),
        needs_reason=not found.own.mine,
        fault=error.fields.get("reason", "") if error else "",
        reason=reason,
    )


def _ask(
    visit: Visit,
    found: Owned,
    question: str,
    button: str,
    meaning: str,
    *,
    elsewhere: str | None = None,
    needs_reason: bool = False,
    fault: str = "",
    reason: str = "",
) -> Response:
    """The page that asks; it shows the text, or says where what goes stands if that is another one."""
    return visit.page(
        "discussion/confirm.html",
        status=422 if fault else 200,
        consultation=found.consultation,
        question=question,
        button=button,
        meaning=meaning,
        entry=found.entry,
        address=found.address,
        elsewhere=elsewhere,
        needs_reason=needs_reason,
        fault=fault,
        reason=reason,
    )
