"""What search looks through: a row for each contribution while it is public, and none a moment longer.

Rows reference publications and go with them. They are written by publishing.py alone.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, Uuid, bindparam, cast, column, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.models import Contribution, Revision, SearchText
from app.contributions.search_facets import facets
from app.contributions.search_words import Findable, findable
from app.database.prepared import Bound, Prepared

_BETWEEN, _END = " ", "\x1f"  # between the parts of what Postgres takes apart again: it has no arrays of arrays


async def make_findable(session: AsyncSession, *texts: tuple[Contribution, Revision]) -> None:
    """Let contributions be found by the words of their public revisions. Their publications are there already."""
    await _KEEP.rows(session, **_values(texts, [findable_of(revision) for _contribution, revision in texts]))


def findable_of(revision: Revision) -> Findable:
    """What a revision is found by."""
    return findable(revision.title, revision.body or "", revision.language)


def finding(contribution: Contribution, revision: Revision, found: Findable) -> Bound:
    """What `make_findable` does, for a statement that writes the publication as well."""
    return _KEEP.bound(**_values([(contribution, revision)], [found]))


def _values(texts: Sequence[tuple[Contribution, Revision]], found: Sequence[Findable]) -> dict[str, Any]:
    contributions = [contribution for contribution, _revision in texts]
    return {
        "id": [each.id for each in contributions],
        "consultation": [each.consultation_id for each in contributions],
        "number": [each.number for each in contributions],
        "channel": [each.channel for each in contributions],
        "published": [each.published for each in contributions],
        "configuration": [each.configuration for each in found],
        "title": [each.title for each in found],
        "body": [each.body for each in found],
        "bare": [each.bare for each in found],
        "pairs": [_BETWEEN.join(each.pairs) for each in found],
        "facets": [_packed(contribution, revision) for contribution, revision in texts],
    }


async def keep_facets(session: AsyncSession, contribution: Contribution, revision: Revision) -> None:
    """What a contribution is found by follows a change of what it is, not of what it says."""
    now = facets(contribution, revision)
    row = update(SearchText).where(SearchText.contribution_id == contribution.id)
    row = row.where(SearchText.facets != now)  # to write it anew costs as much as all of its words
    await session.execute(row.values(facets=now))


def _packed(contribution: Contribution, revision: Revision) -> str:
    return _END.join(facets(contribution, revision))


_COLUMNS: dict[str, Any] = {
    "id": Uuid(), "consultation": Uuid(), "number": Integer(), "channel": Text(), "published": TIMESTAMP(timezone=True),
    "configuration": Text(), "title": Text(), "body": Text(), "bare": Text(),
    "pairs": Text(), "facets": Text(),
}  # fmt: skip
_GIVEN = (
    func.unnest(*(bindparam(name, type_=ARRAY(type_)) for name, type_ in _COLUMNS.items()))
    .table_valued(*(column(name, type_) for name, type_ in _COLUMNS.items()), name="given")
    .render_derived()
)


def _words() -> ColumnElement[str]:
    """What is in the title weighs more."""
    language = cast(_GIVEN.c.configuration, REGCONFIG)
    title = func.setweight(func.to_tsvector(language, _GIVEN.c.title), literal_column("'A'"))
    rest = [func.to_tsvector(language, each) for each in (_GIVEN.c.body, _GIVEN.c.bare)]
    pairs = func.array_to_tsvector(func.string_to_array(_GIVEN.c.pairs, _BETWEEN))
    return reduce(lambda left, right: left.op("||")(right), [*rest, pairs], title)


_NAMES = ("contribution_id", "consultation_id", "number", "channel", "published", "words", "facets")
_FACETS = func.string_to_array(_GIVEN.c.facets, _END)
_ROWS = select(
    *(_GIVEN.c[name] for name in ("id", "consultation", "number", "channel", "published")), _words(), _FACETS
)
_NEW = insert(SearchText).from_select(_NAMES, _ROWS, include_defaults=False)
_ANEW = {name: _NEW.excluded[name] for name in ("words", "facets")}
_KEEP = Prepared(_NEW.on_conflict_do_update(index_elements=["contribution_id"], set_=_ANEW))
