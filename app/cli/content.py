"""`load` and `export`: a consultation from its definition, and everything public of one."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from app.cli import Data, address, commands, opened, run, say
from app.cli.progress import Progress
from app.config import settings
from app.consultations.actions import load_definition
from app.consultations.definition import Definition, parse
from app.database import Database
from app.errors import Invalid, OperatorError
from app.permissions import OPERATOR
from app.readings.consultations import consultation as read_consultation
from app.readings.csv_rows import HEADING, rows
from app.readings.export import chunks
from app.readings.json_texts import Texts


class Format(StrEnum):
    """What `export` writes."""

    jsonl = "jsonl"
    csv = "csv"


@commands.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE.toml")],
    data: Data = None,
) -> None:
    """Create or update a consultation from its definition, and say what changed."""
    definition = read_definition(file)
    run(_load(definition, data))


def read_definition(file: Path) -> Definition:
    """The definition in a file. Ends the command with every mistake on a line of its own, if there are any."""
    try:
        return parse(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise OperatorError(f"{file} is not UTF-8 text.", status=2) from None
    except Invalid as invalid:
        for where, sentence in invalid.fields.items():
            say(f"{where}: {sentence}")
        raise OperatorError(f"Nothing was loaded from {file}.", status=2) from None


async def _load(definition: Definition, data: Path | None) -> None:
    async with opened(data) as database, database.writing() as session:
        report = await load_definition(session, OPERATOR, definition)
    for line in report or [f"{definition.slug}: nothing changed"]:
        print(line)


@commands.command()
def export(
    consultation: Annotated[str, typer.Option(metavar="SLUG")],
    kind: Annotated[Format, typer.Option("--format", help="JSON lines, or CSV.")] = Format.jsonl,
    out: Annotated[Path | None, typer.Option(dir_okay=False, metavar="FILE", help="Default: standard output.")] = None,
    data: Data = None,
) -> None:
    """Write all published contributions of a consultation, as export.jsonl and export.csv of the API do."""
    run(_export(consultation, kind, out, data))


async def _export(slug: str, kind: Format, out: Path | None, data: Path | None) -> None:
    async with opened(data) as database:
        part = out and out.with_name(f"{out.name}.part")
        with part.open("wb") if part else nullcontext(sys.stdout.buffer) as stream:
            await _write(database, slug, kind, stream)
        if part and out:
            part.replace(out)


async def _write(database: Database, slug: str, kind: Format, stream: BinaryIO) -> None:
    async with database.reading() as connection:
        source = await read_consultation(connection, slug)
    written: Callable[[Texts], bytes] = rows if kind is Format.csv else Texts.lines
    stream.write(HEADING if kind is Format.csv else b"")
    progress = Progress("Exported", None)
    async for texts in chunks(database, source.id, f"{address(settings())}/c/{slug}/"):
        stream.write(written(texts))
        progress.add(len(texts))
    progress.line(f"{progress.done:,} contributions exported; the record had {source.size:,} entries at the start.")
