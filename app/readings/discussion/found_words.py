"""Which publications have the words that somebody looks for, and are what is asked for, as conditions of a query.

What is common is found soon among the first texts of a list, what is rare soon through the index; which of the two
something is, nobody knows before, Postgres least of all of several things together. So a list looks at some texts in
its own order first, and goes on by how many of those fit.
"""

from typing import Any

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, cast, distinct, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, array

from app.consultations.models import Topic
from app.contributions.search_facets import TOPIC
from app.contributions.search_words import CONFIGURATIONS, OTHER, Sought

FIRST_LOOK = 4_000  # texts
FOUND_COSTS = 8  # looks at a text in the order of a list, for one that the index finds somewhere
_WORDS, _BARE, _PAIRS, _EXCLUDED = (bindparam(name, type_=Text()) for name in ("words", "bare", "pairs", "excluded"))


def next_look(fitting: int, wanted: int, looked_at: int, texts: int, found_costs: int = FOUND_COSTS) -> int | None:
    """How many texts to look at, where fewer than wanted of the first ones fit; None where the index is the shorter
    way, which finds all that fit."""
    if not fitting:
        return None
    enough = 2 * wanted * looked_at // fitting
    return enough if enough < found_costs * texts * fitting // looked_at else None


def given_for(words: Sought) -> dict[str, str]:
    """The parameters of what follows."""
    return {"words": words.words, "bare": words.bare, "pairs": words.pairs, "excluded": words.excluded}


def _in_any(*words: ColumnElement[str]) -> ColumnElement[str]:
    """As a query in every language, each that says the same once: all of them are held against every text."""
    names: list[ColumnElement[str]] = [
        literal_column(f"'{name}'::regconfig") for name in (*CONFIGURATIONS.values(), OTHER)
    ]
    spoken = func.unnest(array([func.websearch_to_tsquery(name, each) for name in names for each in words]))
    each = cast(spoken.column_valued("each"), Text())
    either = func.string_agg(distinct("(" + each + ")"), literal_column("' | '"))
    return cast(select(func.coalesce(either, "")).where(each != "").scalar_subquery(), TSQUERY)


# In which language somebody looks is not known: a match in any of them is one. An empty query on one side of &&
# leaves the other side as it is, and stays empty after !!.
_WANTED: ColumnElement[str] = (
    _in_any(_WORDS, _BARE).op("&&")(cast(_PAIRS, TSQUERY)).op("&&")(func.tsquery_not(_in_any(_EXCLUDED)))  # as !! does
)
LOOKED_FOR: ColumnElement[str] = select(_WANTED).scalar_subquery()


def have_them(words: Any) -> ColumnElement[bool]:
    """A condition on a column of words. What stands in a subquery is worked out once, and no plan depends on it."""
    condition: ColumnElement[bool] = words.op("@@", is_comparison=True)(LOOKED_FOR)
    return condition


def are_that(facets: Any, *, topic: bool) -> ColumnElement[bool]:
    """A condition on a column of facets: all that is in the parameter of this name, and with `topic` in that topic."""
    wanted: Any = bindparam("facets", type_=ARRAY(Text()))
    if topic:
        wanted = func.array_append(wanted, _IN_TOPIC)
    condition: ColumnElement[bool] = facets.contains(select(wanted).scalar_subquery())
    return condition


_CONSULTATION, _TOPIC = bindparam("consultation", type_=Uuid()), bindparam("topic", type_=Text())
# Null where there is no such topic: nothing contains that.
_IN_TOPIC = (
    select(literal_column(f"'{TOPIC}:'", Text()) + cast(Topic.id, Text()))
    .where(Topic.consultation_id == _CONSULTATION, Topic.slug == _TOPIC)
    .scalar_subquery()
)
