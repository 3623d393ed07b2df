"""`load` and `export`: a consultation from its definition, and everything public of one."""

import hashlib
import json
import sys
from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from app import clock
from app.cli import Data, address, commands, naming, opened, run, say
from app.cli.archiving import archive
from app.cli.output import output
from app.cli.progress import Progress
from app.config import settings
from app.consultations.actions import load_definition
from app.consultations.definition import Definition, parse
from app.database import Database
from app.errors import Invalid, OperatorError
from app.permissions import OPERATOR
from app.readings.consultations import consultation as read_consultation
from app.readings.exporting.csv_rows import codebook_file
from app.readings.exporting.export import chunks
from app.readings.exporting.exports import FORMATS, MARKED_CSV
from app.readings.exporting.exports import Format as Written
from app.readings.exporting.manifests import terms
from app.readings.json_texts import Lines


class Format(StrEnum):
    """What `export` writes."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"


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
    kind: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.jsonl,
    out: Annotated[Path | None, typer.Option(dir_okay=False, metavar="FILE", help="Default: standard output.")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="A byte order mark before a CSV.")] = False,
    codebook: Annotated[
        bool, typer.Option("--codebook", help="What the columns mean: beside FILE, or alone on standard output.")
    ] = False,
    archived: Annotated[
        bool, typer.Option("--archive", help="A zip file for a research repository: only texts that may be deposited.")
    ] = False,
    data: Data = None,
) -> None:
    """Write all published contributions of a consultation, as the exports of the API do.

    Beside a FILE goes FILE.manifest.json: what it holds, as of when, under which licence, its SHA-256.
    """
    if archived:
        if bom or codebook or kind is not Format.jsonl:
            raise OperatorError("An archive has every format and its codebook in it: leave the others out.", status=2)
        run(archive(consultation, out, data))
        return
    if codebook:
        _write_codebook(out)
    if out or not codebook:
        run(_export(consultation, MARKED_CSV if bom and kind is Format.csv else FORMATS[kind], out, data))


def _write_codebook(out: Path | None) -> None:
    if out:
        with output(out.with_name(f"{out.name}.codebook.csv")) as stream:
            stream.write(codebook_file())
    else:
        sys.stdout.buffer.write(codebook_file())


async def _export(slug: str, written: Written, out: Path | None, data: Path | None) -> None:
    async with opened(data) as database:
        with output(out) as stream:
            manifest = await _write(database, slug, written, stream)
            if out:
                told = json.dumps({"file": out.name} | manifest, indent=2, ensure_ascii=False) + "\n"
                with output(out.with_name(f"{out.name}.manifest.json")) as beside:
                    beside.write(told.encode())


async def _write(database: Database, slug: str, written: Written, stream: BinaryIO) -> dict[str, Any]:
    """Write the file, and tell what went into it."""
    async with database.reading() as connection:
        with naming(slug):
            source = await read_consultation(connection, slug)
    progress, digest, begun = Progress("Exported", None), hashlib.sha256(), clock.iso(clock.now())

    async def counted() -> AsyncIterator[Lines]:
        async for texts in chunks(database, source.id, f"{address(settings())}/c/{slug}/"):
            yield texts
            progress.add(len(texts))

    async for piece in written.written(counted()):
        stream.write(piece)
        digest.update(piece)
    progress.line(f"{progress.done:,} contributions exported; the record had {source.size:,} entries at the start.")
    return terms(source, progress.done, begun, digest.hexdigest())
