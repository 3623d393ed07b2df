"""What organisers do with notices and next steps: post, revise, translate, take back. Each is public at once."""

import datetime as dt
from dataclasses import dataclass
from html import unescape
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.consultations.document_rows import take_turn
from app.consultations.notice_models import Notice, NoticeText
from app.consultations.organising import FIRST_YEAR, LAST_YEAR, enter, ground
from app.language import gettext as _
from app.language import number
from app.permissions import Actor, Thing, require
from app.record import commitments

KINDS = ("notice", "next-step")
TITLE_LIMIT, BODY_LIMIT = 200, 10_000


@dataclass(frozen=True, slots=True)
class Wording:
    """What a notice says in one language; `date` is a next step's, in whichever language it is revised."""

    title: str
    body: str
    language: str
    date: dt.date | None = None


async def post(
    session: AsyncSession, actor: Actor, consultation: UUID, kind: str, given: Wording, id: UUID | None = None
) -> Notice:  # fmt: skip
    """Post a notice. With `id` (a form's) a second one of the same returns the first.

    Raises Unauthenticated, Forbidden, Invalid with a sentence for each field.
    """
    require(actor, "notice.manage", Thing(consultation))
    await take_turn(session, consultation)
    if id is not None and (earlier := await session.get(Notice, id)):
        return _within(earlier, consultation)
    wording = checked(kind, given)
    notice = Notice(
        id=id or clock.new_id(), consultation_id=consultation, kind=kind, date=wording.date,
        language=wording.language, posted=clock.now(),
    )  # fmt: skip
    said = _text(notice.id, wording)
    session.add(notice)
    await session.flush()
    session.add(said)
    await session.flush()
    said.seq = await enter(
        session, actor, consultation, "notice.posted", notice.id, language=said.language, hash=said.hash
    )
    await session.flush()
    return notice


async def revise(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, given: Wording) -> Notice:
    """Let a notice say this in its language, or in another that it has or has not been translated into yet.

    Of an earlier wording only its hash stays, in the record. Raises as `post`, and NotFound; Conflict for a notice that
    was taken back.
    """
    require(actor, "notice.manage", Thing(consultation))
    notice = await _found(session, consultation, id)
    if notice.removed is not None:
        raise errors.Conflict(_("This notice was taken back. Post another one."))
    wording = checked(notice.kind, given)
    earlier = await session.get(NoticeText, (id, wording.language))
    same = earlier is not None and (earlier.title, earlier.body) == (wording.title, wording.body)
    changed = [] if same else ["text" if wording.language == notice.language else "translation"]
    changed += ["date"] if notice.date != wording.date else []
    if not changed:
        return notice
    notice.date, notice.revised = wording.date, clock.now()
    said = earlier if same and earlier else await session.merge(_text(id, wording))
    await session.flush()
    said.seq = await enter(
        session, actor, consultation, "notice.revised", id, language=said.language, hash=said.hash, changed=changed
    )
    await session.flush()
    return notice


async def take_back(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, reason: str) -> Notice:
    """Take a notice back, with a reason for everyone to read: its words are destroyed. Done twice, it is done once.

    Raises NotFound, Forbidden, Invalid for the reason.
    """
    require(actor, "notice.manage", Thing(consultation))
    notice, why = await _found(session, consultation, id), ground(reason)
    if notice.removed is not None:
        return notice
    await session.execute(delete(NoticeText).where(NoticeText.notice_id == id))
    notice.removed, notice.reason, notice.salt, notice.hash = clock.now(), why.reason, why.salt, why.hash
    await session.flush()
    notice.seq = await enter(session, actor, consultation, "notice.removed", id, hash=why.hash)
    await session.flush()
    return notice


def checked(kind: str, given: Wording) -> Wording:
    """The wording as it is stored. Raises Invalid."""
    faults: dict[str, str] = {}
    if kind not in KINDS:
        faults["kind"] = _("Please choose whether it is a notice or a next step.")
    title, body = _title(given.title, faults), _body(given.body, faults)
    language = given.language
    try:
        language = text.language_tag(given.language)
    except ValueError as fault:
        faults["language"] = _("The language %(fault)s.", fault=fault)
    if given.date is not None and kind != "next-step":
        faults["date"] = _("Only a next step has a date here; write others in the text.")
    elif given.date is not None and not FIRST_YEAR <= given.date.year <= LAST_YEAR:
        faults["date"] = _("Please choose a date before the year %(value)s.", value=LAST_YEAR + 1)
    if faults:
        raise errors.Invalid(faults)
    return Wording(title, body, language, given.date)


def _title(given: str, faults: dict[str, str]) -> str:
    try:
        title = text.line(given)
    except ValueError as fault:
        faults["title"] = _("This %(fault)s.", fault=fault)
        return ""
    if not title:
        faults["title"] = _("Please give it a title: it is what people see in the list.")
    elif len(title) > TITLE_LIMIT:
        faults["title"] = _("This has %(count)s characters; at most %(most)s fit.", count=len(title), most=TITLE_LIMIT)
    return title


def _body(given: str, faults: dict[str, str]) -> str:
    try:
        body = text.paragraphs(given)
    except ValueError as fault:
        faults["body"] = _("This %(fault)s.", fault=fault)
        return ""
    if not body or ("&" in body and not text.visible(unescape(body))):  # Markdown takes &nbsp; for a space
        faults["body"] = _("Please write your text here.")
    elif len(body) > BODY_LIMIT:
        count, most = number(len(body)), number(BODY_LIMIT)
        faults["body"] = _("This has %(count)s characters; at most %(most)s fit.", count=count, most=most)
    return body


def _text(notice: UUID, wording: Wording) -> NoticeText:
    salt = commitments.fresh_salt()
    return NoticeText(
        notice_id=notice, language=wording.language, title=wording.title, body=wording.body,
        html=text.markdown(wording.body), salt=salt,
        hash=commitments.text_commitment(salt, wording.title, wording.body, wording.language),
    )  # fmt: skip


async def _found(session: AsyncSession, consultation: UUID, id: UUID) -> Notice:
    notice = await session.get(Notice, id, with_for_update={"key_share": True}, populate_existing=True)
    if notice is None:
        raise errors.NotFound(_("There is no such notice."))
    return _within(notice, consultation)


def _within(notice: Notice, consultation: UUID) -> Notice:
    if notice.consultation_id != consultation:
        raise errors.NotFound(_("There is no such notice."))
    return notice
