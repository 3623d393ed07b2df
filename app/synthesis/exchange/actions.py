"""Codes, codings, memos and gists taken from a file. Each verb: require, change, append to the staff log, return."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis import code_book
from app.synthesis.code_words import COLOURS
from app.synthesis.coders import coder_of, take_turn
from app.synthesis.coding_models import Code, CodeChange, Coding, Gist, Memo
from app.synthesis.exchange.ours import ours
from app.synthesis.exchange.plan import Plan
from app.synthesis.exchange.planning import planned
from app.synthesis.qdpx.model import Project


async def look(session: AsyncSession, actor: Actor, consultation: UUID, project: Project) -> Plan:
    """What taking in a file would do; nothing is done. Raises Unauthenticated, Forbidden."""
    require(actor, "code.manage", Thing(consultation))
    # Aside: tens of thousands of codings take a while, in which others want answers.
    return await asyncio.to_thread(planned, project, await ours(session, actor, consultation, project))


async def take_in(session: AsyncSession, actor: Actor, consultation: UUID, project: Project) -> Plan:
    """Take in what is new of a file. Codings stay apart, by the names that the file gives to those who made them;
    gists are of whoever brings them in.

    Returns what was done. Raises Unauthenticated, Forbidden; Conflict where nothing is new, or for too many codes.
    """
    require(actor, "code.manage", Thing(consultation))
    await take_turn(session, consultation)
    plan = await look(session, actor, consultation, project)
    if plan.empty:
        raise errors.Conflict(_("Nothing in this file is new here, so nothing was changed."))
    await _make_codes(session, actor, consultation, plan)
    coders = await _coders(session, consultation, plan)
    await _make_codings(session, consultation, plan, coders)
    places = await _places(session, consultation)
    await _make_memos(session, consultation, plan, coders, places)
    await _make_gists(session, actor, consultation, plan)
    await _tell(session, actor, consultation, plan, places)
    return plan


async def _make_codes(session: AsyncSession, actor: Actor, consultation: UUID, plan: Plan) -> None:
    if not plan.codes:
        return
    query = select(func.count()).where(Code.consultation_id == consultation)
    before = int(await session.scalar(query) or 0)
    if before + len(plan.codes) > code_book.MOST:
        raise errors.Conflict(_("This consultation has %(most)s codes, which is the most.", most=code_book.MOST))
    palette, now = list(COLOURS), clock.now()
    rows = [
        {"id": code.id, "consultation_id": consultation, "parent_id": code.words.parent, "name": code.words.name,
         "definition": code.words.definition, "colour": code.words.colour or palette[place % len(palette)],
         "made": now, "made_by": actor.person}
        for place, code in enumerate(plan.codes, before)
    ]  # fmt: skip
    await session.execute(insert(Code), rows)
    history: list[dict[str, Any]] = [
        {"id": clock.new_id(), "code_id": code.id, "act": "imported", "before": {}, "codings": 0,
         "person_id": actor.person, "at": now}
        for code in plan.codes
    ]  # fmt: skip
    await session.execute(insert(CodeChange), history)


async def _coders(session: AsyncSession, consultation: UUID, plan: Plan) -> Mapping[UUID | str, UUID]:
    """The coder that each is here, made where there is none of that name yet."""
    wanted = dict.fromkeys([coding.coder for coding in plan.codings] + [memo.coder for memo in plan.memos])
    return {
        coder: coder if isinstance(coder, UUID) else await coder_of(session, consultation, name=coder)
        for coder in wanted
    }


async def _make_codings(
    session: AsyncSession, consultation: UUID, plan: Plan, coders: Mapping[UUID | str, UUID]
) -> None:
    rows: list[dict[str, Any]] = []
    for coding in plan.codings:
        code, contribution, revision, begin, end = coding.place
        rows.append(
            {"id": coding.id, "consultation_id": consultation, "code_id": code, "contribution_id": contribution,
             "revision": revision, "begin": begin, "end": end, "coder_id": coders[coding.coder],
             "made": min(coding.made or clock.now(), clock.now())}
        )  # fmt: skip
    if rows:
        await session.execute(insert(Coding).on_conflict_do_nothing(), rows)


async def _places(session: AsyncSession, consultation: UUID) -> Mapping[UUID, UUID]:
    """The text that each coding of ours is on."""
    query = select(Coding.id, Coding.contribution_id).where(Coding.consultation_id == consultation)
    return {row.id: row.contribution_id for row in await session.execute(query)}


async def _make_memos(
    session: AsyncSession, consultation: UUID, plan: Plan, coders: Mapping[UUID | str, UUID],
    places: Mapping[UUID, UUID],
) -> None:  # fmt: skip
    # Somebody may have put the same code in the same place meanwhile: then there is no such coding of ours.
    rows = [
        {"id": clock.new_id(), "consultation_id": consultation, "code_id": None, "contribution_id": None,
         "coding_id": None, f"{memo.subject[0]}_id": memo.subject[1], "coder_id": coders[memo.coder],
         "body": memo.words, "made": min(memo.made or clock.now(), clock.now())}
        for memo in plan.memos
        if memo.subject[0] != "coding" or memo.subject[1] in places
    ]  # fmt: skip
    if rows:
        await session.execute(insert(Memo), rows)


async def _make_gists(session: AsyncSession, actor: Actor, consultation: UUID, plan: Plan) -> None:
    if not plan.gists:
        return
    coder, now = await coder_of(session, consultation, person=actor.person), clock.now()
    rows = [
        {"contribution_id": gist.contribution, "consultation_id": consultation, "revision": gist.revision,
         "body": gist.words, "coder_id": coder, "written": now}
        for gist in sorted(plan.gists, key=lambda gist: gist.contribution)
    ]  # fmt: skip
    made = insert(Gist)
    reworded = {name: made.excluded[name] for name in ("revision", "body", "coder_id", "written")}
    await session.execute(made.on_conflict_do_update(index_elements=["contribution_id"], set_=reworded), rows)


async def _tell(
    session: AsyncSession, actor: Actor, consultation: UUID, plan: Plan, places: Mapping[UUID, UUID]
) -> None:
    """One entry for each code and each text that something was added to."""
    codes = dict.fromkeys([code.id for code in plan.codes])
    texts = dict.fromkeys([coding.place[1] for coding in plan.codings] + [gist.contribution for gist in plan.gists])
    for memo in plan.memos:
        kind, id = memo.subject
        if kind == "code":
            codes[id] = None
        elif (about := id if kind == "contribution" else places.get(id)) is not None:
            texts[about] = None
    said = {"act": "import", "person": actor.person}
    drafts = [record.Draft("code.changed", id, {"code": id, **said}) for id in codes]
    drafts += [record.Draft("text.coded", id, {"contribution": id, **said}) for id in texts]
    if drafts:
        turn = await record.take_turn(session, "staff", consultation, entries=len(drafts))
        await record.write(session, turn, drafts)
