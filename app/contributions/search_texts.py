"""What search looks through: a row for each contribution while it is public, and none a moment longer.

Rows reference publications and go with them. They are written by publishing.py alone.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, Uuid, bindparam, cast, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.models import Contribution, Revision, SearchText
from app.contributions.search_words import Findable, findable
from app.database.prepared import Bound, Prepared

_BETWEEN = " "


async def make_findable(session: AsyncSession, *texts: tuple[Contribution, Revision]) -> None:
    """Let contributions be found by the words of their public revisions. Their publications are there already."""
    found = [findable_of(revision) for _contribution, revision in texts]
    await _KEEP.rows(session, **_values([contribution for contribution, _revision in texts], found))


def findable_of(revision: Revision) -> Findable:
    """What a revision is found by."""
    return findable(revision.title, revision.body or "", revision.language)


def finding(contribution: Contribution, found: Findable) -> Bound:
    """What `make_findable` does, for a statement that writes the publication as well."""
    return _KEEP.bound(**_values([contribution], [found]))


def _values(contributions: Sequence[Contribution], found: Sequence[Findable]) -> dict[str, Any]:
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
    }


_COLUMNS: dict[str, Any] = {
    "id": Uuid(), "consultation": Uuid(), "number": Integer(), "channel": Text(), "published": TIMESTAMP(timezone=True),
    "configuration": Text(), "title": Text(), "body": Text(), "bare": Text(),
    "pairs": Text(),
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


_NAMES = ("contribution_id", "consultation_id", "number", "channel", "published", "words")
_ROWS = select(*(_GIVEN.c[name] for name in ("id", "consultation", "number", "channel", "published")), _words())
_NEW = insert(SearchText).from_select(_NAMES, _ROWS, include_defaults=False)
_KEEP = Prepared(_NEW.on_conflict_do_update(index_elements=["contribution_id"], set_={"words": _NEW.excluded.words}))
