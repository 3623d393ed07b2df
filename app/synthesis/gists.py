"""Gists: what a contribution says, in one line, for all rapporteurs of the consultation. Never public.

There is one for each contribution. Any rapporteur of its topic may reword it, or take it away.
"""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.contributions import quoting
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.code_words import gist_of
from app.synthesis.coders import coder_of
from app.synthesis.coding_models import Gist


async def write(
    session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID, body: str, *,
    revision: int | None = None, seen: str | None = None,
) -> Gist:  # fmt: skip
    """Say in one line what a public text says: its newest revision, unless another is named. The same again changes
    nothing.

    `seen` is the gist that its writer had before them, empty where there was none: whoever saves over a later one of
    somebody else's is told first. Raises Unauthenticated, Forbidden, NotFound, Invalid, Conflict.
    """
    quoted = await _require_text(session, actor, consultation, contribution, revision)
    words = gist_of(body)
    present = await _present(session, contribution)
    if present is not None and (present.body, present.revision) == (words, quoted.revision):
        return present
    if seen is not None and seen != (present.body if present else ""):
        raise _overtaken()
    gist = await _kept(session, actor, present, Gist(
        contribution_id=contribution, consultation_id=consultation, revision=quoted.revision, body=words
    ))  # fmt: skip
    await _tell(session, actor, consultation, contribution, "gist")
    return gist


async def remove(session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID) -> None:
    """Take the gist of a public text away, whoever wrote it. Raises Unauthenticated, Forbidden, NotFound."""
    await _require_text(session, actor, consultation, contribution)
    gone = delete(Gist).where(Gist.contribution_id == contribution).returning(Gist.contribution_id)
    if await session.scalar(gone) is None:
        raise errors.NotFound(_("This text has no gist."))
    await _tell(session, actor, consultation, contribution, "ungist")


async def _require_text(
    session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID, revision: int | None = None
) -> quoting.Quotable:
    require(actor, "outcome.read", Thing(consultation))
    quoted = await quoting.quotable(session, consultation, contribution, revision, held=True)
    require(actor, "text.gist", Thing(consultation, topic=quoted.topic))
    return quoted


async def _present(session: AsyncSession, contribution: UUID) -> Gist | None:
    query = select(Gist).where(Gist.contribution_id == contribution).with_for_update()
    found: Gist | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def _kept(session: AsyncSession, actor: Actor, present: Gist | None, new: Gist) -> Gist:
    row = {
        "revision": new.revision, "body": new.body, "written": clock.now(),
        "coder_id": await coder_of(session, new.consultation_id, person=actor.person),
    }  # fmt: skip
    if present is not None:
        for name, value in row.items():
            setattr(present, name, value)
        await session.flush()
        return present
    row |= {"contribution_id": new.contribution_id, "consultation_id": new.consultation_id}
    made = insert(Gist).values(row).on_conflict_do_nothing().returning(Gist)
    found: Gist | None = await session.scalar(made)
    if found is None:  # somebody wrote the first one at the same moment
        raise _overtaken()
    return found


def _overtaken() -> errors.Conflict:
    return errors.Conflict(
        _("Somebody else has worded this gist meanwhile. Look at theirs: if you save again, yours takes its place.")
    )


async def _tell(session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID, act: str) -> None:
    said = {"contribution": contribution, "act": act, "person": actor.person}
    await record.append(session, consultation, "text.coded", contribution, **said)
