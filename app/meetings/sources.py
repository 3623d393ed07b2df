"""Asking the source: a link by mail, with which whoever said it confirms a transcription or says that it is wrong.

The link works once, for thirty days; opening it changes nothing. Its secret part is an HMAC under the server's key:
nothing stores it. The address is kept until there is an answer or the link has expired.
"""

import hmac
from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.accounts.people import email_address, interface_language
from app.accounts.tokens import sealed
from app.consultations.floor import floor_of
from app.contributions import transcripts, writing
from app.contributions.acting import to_act_on
from app.contributions.states import in_words
from app.language import gettext as _
from app.language import number
from app.meetings.models import Source
from app.permissions import Actor

if TYPE_CHECKING:
    from app.contributions.models import Contribution

LASTS = timedelta(days=30)
WORDS_LIMIT = 2_000
MOST_ASKED = 10  # times for one text: nobody is to be pestered
_OPEN_STATES = ("pending", "published")

State = Literal["good", "answered", "expired", "gone", "unknown"]


def link_path(source: UUID) -> str:
    """The path of a source's link. GET shows the text and two buttons; only POST uses it up."""
    return f"/source/{source}/{_token(source)}"


def holds_link(source: UUID, token: str) -> bool:
    """Whether this is the secret part of the source's link."""
    return hmac.compare_digest(token.encode(errors="replace"), _token(source).encode())


async def ask(session: AsyncSession, actor: Actor, contribution_id: UUID, email: str, language: str | None) -> Source:
    """Ask whoever said it whether the transcription is right; the worker sends the mail. An earlier link stops working.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    contribution, _floor, _owner = await to_act_on(session, actor, "contribution.transcribe", contribution_id)
    address = email_address(email)
    if not transcripts.is_transcript(contribution.provenance):
        raise errors.Conflict(
            _("Its author wrote this here; only what was transcribed can be confirmed by its source.")
        )
    if contribution.status not in _OPEN_STATES:
        raise errors.Conflict(
            _("This contribution is %(status)s; there is nothing to confirm.", status=in_words(contribution.status))
        )
    asked = (await session.scalars(select(Source.id).where(Source.contribution_id == contribution.id))).all()
    if len(asked) >= MOST_ASKED:
        raise errors.Conflict(_("The source was asked %(most)s times, which is the most.", most=MOST_ASKED))
    now = clock.now()
    await session.execute(
        update(Source)
        .where(Source.contribution_id == contribution.id, Source.answered.is_(None), Source.expires > now)
        .values(expires=now, email=None)
    )
    source = Source(
        id=clock.new_id(), consultation_id=contribution.consultation_id, contribution_id=contribution.id,
        email=address, language=interface_language(language), asked_by=actor.person, created=now, expires=now + LASTS,
    )  # fmt: skip
    session.add(source)
    await session.flush()
    await _tell(session, source, "source.asked")
    return source


async def answer(
    session: AsyncSession, source_id: UUID, token: str, revision: UUID | None, *, right: bool, words: str = ""
) -> Source:
    """What the holder of the link says of the revision that they read. Who holds it needs no account.

    Raises NotFound for what is no link, Gone where it was used, is over or has lost its text, Conflict where the text
    is another by now, Invalid.
    """
    source = await session.get(Source, source_id) if holds_link(source_id, token) else None
    if source is None:
        raise errors.NotFound(_("There is no such link."))
    contribution, _owner = await writing.locked(session, source.contribution_id)  # before the source
    await session.refresh(source, with_for_update=True)
    require_answerable(source, contribution)
    said = _checked_words(words)
    current = await writing.current_revision(session, contribution)
    if current.id != revision or current.state not in ("public", "waiting"):
        raise errors.Conflict(_("The text was changed meanwhile. Please read it again."))
    source.answered, source.email = clock.now(), None
    source.answer, source.words = ("confirmed", None) if right else ("wrong", said)
    await session.flush()
    if right:
        floor = await floor_of(session, topic=contribution.topic_id)
        await transcripts.mark_confirmed(session, contribution, floor, current.number)
    await _tell(session, source, "source.confirmed" if right else "source.disputed")
    return source


def require_answerable(source: Source, contribution: "Contribution") -> None:
    """Raises Gone where this link has no use any more, and says why."""
    state = state_of(source, contribution.status)
    if state != "good":
        raise errors.Gone(
            {
                "answered": _("This link was used already: it works once."),
                "expired": _("This link is over: it works for thirty days, or until a new one is sent."),
                "gone": _("This text is no longer there, so there is nothing to confirm."),
            }[state]
        )


def state_of(source: Source, status: str) -> State:
    """What opening the link would do, for a contribution in this state."""
    if source.answered is not None:
        return "answered"
    if source.expires <= clock.now():
        return "expired"
    return "good" if status in _OPEN_STATES else "gone"


async def forget_addresses(session: AsyncSession) -> None:
    """Delete the addresses of links that are over."""
    over = update(Source).where(Source.email.is_not(None), Source.expires <= clock.now())
    await session.execute(over.values(email=None))


async def addressed_among(session: AsyncSession, sources: Collection[UUID]) -> set[UUID]:
    """Those of these sources that are still waited for."""
    query = select(Source.id).where(Source.id.in_(sources), Source.email.is_not(None), Source.expires > clock.now())
    return set(await session.scalars(query))


def _token(source: UUID) -> str:
    return sealed("source link", source.bytes).hex()


def _checked_words(words: str) -> str | None:
    try:
        clean = text.paragraphs(words)
    except ValueError as fault:
        raise errors.Invalid({"words": _("This %(fault)s.", fault=fault)}) from None
    if len(clean) > WORDS_LIMIT:
        raise errors.Invalid(
            {
                "words": _(
                    "At most %(most)s characters fit; there are %(count)s.",
                    most=number(WORDS_LIMIT),
                    count=number(len(clean)),
                )
            }
        )
    return clean or None


async def _tell(session: AsyncSession, source: Source, kind: str) -> None:
    await record.append(
        session, source.consultation_id, kind, source.contribution_id,
        contribution=source.contribution_id, source=source.id,
    )  # fmt: skip
