"""(j) The report with 500 contributions in its annex: the page, and each file made anew."""

import asyncio
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Person
from app.consultations.floor import consultation_id
from app.database import Database
from app.permissions import Actor
from app.synthesis import reporting
from app.synthesis.report_wording import ReportWords
from bench.seeding import SLUG, Shape
from bench.stand import get, running
from bench.table import Line

_SHAPE = Shape(5)
_MOST_SECONDS = 10.0
_WHY = dict.fromkeys(("results", "recommendations", "coverage", "neither"), "A sample, to measure.")
_WORDS = ReportWords(
    "A sample report", "en", "Sample.\n\n{quotation 1}\n\n{figure regions}", "Sample.\n\n{figure months}"
)
_PATHS = (
    ("page", "report"), ("PDF", "report.pdf"), ("PDF with annex", "report.pdf?annex=true"),
    ("DOCX with annex", "report.docx?annex=true"), ("Markdown with annex", "report.md?annex=true"),
)  # fmt: skip


def measure(folder: Path) -> tuple[str, list[Line]]:
    """The lines of this part."""
    lines = []
    with running(folder / "report", _SHAPE) as stand:
        asyncio.run(_publish(stand.url))
        for name, path in _PATHS:
            meter = stand.meter()
            _headers, content = get(stand.port, f"/c/{SLUG}/{path}")
            span = meter.read()
            about = f"{name}, {len(content) // 1000:,} kB, in {span.wall:.1f} s"
            target = f"under {_MOST_SECONDS:.0f} s in all"
            lines.append(Line(about, f"{span.cpu:.1f} s", target=target, met=span.wall < _MOST_SECONDS))
    return f"(j) the report of {_SHAPE.total:,} contributions, each form made anew", lines


async def _publish(url: str) -> None:
    """A report that quotes and draws, unless one is there."""
    database = Database(url, pool=1)
    try:
        async with database.writing() as session:
            id = await consultation_id(session, SLUG)
            person: UUID | None = await session.scalar(select(Person.id).limit(1))
            actor = Actor(person=person, complete=True, roles={id: frozenset({"rapporteur"})})
            draft = await reporting.save(session, actor, id, _WORDS, 0)
            if draft.version == 1:
                await reporting.publish(session, actor, id, draft.saved, _WHY)
    finally:
        await database.close()
