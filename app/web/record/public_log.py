"""`/c/{consultation}/decisions`: what moderators decided, in public; each decision, and the whole as feeds."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.moderation.acts import ACTS
from app.readings import consultations
from app.readings.record import public_log
from app.readings.record.figures import figures
from app.readings.record.public_log import LoggedDecision, Said
from app.readings.syndication import FORMS
from app.record import commitments
from app.web.kit.visit import PUBLIC, VARY, Visiting, etag, version_of
from app.web.record import decided, feeds, figures_chart
from app.web.record.decided import line

router = APIRouter()
_MOST = 2**31 - 1


@router.get("/c/{slug}/decisions")
async def decisions(
    visit: Visiting, slug: str, before: int | None = Query(None, ge=1, le=_MOST),
    number: int | None = Query(None, ge=1, le=_MOST), act: str | None = None,
) -> Response:  # fmt: skip
    """The log, newest first; `before` continues it, `number` and `act` narrow it down."""
    if act is not None and act not in ACTS:
        raise errors.NotFound(_("Moderators have no such act."))
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        page = await public_log.log(connection, consultation.id, after=before, number=number, act=act)
        counted = await figures(connection, consultation) if (before, number, act) == (None, None, None) else None
    context: dict[str, Any] = {"charts": [], "months": [], "through": None}
    if counted is not None:
        goes_on, promised = consultation.phase == "open", consultation.details.get("answered_within_hours")
        context = {
            "charts": figures_chart.charts(counted.months, promised, goes_on),
            "months": counted.months[::-1],
            "through": counted.through,
        }
    return visit.public(
        "record/log.html",
        version_of(consultation),
        consultation=consultation,
        lines=[line(each, consultation) for each in page.items],
        next=page.next,
        before=before,
        number=number,
        act=act,
        narrowed=decided.NARROWED,
        figures=counted,
        month_name=figures_chart.month_name,
        duration=figures_chart.duration,
        **context,
    )


@router.get("/c/{slug}/decisions/feed.{form}")
async def feed(visit: Visiting, slug: str, form: str, before: int | None = Query(None, ge=1, le=_MOST)) -> Response:
    """The log as an Atom feed or as a JSON Feed."""
    if form not in FORMS:
        raise errors.NotFound(_("There is no such feed."))
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        page = await public_log.log(connection, consultation.id, after=before)
    lines = [line(each, consultation) for each in page.items]
    made = feeds.feed(form, visit.base, consultation, lines, page.next, before)
    headers = {"Cache-Control": PUBLIC, "Vary": VARY, "ETag": etag(version_of(consultation), visit.language)}
    return Response(made, media_type=FORMS[form], headers=headers)


@router.get("/c/{slug}/decisions/{seq}")
async def decision(visit: Visiting, slug: str, seq: str) -> Response:
    """One decision, for ever at this address, with what it takes to check its reason."""
    if not (seq.isascii() and seq.isdigit()) or len(seq) > 10 or not 0 < int(seq) <= _MOST:
        raise errors.NotFound(_("There is no such decision."))
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await public_log.logged(connection, consultation.id, int(seq))
    return visit.public(
        "record/log_decision.html",
        version_of(consultation),
        consultation=consultation,
        line=line(found, consultation),
        proofs=_proofs(found),
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """A hash in the record, and what it is of."""

    name: str
    seq: int
    hash: str
    salt: str | None
    content: str


def _proofs(decision: LoggedDecision) -> list[Proof]:
    """What it takes to check a decision's reason and, where there was an appeal, the answer's."""
    proofs = [_proof("", decision.seq, decision.said, public_log.committed(decision))]
    appeal = decision.appeal
    if appeal is not None and appeal.said is not None and appeal.decided_seq is not None:
        content = {"outcome": appeal.outcome, "reason": appeal.said.reason}
        proofs.append(_proof(_("The answer to the appeal"), appeal.decided_seq, appeal.said, content))
    return proofs


def _proof(name: str, seq: int, said: Said, content: dict[str, Any]) -> Proof:
    return Proof(name, seq, said.hash or "–", said.salt, commitments.canonical(content).decode())
