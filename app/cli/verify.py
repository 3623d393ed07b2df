"""`verify`: whether a record, and an export of what it is about, are what they say. Asks nothing of our database."""

import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Annotated

import typer

from app.cli import Data, commands, configured, say
from app.cli.mirrored import is_mirror, write_export
from app.cli.verified import (
    ARCHIVED,
    KEY,
    RECORD,
    SUMS,
    Folder,
    Remembered,
    Site,
    lines_of,
    remember,
    remembered,
    write_sums,
)
from app.errors import OperatorError
from app.record import notes
from app.record.notes import Verifier
from app.record.verifying import EXPORT, Misfit, Verified, verify_export, verify_record, verify_sums

_TABLES = (".csv", ".xlsx", ".parquet")
_OF_A_TABLE = (
    "A table is checked by its SHA-256: compare it with the one in export.manifest.json?format={} (of a CSV without "
    "byte order mark). The texts are checked against the record in export.jsonl."
)
Url = Annotated[str | None, typer.Option(metavar="URL", help="Where the record of an export is.")]
Key = Annotated[str | None, typer.Option(metavar="KEY", help="The verifier key. Default: the one seen first.")]
Save = Annotated[Path | None, typer.Option(file_okay=False, metavar="DIR", help="Keep all that was read here.")]
Target = Annotated[
    str,
    typer.Argument(
        metavar="URL-OR-FILE", help="A consultation’s address, a mirror, an export, an archive, or a saved folder."
    ),
]


@commands.command()
def verify(target: Target, url: Url = None, key: Key = None, save: Save = None, data: Data = None) -> None:
    """Check a record against its checkpoint, and an export against it; name the first thing that does not fit."""
    folder = configured(data).data
    try:
        given = notes.verifier(key) if key else None
    except ValueError as wrong:
        raise OperatorError(f"--key: {wrong}.", status=2) from None
    path = Path(target)
    if target.startswith(("http://", "https://")):
        record, count = _site(target, None, given, folder, save)
    elif path.is_dir():
        record, count = _folder(path, given)
    elif path.suffix in _TABLES:
        raise OperatorError(_OF_A_TABLE.format(path.suffix[1:]), status=2)
    elif zipfile.is_zipfile(path):
        record, count = _zip(path, given)
    elif path.is_file() and is_mirror(path):
        record, count = _mirror(path, url, given, folder, save)
    elif path.is_file() and url:
        record, count = _site(url, path, given, folder, save)
    elif path.is_file():
        raise OperatorError("An export is checked against its record: say where that is with --url.", status=2)
    else:
        raise OperatorError(f"{target} is neither an address nor a file or folder.", status=2)
    entries, things = _of(record.checkpoint.size, "entry", "entries"), _of(count, "contribution", "contributions")
    print(f"Everything fits: {entries} and {things}.")


def _mirror(
    path: Path, url: str | None, given: Verifier | None, data: Path, save: Path | None
) -> tuple[Verified, int]:  # fmt: skip
    """An SQLite file that `pull` made, against the record that it follows."""
    with tempfile.TemporaryDirectory() as scratch:
        export = Path(scratch) / EXPORT
        found = write_export(path, url, export)
        return _site(found.url, export, given, data, save, found.size)


def _site(
    url: str, export: Path | None, given: Verifier | None, data: Path, save: Path | None, size: int | None = None
) -> tuple[Verified, int]:  # fmt: skip
    if save is not None and save.exists() and any(save.iterdir()):
        raise OperatorError(f"{save} is not empty: name a new folder.", status=2)
    site = Site(url, save)
    before = remembered(data, site.url)
    verifier = given or (notes.verifier(before.key) if before else _first_seen(site))
    with tempfile.TemporaryDirectory() as scratch:
        file = export or Path(scratch) / EXPORT
        if export is None:
            size = site.export(file)
        if size is not None:
            site.await_checkpoint(size)
        last = notes.opened(before.checkpoint.encode(), notes.verifier(before.key)) if before else None
        record = verify_record(site.read, verifier, last)
        with lines_of(file) as lines:
            count = verify_export(record, lines, size)
        if save is not None:
            (save / KEY).write_text(f"{verifier}\n")
            shutil.copyfile(file, save / EXPORT)
            write_sums(save)
    remember(data, Remembered(site.url, str(verifier), site.read("checkpoint").decode()))
    return record, count


def _first_seen(site: Site) -> Verifier:
    try:
        found = notes.verifier(site.read("key").decode(errors="replace"))
    except ValueError as wrong:
        raise OperatorError(f"key: {wrong}.") from None
    say(f"This record is new here. From now on its key is {found}: compare it with the one that others see.")
    return found


def _zip(path: Path, given: Verifier | None) -> tuple[Verified, int]:
    """An archive, which is unpacked for as long as it takes."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with zipfile.ZipFile(path) as packed:
                packed.extractall(scratch)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as wrong:
            raise Misfit(f"{path.name}: it cannot be unpacked: {wrong}.") from None
        return _folder(Path(scratch), given)


def _folder(path: Path, given: Verifier | None) -> tuple[Verified, int]:
    """What was saved of a site, or an archive that was unpacked; that lacks texts whose authors did not agree."""
    folder, whole = Folder(path), not (path / RECORD).is_dir()
    beneath, export = (folder, EXPORT) if whole else (Folder(path / RECORD), ARCHIVED)
    try:
        verifier = given or notes.verifier(beneath.read(KEY).decode(errors="replace"))
    except ValueError as wrong:
        raise OperatorError(f"{KEY}: {wrong}.") from None
    if given is None:
        say(f"The key is the one in the folder, {verifier}: compare it with the one that others see.")
    record = verify_record(beneath.read, verifier)
    size = None if whole else record.checkpoint.size
    with lines_of(path / export) as lines:
        count = verify_export(record, lines, size, name=export, whole=whole)
    verify_sums(folder.read(SUMS), folder.digest, export)
    return record, count


def _of(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
