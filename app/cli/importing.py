"""`import`: contributions that were written elsewhere, from a file. docs/importing.md describes its columns."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from app.cli import Data, commands, naming, opened, run, say
from app.cli.progress import Progress
from app.cli.rendering import rendering_process
from app.cli.rows import Csv, JsonLines, Scanned, opened_rows
from app.contributions import importing
from app.contributions.arrivals import COLUMNS, Arrival, identifier, rendered
from app.contributions.import_plan import Plan
from app.database import Database
from app.errors import OperatorError
from app.permissions import OPERATOR
from app.readings.consultation_views import ConsultationView
from app.readings.consultations import consultation as read_consultation

_FEW = 20  # rows checked at a time, between the answers of the database


@dataclass(slots=True)
class Account:
    """What became of a file's rows. Each is created, unchanged or refused; some of those created are reattached."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    reattached: int = 0
    refused: int = 0


@commands.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE")],
    consultation: Annotated[str, typer.Option(metavar="SLUG", help="Where the contributions go.")],
    topic: Annotated[str | None, typer.Option(help="Topic of rows that name neither parent nor topic.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count everything, write nothing.")] = False,
    data: Data = None,
) -> None:
    """Import contributions from JSON lines or CSV; run again, it goes on where it stopped.

    Rows that cannot be taken are listed with line and reason; the rest is imported, and the exit code is 0.
    """
    run(_import(file, consultation, topic, dry_run, data))


async def _import(file: Path, slug: str, topic: str | None, dry_run: bool, data: Path | None) -> None:
    async with opened(data) as database:
        async with database.reading() as connection:
            with naming(slug):
                target = await read_consultation(connection, slug)
        known = [each.slug for each in target.topics]
        if topic is not None and topic not in known:
            raise OperatorError(f"{slug} has no topic {topic}; it has {', '.join(known)}.", status=2)
        with file.open("rb") as stream, rendering_process() as renderer:
            account = Account()
            reader = opened_rows(stream, file)
            asked = frozenset(question.full_key for each in target.topics for question in each.questions)
            plan = _plan(reader, Plan(known, topic, asked), account)
            async with database.writing() as session:
                await importing.know_present(session, target.id, plan)
            rows = _Rows(plan, reader, target.languages[0], file.name, renderer)
            await _take_in(database, target, rows, account, dry_run)
    print(json.dumps(asdict(account)))


def _plan(reader: JsonLines | Csv, plan: Plan, account: Account) -> Plan:
    """The first pass: ids and what they refer to."""
    ignored: dict[str, None] = {}
    for row in reader:
        account.read += 1
        if not ignored.keys() >= row.columns.keys() - set(COLUMNS):
            ignored |= dict.fromkeys(name for name in row.columns if name not in COLUMNS)
        if fault := row.fault or _planned(row, plan):
            account.refused += 1
            say(f"Line {row.line}: {fault}")
    if ignored:
        say(f"Ignored columns: {', '.join(ignored)}"[:1000])
    return plan


def _planned(row: Scanned, plan: Plan) -> str | None:
    """Enter a row into the plan; returns what is wrong where that cannot be."""
    found: dict[str, str | None] = {}
    for name in ("id", "parent_id", "topic_id"):
        try:
            found[name] = identifier(row.columns.get(name))
        except ValueError as fault:
            return f"{name}: {fault}"
    if found["id"] is None:
        return "id: is missing, and without it a second run could not know this row again"
    earlier = plan.add(found["id"], found["parent_id"], found["topic_id"], row.line, row.offset)
    return f"id: “{found['id']}” is on line {earlier} already" if earlier else None


class _Rows:
    """The second pass: rows in the plan's order, checked and rendered, one batch at a time."""

    def __init__(self, plan: Plan, reader: JsonLines | Csv, language: str, source: str, renderer: Executor) -> None:
        self.present = plan.present()
        self._renderer = renderer
        self.refusals: list[tuple[int, str]] = []
        self._arrivals: Iterator[Arrival] = importing.arrivals(
            plan, lambda row: reader.at(row.offset), language, source,
            lambda line, reason: self.refusals.append((line, reason)),
        )  # fmt: skip

    async def batch(self) -> tuple[list[Arrival], list[tuple[int, str]]]:
        """The next rows to be taken, and those refused on the way there. Both empty: that was all."""
        arrivals: list[Arrival] = []
        while few := list(islice(self._arrivals, min(_FEW, importing.BATCH - len(arrivals)))):
            arrivals += few
            await asyncio.sleep(0)  # the last batch is being written meanwhile
        refusals, self.refusals = self.refusals, []
        bodies = [arrival.given.body for arrival in arrivals]
        html = await asyncio.get_running_loop().run_in_executor(self._renderer, rendered, bodies)
        return [replace(arrival, html=each) for arrival, each in zip(arrivals, html, strict=True)], refusals


async def _take_in(database: Database, target: ConsultationView, rows: _Rows, account: Account, dry_run: bool) -> None:
    """Batch after batch, the next one made ready while the database writes the last."""
    progress = Progress("Checked" if dry_run else "Imported", account.read)
    progress.add(account.refused + rows.present)
    ready = asyncio.create_task(rows.batch())
    while any(batch := await ready):
        arrivals, refusals = batch
        ready = asyncio.create_task(rows.batch())
        for line, reason in refusals:
            progress.line(f"Line {line}: {reason}")
        if arrivals and dry_run:
            account.created += len(arrivals)
        elif arrivals:
            async with database.writing() as session:
                account.created += await importing.take_in(session, OPERATOR, target.id, arrivals)
        account.refused += len(refusals)
        account.reattached += sum(arrival.stand.missing is not None for arrival in arrivals)
        progress.add(len(arrivals) + len(refusals))
    account.unchanged = account.read - account.created - account.refused
    would = "would be " if dry_run else ""
    progress.line(
        f"{account.read:,} rows read: {account.created:,} {would}created, {account.reattached:,} of them put beneath "
        f"their thread's first text, {account.unchanged:,} unchanged, {account.refused:,} refused "
        f"({progress.rate():,} rows a second)."
    )
