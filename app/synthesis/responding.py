"""What an addressee answered to a recommendation: public at once, and never changed.

Organisers enter it, or the institution itself by the link that it was sent (`answering.py`).

What becomes of it later is entered as a further answer: together they are a timeline.
"""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.files.uploads import Upload
from app.language import gettext as _
from app.language import number
from app.permissions import Actor
from app.record import commitments
from app.synthesis import answer_files
from app.synthesis.finding import locked
from app.synthesis.models import Recommendation, Response, ResponseFile

ANSWERS = ("accepted", "partly", "declined", "noted")
WORDS_LIMIT = 5_000
URL_LIMIT = 500
MOST = 50  # of one recommendation
_NO_URL = frozenset(' <>"`\\')


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, as given: which, with which reasons, on which day (2016-09-29) it came; its documents."""

    answer: str
    words: str
    received: str
    language: str = "en"
    document: str = ""  # an address on the web
    bare: bool = False  # the file without what it says about its authors, comments and tracked changes
    file: Upload | None = None


async def receive(session: AsyncSession, actor: Actor, recommendation_id: UUID, given: Answer) -> Response:
    """Enter what the addressee of a final recommendation answered. Appends `response.received`.

    Raises NotFound, Unauthenticated, Forbidden, Conflict where it is not final, Invalid.
    """
    recommendation = await locked(session, actor, "response.enter", recommendation_id)
    return await enter(session, recommendation, given, entered_by=actor.person)


async def enter(
    session: AsyncSession, recommendation: Recommendation, given: Answer, *, entered_by: UUID | None = None,
    institution: str | None = None,
) -> Response:  # fmt: skip
    """Enter an answer to a recommendation that is locked: somebody's, or an institution's own.

    Raises Conflict where it is not final, Invalid.
    """
    if recommendation.stage != "final":
        raise errors.Conflict(_("Only a final recommendation is answered."))
    row, file = _checked(given)
    before = select(func.count()).where(Response.recommendation_id == recommendation.id)
    if int(await session.scalar(before) or 0) >= MOST:
        raise errors.Conflict(_("It has %(most)s answers, which is the most.", most=MOST))
    row.id, row.recommendation_id, row.entered_by = clock.new_id(), recommendation.id, entered_by
    row.given_by, row.institution = "institution" if institution else "organisers", institution
    row.salt, row.created = commitments.fresh_salt(), clock.now()
    row.hash = commitments.commitment(row.salt, committed(row, file))
    if file is not None:  # before others have to wait: it may be large
        file.response_id = row.id
        session.add(file)
        await session.flush()
    turn = await record.take_turn(session, "public", recommendation.consultation_id)
    row.seq = turn.seq
    about = {"recommendation": recommendation.id, "number": recommendation.number, "hash": row.hash}
    await record.write(session, turn, [record.Draft("response.received", row.id, about)])
    session.add(row)
    await session.flush()
    return row


def committed(row: Response, file: ResponseFile | None) -> dict[str, object]:
    """What the record commits to (docs/record.md): document, institution and file only where there are any."""
    optional: dict[str, object] = {
        "document": row.document, "institution": row.institution, "file": file.hash.hex() if file else None,
    }  # fmt: skip
    return {
        "answer": row.answer, "reasons": row.words, "language": row.language, "received": row.received.isoformat(),
    } | {name: value for name, value in optional.items() if value}  # fmt: skip


def _checked(given: Answer) -> tuple[Response, ResponseFile | None]:
    faults: dict[str, str] = {}
    words, tag, day = "", "en", clock.now().date()
    try:
        words = text.paragraphs(given.words)
    except ValueError as fault:
        faults["words"] = _("This %(fault)s.", fault=fault)
    if not words:
        faults.setdefault("words", _("Please write what was answered, and why."))
    if len(words) > WORDS_LIMIT:
        faults["words"] = _(
            "This has %(count)s characters; at most %(limit)s fit.", count=number(len(words)), limit=number(WORDS_LIMIT)
        )
    try:
        tag = text.language_tag(given.language)
    except ValueError as fault:
        faults["language"] = _("The language %(fault)s.", fault=fault)
    if given.answer not in ANSWERS:
        faults["answer"] = _("Please choose what was answered.")
    try:
        day = dt.date.fromisoformat(given.received.strip())
    except ValueError:
        faults["received"] = _("Please write a date as in 2016-09-13.")
    if not day.year >= 1900 or day > clock.now().date() + dt.timedelta(days=1):  # it is tomorrow already somewhere
        faults["received"] = _("Please write a date as in 2016-09-13.")
    document = _document(given.document, faults)
    file = answer_files.kept(given.file, faults, bare=given.bare) if given.file is not None else None
    if faults:
        raise errors.Invalid(faults)
    return Response(answer=given.answer, words=words, language=tag, received=day, document=document), file


def _document(value: str, faults: dict[str, str]) -> str | None:
    if not value.strip():
        return None
    address, parts = value, None
    try:
        address = text.line(value)
        parts = urlsplit(address)
    except ValueError:
        pass
    fits = parts is not None and parts.scheme in ("http", "https") and parts.hostname and not set(address) & _NO_URL
    if not fits or len(address) > URL_LIMIT:
        faults["document"] = _("Please give an address on the web, as in https://example.org/minutes.pdf.")
        return None
    return address
