"""Codes put on texts and taken off, and texts marked as read. Each verb: require, change, append, return.

Codings of several rapporteurs are kept apart: each takes off only their own.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.contributions import quoting
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis import passages
from app.synthesis.code_book import new_code, require_in_use, tell
from app.synthesis.code_words import CodeWords, cleaned_name
from app.synthesis.coders import coder_of, take_turn
from app.synthesis.coding_models import Code, Coder, Coding, TextRead

MOST = 50  # codes at once, and texts marked as read at once


async def put(
    session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID, codes: Collection[UUID] = (), *,
    name: str = "", passage: str = "", revision: int | None = None,
) -> Sequence[Coding]:  # fmt: skip
    """Put these codes, and one of this name (made where there is none), on a public text or on a passage of it: of its
    newest revision, unless another is named. The text counts as read. The same again is the same coding.

    Raises Unauthenticated, Forbidden, Conflict; Invalid for a text that the public does not read, a passage that is not
    in the revision, and a code that is not in use.
    """
    require(actor, "code.make", Thing(consultation))
    quoted = await _quotable(session, consultation, contribution, revision)
    require(actor, "text.code", Thing(consultation, topic=quoted.topic))
    faults: dict[str, str] = {}
    begin, end = _place(passage, quoted.body, faults)
    called = cleaned_name(name, faults)
    if not codes and not called and "name" not in faults:
        faults["codes"] = _("Please choose a code, or write the name of a new one.")
    if faults:
        raise errors.Invalid(faults)
    chosen = set(codes) | ({await _called(session, actor, consultation, called)} if called else set())
    await _require_codes(session, consultation, chosen)
    coder = await coder_of(session, consultation, person=actor.person)
    await _store(session, consultation, chosen, quoted, (begin, end), coder)
    await _mark(session, actor, consultation, {contribution: quoted.revision})
    await _tell(session, actor, consultation, "put", [contribution])
    query = select(Coding).where(
        Coding.contribution_id == contribution, Coding.coder_id == coder, Coding.code_id.in_(chosen),
        Coding.revision == quoted.revision, Coding.begin.is_not_distinct_from(begin),
        Coding.end.is_not_distinct_from(end),
    )  # fmt: skip
    return (await session.scalars(query.order_by(Coding.id))).all()


async def take_off(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> None:
    """Take one's own coding off; a memo about it goes with it. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "code.make", Thing(consultation))
    query = (
        select(Coding, Coder.person_id)
        .join(Coder, Coder.id == Coding.coder_id)
        .where(Coding.id == id, Coding.consultation_id == consultation)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such coding."))
    coding, person = row
    if person is None or person != actor.person:
        raise errors.Forbidden(_("Codings are kept apart: each rapporteur takes off only their own."))
    await session.delete(coding)
    await session.flush()
    await _tell(session, actor, consultation, "take_off", [coding.contribution_id])


async def mark_read(session: AsyncSession, actor: Actor, consultation: UUID, read: Mapping[UUID, int]) -> int:
    """Say that one has read these revisions of public texts. What is revised later is to be read again.

    Returns how many are marked. Raises Unauthenticated, Forbidden, Invalid.
    """
    require(actor, "outcome.read", Thing(consultation))
    if not 0 < len(read) <= MOST:
        raise errors.Invalid({"items": _("Please choose between one and %(most)s contributions.", most=MOST)})
    public = await quoting.published_among(session, consultation, read)
    if len(public) < len(read):
        raise errors.Invalid({"items": _("Not all of these are public in this consultation. Please choose again.")})
    stand = await quoting.standings(session, public, held=True)
    kept = {id: min(revision, stand[id].current or 1) for id, revision in read.items() if revision > 0}
    await _mark(session, actor, consultation, kept)
    await _tell(session, actor, consultation, "read", list(kept))
    return len(kept)


async def mark_unread(session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID) -> None:
    """Let a text be one that this rapporteur has not read yet. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    its = (
        delete(TextRead)
        .where(
            TextRead.person_id == actor.person,
            TextRead.contribution_id == contribution,
            TextRead.consultation_id == consultation,
        )
        .returning(TextRead.contribution_id)
    )
    if await session.scalar(its) is not None:
        await _tell(session, actor, consultation, "unread", [contribution])


def _place(passage: str, body: str, faults: dict[str, str]) -> tuple[int | None, int | None]:
    try:
        return passages.place_of(passage, body) or (None, None)
    except errors.Invalid as invalid:
        faults.update(invalid.fields)
        return None, None


async def _quotable(
    session: AsyncSession, consultation: UUID, contribution: UUID, revision: int | None
) -> quoting.Quotable:
    try:
        return await quoting.quotable(session, consultation, contribution, revision, held=True)
    except errors.NotFound as nothing:
        raise errors.Invalid({"contribution": nothing.message}) from None


async def _called(session: AsyncSession, actor: Actor, consultation: UUID, name: str) -> UUID:
    """The code of this name, wherever in the tree it stands; a new one where there is none in use."""
    await take_turn(session, consultation)
    query = select(Code.id, Code.name).where(Code.consultation_id == consultation, Code.retired.is_(None))
    rows = (await session.execute(query.order_by(Code.id))).all()
    same = [row.id for row in rows if row.name.casefold() == name.casefold()]
    if same:
        return UUID(str(same[0]))
    code = await new_code(session, actor, consultation, CodeWords(name))
    await tell(session, actor, code, "make")
    return code.id


async def _require_codes(session: AsyncSession, consultation: UUID, chosen: Collection[UUID]) -> None:
    if len(chosen) > MOST:
        raise errors.Invalid({"codes": _("Please choose at most %(most)s codes at once.", most=MOST)})
    query = select(Code).where(Code.id.in_(chosen), Code.consultation_id == consultation).order_by(Code.id)
    codes = (await session.scalars(query.with_for_update(read=True).execution_options(populate_existing=True))).all()
    if len(codes) < len(chosen):
        raise errors.Invalid({"codes": _("There is no such code in use in this code book.")})
    for code in codes:
        require_in_use(code, "codes")


async def _store(
    session: AsyncSession, consultation: UUID, codes: Collection[UUID], quoted: quoting.Quotable,
    place: tuple[int | None, int | None], coder: UUID,
) -> None:  # fmt: skip
    rows = [
        {"id": clock.new_id(), "consultation_id": consultation, "code_id": code, "coder_id": coder,
         "contribution_id": quoted.contribution, "revision": quoted.revision, "begin": place[0], "end": place[1],
         "made": clock.now()}
        for code in sorted(codes)
    ]  # fmt: skip
    await session.execute(insert(Coding).on_conflict_do_nothing(), rows)


async def _mark(session: AsyncSession, actor: Actor, consultation: UUID, read: Mapping[UUID, int]) -> None:
    if not read:
        return
    rows = [
        {"person_id": actor.person, "contribution_id": id, "consultation_id": consultation, "revision": revision,
         "read": clock.now()}
        for id, revision in sorted(read.items())
    ]  # fmt: skip
    written = insert(TextRead)
    # Whoever codes an earlier revision has read the later one all the same.
    renewed = {"revision": func.greatest(TextRead.revision, written.excluded.revision), "read": written.excluded.read}
    same = ["person_id", "contribution_id"]
    await session.execute(written.on_conflict_do_update(index_elements=same, set_=renewed), rows)


async def _tell(
    session: AsyncSession, actor: Actor, consultation: UUID, act: str, contributions: Sequence[UUID]
) -> None:
    if not contributions:
        return
    entries = [
        record.Draft("text.coded", id, {"contribution": id, "act": act, "person": actor.person}) for id in contributions
    ]
    turn = await record.take_turn(session, "staff", consultation, entries=len(entries))
    await record.write(session, turn, entries)
