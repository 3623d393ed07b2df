"""Which publications have the words that somebody looks for, as a condition of a query."""

from functools import reduce

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY

from app.contributions.models import SearchText
from app.contributions.search_words import CONFIGURATIONS, OTHER, Sought

_WORDS, _BARE, _PAIRS, _EXCLUDED = (bindparam(name, type_=Text()) for name in ("words", "bare", "pairs", "excluded"))


def given_for(words: Sought) -> dict[str, str]:
    """The parameters of what follows."""
    return {"words": words.words, "bare": words.bare, "pairs": words.pairs, "excluded": words.excluded}


def _in(name: str, words: ColumnElement[str]) -> ColumnElement[str]:
    return func.websearch_to_tsquery(literal_column(f"'{name}'::regconfig"), words)


def _in_any(*words: ColumnElement[str]) -> ColumnElement[str]:
    spoken = [_in(name, each) for name in (*CONFIGURATIONS.values(), OTHER) for each in words]
    return reduce(lambda left, right: left.op("||")(right), spoken)


# In which language somebody looks is not known: a match in any of them is one. An empty query on one side of || or &&
# leaves the other side as it is, and stays empty after !!.
WANTED: ColumnElement[str] = (
    _in_any(_WORDS, _BARE).op("&&")(cast(_PAIRS, TSQUERY)).op("&&")(func.tsquery_not(_in_any(_EXCLUDED)))  # as !! does
)
MATCHES: ColumnElement[bool] = SearchText.words.op("@@", is_comparison=True)(WANTED)
