"""Gists from a table: a row for each contribution, by its number. And which of them are new here."""

from collections.abc import Mapping, Sequence

from app import errors
from app.contributions.quoting import PublicText
from app.language import gettext as _
from app.synthesis.code_words import gist_of
from app.synthesis.exchange.csv_table import Table
from app.synthesis.exchange.plan import NewGist, Ours, Plan
from app.synthesis.qdpx.model import Gist, Project

COLUMNS = frozenset(("number", "gist"))
_DIGITS = 9  # of a number


def read_gists(table: Table) -> Project:
    """The gists in a table with a number and a gist in each row; rows without a gist are no fault."""
    aside: list[str] = []
    gists: list[Gist] = []
    for row in table.rows:
        number = _number(row.get("number", ""))
        if not row.get("gist", "").strip():
            continue
        if number is None:
            aside.append(_("A row without a number is left out: “%(beginning)s”.", beginning=row["gist"][:60]))
        else:
            gists.append(Gist(number, row["gist"], _number(row.get("revision", ""))))
    return Project(gists=gists, aside=aside)


def match_gists(gists: Sequence[Gist], ours: Ours, plan: Plan) -> None:
    """Plan what is new or worded otherwise than here, and a line for what cannot be taken."""
    texts: dict[int, dict[int | None, PublicText]] = {}
    for text in ours.texts if gists else ():
        if not text.note:
            revisions = texts.setdefault(text.number, {})
            revisions[text.revision] = text
            if text.current:
                revisions[None] = text
    taken: set[int] = set()
    for gist in gists:
        if gist.number in taken:
            plan.lines.append(
                _("Contribution %(number)s stands there more than once: the first counts.", number=gist.number)
            )
            continue
        taken.add(gist.number)
        _match(gist, texts.get(gist.number, {}), ours, plan)


def _match(gist: Gist, revisions: Mapping[int | None, PublicText], ours: Ours, plan: Plan) -> None:
    text = revisions.get(gist.revision)
    if text is None:
        plan.lines.append(
            _("The gist of contribution %(number)s is left out: there is no such public text.", number=gist.number)
        )
        return
    try:
        words = gist_of(gist.words)
    except errors.Invalid as invalid:
        why = " ".join(invalid.fields.values())
        plan.lines.append(_("The gist of contribution %(number)s is left out. %(why)s", number=gist.number, why=why))
        return
    present = ours.gists.get(text.contribution)
    if present is not None and present[0] == words and gist.revision in (None, present[1]):
        plan.known_gists += 1
    else:
        plan.gists.append(NewGist(text.contribution, text.revision, words, rewords=present is not None))


def _number(cell: str) -> int | None:
    digits = cell.strip().lstrip("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else None
