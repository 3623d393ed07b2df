"""What a report quotes, as it stands now: cut from revisions that are public, as citations are, and never stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Contribution, Publication, Revision
from app.readings.outcome.citations import CitationView, state_of, words_of
from app.readings.views import view
from app.synthesis.insertions import Insertion, insertions


@dataclass(frozen=True, slots=True)
class Quotation:
    """One of them; `html` is the whole text's, empty where a passage is quoted, or where it is no longer public."""

    cited: CitationView
    html: str

    @property
    def is_whole(self) -> bool:
        """Whether all of the text is quoted."""
        return self.cited.begin is None


Quotations = Mapping[str, Quotation]  # by the line that stands for each


async def quotations(connection: AsyncConnection, consultation: UUID, bodies: Iterable[str]) -> Quotations:
    """What is quoted in these texts. A line that names no contribution that ever was public is not among them."""
    wanted = {each.raw: each for body in bodies for each in insertions(body) if each.kind == "quotation"}
    rows = await _rows(connection, consultation, {each.number for each in wanted.values()}) if wanted else {}
    return {raw: _quotation(each, rows[each.number]) for raw, each in wanted.items() if each.number in rows}


async def _rows(connection: AsyncConnection, consultation: UUID, numbers: Collection[int]) -> dict[int, list[Any]]:
    """The public revisions of each, the present one last; of one that is not public, a row without a revision."""
    query = (
        select(
            Contribution.number, Contribution.id, Contribution.status, Revision.number.label("revision"),
            Revision.state, Revision.body, Revision.html, Revision.language, Publication.document,
        )
        .outerjoin(Revision, (Revision.contribution_id == Contribution.id) & Revision.visible)
        .outerjoin(Publication, Publication.contribution_id == Contribution.id)
        .where(Contribution.consultation_id == consultation, Contribution.number.in_(numbers))
        .order_by(Revision.state == "public", Revision.number)
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.number, []).append(row)
    return found


def _quotation(wanted: Insertion, rows: list[Any]) -> Quotation:
    last = rows[-1]
    row = next((each for each in rows if each.revision == wanted.revision), last if wanted.revision is None else None)
    state = state_of(last.status, last.document, row.body if row else None, row.state if row else None)
    its = row if state in ("current", "revised") else None
    cited = CitationView(
        id=last.id, contribution=last.id, number=wanted.number, revision=wanted.revision or last.revision or 0,
        stance="support", begin=wanted.begin, end=wanted.end, state=state,
        words=words_of(its.body, wanted.begin, wanted.end) if its else "", language=its.language if its else "und",
        view=view(last.document) if its else None,
    )  # fmt: skip
    return Quotation(cited, its.html or "" if its and wanted.begin is None else "")
