"""Who contributed, as they wished to be named: from the bylines of what is public now, and from nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Publication, Revision


@dataclass(frozen=True, slots=True)
class Contributor:
    """An organisation, with those who let themselves be named for it; or, without a kind, a person."""

    name: str
    kind: str | None
    country: str | None
    people: Sequence[str]
    texts: int


@dataclass(frozen=True, slots=True)
class Contributors:
    """Organisations by kind, people who speak for themselves, and how many texts name nobody."""

    organisations: Mapping[str, Sequence[Contributor]]
    persons: Sequence[Contributor]
    withheld: int


async def contributors(connection: AsyncConnection, consultation: UUID) -> Contributors:
    """All who contributed to a consultation; facilitators' notes are not counted."""
    byline = (Revision.organisation_id, Revision.organisation_name, Revision.organisation_kind,
              Revision.organisation_country, Revision.author_name)  # fmt: skip
    query = (
        select(*byline, func.count().label("texts"))
        .join(Publication, Publication.contribution_id == Revision.contribution_id)
        .where(Publication.consultation_id == consultation, Publication.kind != "note", Revision.state == "public")
        .group_by(*byline)
        .order_by(Revision.author_name, Revision.organisation_name)
    )
    named: dict[tuple[str | UUID, str | None, str | None], Contributor] = {}
    persons: list[Contributor] = []
    withheld = 0
    for row in await connection.execute(query):
        if row.organisation_name:
            key = (row.organisation_id or row.organisation_name, row.organisation_kind, row.organisation_country)
            before = named.get(key)
            people = dict.fromkeys((*(before.people if before else ()), *filter(None, (row.author_name,))))
            texts = row.texts + (before.texts if before else 0)
            named[key] = Contributor(
                row.organisation_name, row.organisation_kind or "other", row.organisation_country, tuple(people), texts
            )
        elif row.author_name:
            persons.append(Contributor(row.author_name, None, None, (), row.texts))
        else:
            withheld += row.texts
    kinds: dict[str, list[Contributor]] = {}
    for each in sorted(named.values(), key=lambda each: (each.country or "~", each.name.casefold(), each.name)):
        kinds.setdefault(each.kind or "other", []).append(each)
    return Contributors(kinds, sorted(persons, key=lambda each: (each.name.casefold(), each.name)), withheld)
