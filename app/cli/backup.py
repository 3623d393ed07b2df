"""`backup` and `restore`: the whole database in one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from app.cli import Data, commands, configured, run, say
from app.cli.erasures import reapply
from app.cli.output import require_ordinary
from app.cli.serve import only_server
from app.config import Settings
from app.database import Database, dump, embedded, migrate
from app.errors import OperatorError, PlenaryError
from app.worker import keep_erasures

File = Annotated[Path, typer.Argument(dir_okay=False, metavar="FILE")]
ThisFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE")]


@commands.command()
def backup(file: File, data: Data = None) -> None:
    """Write a backup (pg_dump's custom format), also while a server runs. An earlier one of that name is replaced."""
    chosen = configured(data)
    require_ordinary(file)
    if file.exists() and file.stat().st_size and not dump.is_backup(file):
        raise OperatorError(f"{file} is there already, and is no backup: name another file.", status=2)
    if chosen.database_url is None and not embedded.is_made(chosen.data):
        raise OperatorError(f"There is no database in {chosen.data.resolve()}: say where it is with --data.", status=2)
    with embedded.database_url(chosen) as url:
        run(dump.backup(url, file))
    say(f"Backed up to {file} ({file.stat().st_size / 1e6:.1f} MB).")


@commands.command()
def restore(file: ThisFile, data: Data = None) -> None:
    """Put a backup in place of the database, and repeat the erasures made since."""
    chosen = configured(data)
    dump.require_backup(file)
    with only_server(chosen), _alone(chosen) as url:
        run(_restored(url, file, chosen))


async def _restored(url: str, file: Path, chosen: Settings) -> None:
    if not await migrate.is_empty(url):
        await _finish_list_of_erasures(url)
    repeated = await dump.restore(url, file, chosen.erasure_list, reapply)
    say(f"Restored from {file}; {repeated} erasures repeated.")
    if not chosen.erasure_list.exists():
        say(f"There is no list of erasures at {chosen.erasure_list}: what was erased since the backup is back.")


async def _finish_list_of_erasures(url: str) -> None:
    """A server that was killed may have erased what the list does not say yet. A broken database cannot tell."""
    database = Database(url, pool=2)
    try:
        await keep_erasures(database)
    except (SQLAlchemyError, PlenaryError):
        say("The present database cannot be read, so erasures of its last seconds may be missing from the list.")
    finally:
        await database.close()


@contextmanager
def _alone(chosen: Settings) -> Iterator[str]:
    """The database, with nobody else using it."""
    if chosen.database_url is not None:
        yield chosen.database_url.get_secret_value()
    else:
        with embedded.running(chosen.data, alone=True) as url:
            yield url
