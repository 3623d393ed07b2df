"""`/c/{consultation}/synthesis/codes/tables`: codes by what is known of contributions, and codes by codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.language import gettext as _
from app.language import gettext_noop as N_
from app.readings.coding import code_tables
from app.readings.coding.code_tables import DIMENSIONS, TOGETHER, CodeRow, CodeTable, Key
from app.readings.consultation_views import ConsultationView
from app.readings.exporting.sheets import CSV, Cell, as_csv
from app.web.coding.coding_query import EVERYBODY
from app.web.kit import words
from app.web.kit.allowed import consultation_to
from app.web.kit.visit import PRIVATE, Visit, Visiting

router = APIRouter()
SHOWN_TOGETHER = 40  # codes by codes on a page: of more, those that are on the most contributions
BY = {
    "question": N_("By guiding question"),
    "region": N_("By region"),
    "language": N_("By language"),
    "organisation_kind": N_("By kind of organisation"),
    "channel": N_("By how it came"),
    TOGETHER: N_("Codes that stand together"),
}
Column = tuple[Key, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address asks for."""

    by: str
    everybody: bool

    def query(self, **changes: str) -> str:
        """The query of an address with this table, and some of it changed."""
        return _query({"by": self.by, "whose": self._whose} | changes)

    def desk(self, key: Key = None) -> str:
        """What the desk's address needs, but for the code, to list just the contributions that were counted."""
        return _query({self.by: key, "whose": self._whose})[1:]

    @property
    def _whose(self) -> str:
        return EVERYBODY if self.everybody else ""


@router.get("/c/{slug}/synthesis/codes/tables")
async def page(visit: Visiting, slug: str) -> Response:
    """One table; the others are a press away."""
    consultation, shown = await consultation_to(visit, "outcome.read", slug), _shown(visit)
    table = await _table(visit, consultation, shown)
    rows = _most(table.rows) if shown.by == TOGETHER else table.rows
    return visit.page(
        "coding/code_tables.html",
        consultation=consultation,
        shown=shown,
        by=BY,
        together=TOGETHER,
        table=table,
        rows=rows,
        columns=[
            (key, label, f"&{shown.desk(key)}" if key else "")
            for key, label in _columns(consultation, shown, table, rows)
        ],
        questions=[(each.full_key, each.text) for topic in consultation.topics for each in topic.questions],
        left_out=len(table.rows) - len(rows),
    )


@router.get("/c/{slug}/synthesis/codes/tables.csv")
async def file(visit: Visiting, slug: str) -> Response:
    """The same table, whole, for a spreadsheet."""
    consultation, shown = await consultation_to(visit, "outcome.read", slug), _shown(visit)
    table = await _table(visit, consultation, shown)
    columns = _columns(consultation, shown, table, table.rows)
    heading: list[Cell] = [_("Code"), _("Contributions"), *(label for _key, label in columns)]
    whole: list[list[Cell]] = []
    if table.whole is not None:
        whole = [[_("All contributions"), table.contributions, *_cells(table.whole, columns)]]
    rows: list[list[Cell]] = [[row.code.name, row.total, *_cells(row.cells, columns)] for row in table.rows]
    name = f"{slug}-codes-{'together' if shown.by == TOGETHER else shown.by.replace('_', '-')}.csv"
    headers = {"Cache-Control": PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv([heading, *whole, *rows]), media_type=CSV, headers=headers)


def _shown(visit: Visit) -> Shown:
    """What is none of ours is the first table, and one's own codings."""
    query = visit.request.query_params
    by = query.get("by", "")
    return Shown(by if by in BY else DIMENSIONS[0], query.get("whose") == EVERYBODY)


async def _table(visit: Visit, consultation: ConsultationView, shown: Shown) -> CodeTable:
    async with visit.database.writing() as session:
        if shown.by == TOGETHER:
            return await code_tables.together(session, visit.actor, consultation.id, everybody=shown.everybody)
        return await code_tables.by_dimension(
            session, visit.actor, consultation.id, shown.by, everybody=shown.everybody
        )


def _most(rows: Sequence[CodeRow]) -> list[CodeRow]:
    """The rows of the codes that are on the most contributions, in the order of the book."""
    most = {row.code.id for row in sorted(rows, key=lambda row: -row.total)[:SHOWN_TOGETHER]}
    return [row for row in rows if row.code.id in most]


def _columns(
    consultation: ConsultationView, shown: Shown, table: CodeTable, rows: Sequence[CodeRow]
) -> list[Column]:  # fmt: skip
    """The columns with what they are called; what is not known comes last."""
    if shown.by == TOGETHER:
        return [(row.code.id, row.code.name) for row in rows]
    there, unknown = table.whole or {}, _("not known")
    if shown.by == "question":
        keys: list[Column] = [
            (each.full_key, each.full_key) for topic in consultation.topics for each in topic.questions
        ]
        unknown = _("answers none of them")
    elif shown.by == "language":
        tags = sorted((key for key in there if isinstance(key, str)), key=lambda tag: (-there[tag], tag))
        keys = [(tag, words.language_name(tag)) for tag in tags]
    else:
        keys = [(key, _(label)) for key, label in _named(shown.by).items() if key in there]
        unknown = _("withheld or not given")
    return [*keys, (None, unknown)] if None in there else keys


def _named(by: str) -> Mapping[str, str]:
    return {"region": words.REGIONS, "organisation_kind": words.ORGANISATION_KINDS, "channel": words.EVERY_CHANNEL}[by]


def _cells(cells: Mapping[Key, int], columns: Sequence[Column]) -> list[int]:
    return [cells.get(key, 0) for key, _label in columns]


def _query(given: Mapping[str, Key]) -> str:
    kept = {name: str(value) for name, value in given.items() if value}
    return f"?{urlencode(kept)}" if kept else ""
