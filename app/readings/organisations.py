"""Organisations that are named in public in a consultation: in bylines that show them, and where they endorse.

Read as the reader, from what is public alone: what a byline withholds is not here. Names that organisers said are one
organisation's are one; each text keeps the name that it was signed with.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, cast, column, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.accounts.models import OrganisationAlias
from app.accounts.organisation_names import matched
from app.consultations.models import Consultation
from app.contributions.models import Contribution, Publication, Revision
from app.contributions.public_row import NO_ORGANISATIONS
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.views import ContributionView, view

PAGE = 20
_MOST_KEPT = 200


@dataclass(slots=True)
class OrganisationView:
    """One organisation: what it is called and says of itself most often, and how often it is heard here."""

    id: UUID
    name: str = ""
    kind: str | None = None
    country: str | None = None
    region: str | None = None
    texts: int = 0
    endorsements: int = 0
    confirmed: bool = False  # somebody's mandate to speak for it was, in a text or an endorsement
    ids: set[UUID] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)
    said: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)  # kind, country, region

    @property
    def also(self) -> list[str]:
        """What else it was called here."""
        return sorted(name for name in self.names if name != self.name)


@dataclass(frozen=True, slots=True)
class Organisations:
    """All of a consultation, by name, as of one entry of its record."""

    size: int
    listed: Sequence[OrganisationView]

    def one(self, id: UUID) -> OrganisationView:
        """The organisation with this id, or with another name's. Raises NotFound."""
        for each in self.listed:
            if id in each.ids:
                return each
        raise errors.NotFound(_("There is no such organisation here."))


@dataclass(frozen=True, slots=True)
class Merged:
    """A name that is another organisation's."""

    alias: UUID
    alias_name: str
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Texts:
    """One page of what an organisation published or endorsed, newest first."""

    items: Sequence[ContributionView]
    next_before: int | None


async def organisations(connection: AsyncConnection, consultation: ConsultationView) -> Organisations:
    """The organisations of a consultation as they are: a name that is withheld from now on is not kept a moment."""
    kept = _KEPT.get(consultation.id)
    if kept is not None and kept.size == consultation.size:
        return kept
    merged = {each.alias: each for each in await merged_in(connection, consultation.id)}
    found = Organisations(consultation.size, await _read(connection, consultation.id, merged))
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    _KEPT[consultation.id] = found
    return found


async def merged_in(connection: AsyncConnection, consultation: UUID) -> list[Merged]:
    """The names that are another organisation's, as its organisers said."""
    columns = (
        OrganisationAlias.alias_id, OrganisationAlias.alias_name, OrganisationAlias.organisation_id,
        OrganisationAlias.organisation_name,
    )  # fmt: skip
    query = select(*columns).where(OrganisationAlias.consultation_id == consultation)
    return [Merged(*row) for row in await connection.execute(query.order_by(OrganisationAlias.alias_name))]


async def texts_of(
    connection: AsyncConnection, consultation: UUID, ids: Collection[UUID], *, endorsed: bool,
    before: int | None = None,
) -> Texts:  # fmt: skip
    """What is public in the name of an organisation with these ids or, else, what it endorses."""
    columns = (Publication.number, Publication.document, Publication.replies, Publication.endorsements)
    query = select(*columns).where(Publication.consultation_id == consultation)
    if endorsed:
        query = query.where(Publication.endorsers != NO_ORGANISATIONS, or_(*map(_is_named, sorted(ids))))
    else:
        signed = select(Revision.contribution_id).where(Revision.state == "public", Revision.organisation_id.in_(ids))
        query = query.where(Publication.contribution_id.in_(signed))
    if before is not None:
        query = query.where(Publication.number < min(before, 2**31 - 1))
    rows = (await connection.execute(query.order_by(Publication.number.desc()).limit(PAGE + 1))).all()
    items = [view(row.document, row.replies, row.endorsements) for row in rows[:PAGE]]
    return Texts(items, rows[PAGE - 1].number if len(rows) > PAGE else None)


