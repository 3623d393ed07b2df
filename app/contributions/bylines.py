"""How a revision is signed in public. What a byline withholds is not written on the revision at all."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.byline import Signature
from app.accounts.vocabulary import BYLINES
from app.contributions.models import Author, Revision
from app.database.prepared import Prepared
from app.language import gettext as _

_NAME = ("author_id", "author_name")
_ORGANISATION = (
    "organisation_id", "organisation_name", "organisation_kind", "organisation_country", "organisation_region",
    "mandate",
)  # fmt: skip


def shown(byline: str, author: UUID, signature: Signature) -> dict[str, Any]:
    """The columns of a revision that show who speaks, under this byline.

    Raises Invalid where the byline names an organisation and the author speaks for none.
    """
    if byline == "anonymous":
        return {"byline": byline, "capacity": "personal"}
    if byline == "organisation" and signature.capacity != "organisation":
        raise errors.Invalid(
            {"byline": _("To show only your organisation, write on its behalf; or choose “anonymous”.")}
        )
    columns: dict[str, Any] = {"byline": byline, "capacity": signature.capacity}
    if signature.capacity == "organisation":
        columns |= {name: getattr(signature, name) for name in _ORGANISATION}
    if byline == "full":
        columns |= {"author_id": author, "author_name": signature.author_name}
    return columns


def is_lower(byline: str, than: str) -> bool:
    """Whether `byline` shows less. Raises Invalid for what is no byline."""
    if byline not in BYLINES:
        raise errors.Invalid({"byline": _("The byline is one of %(choice)s.", choice=", ".join(BYLINES))})
    return BYLINES.index(byline) > BYLINES.index(than)


async def lower_all(session: AsyncSession, contribution: UUID, byline: str) -> None:
    """Take from every revision of a contribution what `byline` withholds."""
    empty: dict[str, Any] = dict.fromkeys(_NAME)
    if byline == "anonymous":
        empty |= dict.fromkeys(_ORGANISATION) | {"capacity": "personal"}
    above = BYLINES[: BYLINES.index(byline)]
    await session.execute(
        update(Revision)
        .where(Revision.contribution_id == contribution, Revision.byline.in_(above))
        .values(byline=byline, **empty)
        .execution_options(synchronize_session="fetch")
    )


async def author_of(session: AsyncSession, consultation: UUID, person: UUID) -> UUID:
    """The person's author id in this consultation, made at the first text."""
    mine = {"consultation": consultation, "person": person}
    found = await _AUTHOR.row(session, **mine)
    if found is None:
        row = {"id": clock.new_id(), "consultation_id": consultation, "person_id": person}
        await session.execute(upsert(Author).values(row).on_conflict_do_nothing())
        found = await _AUTHOR.row(session, **mine)
    assert found is not None  # just made, or made by somebody else meanwhile
    author: UUID = found["id"]
    return author


_AUTHOR = Prepared(
    select(Author.id).where(
        Author.consultation_id == bindparam("consultation", type_=Uuid()),
        Author.person_id == bindparam("person", type_=Uuid()),
    )
)


async def authors_named(session: AsyncSession, consultation: UUID, names: Collection[str]) -> dict[str, UUID]:
    """The author ids of names without an account, by name, made where they are new."""
    named = select(Author.name, Author.id).where(
        Author.consultation_id == consultation, Author.person_id.is_(None), Author.name.in_(set(names))
    )
    found = await _by_name(session, named)
    new = sorted(set(names) - found.keys())
    if not new:
        return found
    rows = [{"id": clock.new_id(), "consultation_id": consultation, "name": name} for name in new]
    await session.execute(upsert(Author).on_conflict_do_nothing(), rows)
    return await _by_name(session, named)


async def _by_name(session: AsyncSession, named: Executable) -> dict[str, UUID]:
    return {row.name: row.id for row in await session.execute(named)}