async def names_beginning(connection: AsyncConnection, begins: str, most: int) -> list[str]:
    """Names of organisations that are public anywhere, a word of which begins so: for who types one."""
    sought = matched(begins)
    if len(sought) < 2:
        return []
    signed: Any = (
        select(Revision.organisation_name)
        .join(Contribution, _PUBLISHED)
        .join(Consultation, Consultation.id == Contribution.consultation_id)  # not where it is private
        .where(Revision.state == "public", Revision.organisation_id.is_not(None))
    )
    endorsed = (
        select(_named("name"))
        .select_from(Publication)
        .join(_ENDORSERS, true())
        .join(Consultation, Consultation.id == Publication.consultation_id)
        .where(Publication.endorsers != NO_ORGANISATIONS)
    )
    names = {name: matched(name) for name in await connection.scalars(signed.union(endorsed))}
    merged = select(OrganisationAlias.alias_name, OrganisationAlias.organisation_name).join(
        Consultation, Consultation.id == OrganisationAlias.consultation_id
    )
    main = {alias: name for alias, name in await connection.execute(merged) if name in names}
    found = {main.get(name, name) for name, key in names.items() if f" {sought}" in f" {key}"}
    return sorted(found, key=lambda name: (not names[name].startswith(sought), names[name], name))[:most]


def _named(key: str) -> Any:
    """One field of the organisations that endorse a text, each a row."""
    return _ENDORSERS.c.value[key].astext


def _is_named(id: UUID) -> ColumnElement[bool]:
    """Whether the organisation with this id endorses a text."""
    return func.position(literal(f'"id":"{id}"'.encode()).op("IN")(Publication.endorsers)) > 0


async def _read(
    connection: AsyncConnection, consultation: UUID, merged: Mapping[UUID, Merged]
) -> list[OrganisationView]:  # fmt: skip
    found: dict[UUID, OrganisationView] = {}
    for row in await connection.execute(_SIGNED, {"consultation": consultation}):
        here = _of(found, merged, row)
        here.texts += row.times
        here.confirmed |= row.mandate == "confirmed"
    for row in await connection.execute(_ENDORSED, {"consultation": consultation}):
        here = _of(found, merged, row)
        here.endorsements += row.times
        here.confirmed = True
    for each in merged.values():
        if each.id in found:
            found[each.id].name = each.name
    return sorted(map(_described, found.values()), key=lambda each: (matched(each.name), each.name))


def _of(found: dict[UUID, OrganisationView], merged: Mapping[UUID, Merged], row: Any) -> OrganisationView:
    id = merged[row.id].id if row.id in merged else row.id
    here = found.setdefault(id, OrganisationView(id))
    here.ids |= {id, row.id}
    here.names[row.name] += row.times
    here.said[row.kind, row.country, row.region] += row.times
    return here


def _described(each: OrganisationView) -> OrganisationView:
    each.name = each.name or _most(each.names)
    each.kind, each.country, each.region = _most(each.said)
    return each


def _most(counted: Counter[Any]) -> Any:
    """What was said most often; the first in order of those that are equal, so that every process says the same."""
    return min(counted, key=lambda said: (-counted[said], str(said)))


_KEPT: dict[UUID, Organisations] = {}
_CONSULTATION = bindparam("consultation", type_=Uuid())
# Not by publications: all of them would be read, with their documents.
_PUBLISHED = (Contribution.id == Revision.contribution_id) & (Contribution.status == "published")
_ENDORSERS: Any = (
    func.jsonb_array_elements(cast(func.convert_from(Publication.endorsers, "UTF8"), JSONB))
    .table_valued(column("value", JSONB()))
    .lateral("each")
)
_FIELDS = ("id", "name", "kind", "country", "region")
_BYLINE = [getattr(Revision, f"organisation_{name}").label(name) for name in _FIELDS]
_SIGNED = (
    select(*_BYLINE, Revision.mandate, func.count().label("times"))
    .join(Contribution, _PUBLISHED)
    .where(
        Contribution.consultation_id == _CONSULTATION, Revision.state == "public", Revision.organisation_id.is_not(None)
    )
    .group_by(*_BYLINE, Revision.mandate)
)
_SUPPORT = [cast(_named("id"), Uuid()).label("id"), *(_named(name).label(name) for name in _FIELDS[1:])]
_ENDORSED = (
    select(*_SUPPORT, func.count().label("times"))
    .select_from(Publication)
    .join(_ENDORSERS, true())
    .where(Publication.consultation_id == _CONSULTATION, Publication.endorsers != NO_ORGANISATIONS)
    .group_by(*_SUPPORT)
)
