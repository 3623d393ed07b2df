"""The commands of `python3 -m app`, one module each.

A module makes its command with `@commands.command()`, is named in `MODULE_OF` (only what is needed is imported), and
opens the database with `opened`. Standard output carries the result and nothing else; the rest goes through `say` to
standard error.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app import config
from app.accounts import private_consultations
from app.database import Database, addresses, admission, embedded, migrate
from app.errors import Invalid, Malformed, NotFound, OperatorError, PlenaryError

MODULE_OF = {
    "serve": "serve", "test": "test", "settings": "settings", "backup": "backup", "restore": "backup",
    "load": "content", "export": "content", "import": "importing", "person": "people", "key": "people",
    "sign-in": "people", "pull": "pull", "sample": "sample", "verify": "verify", "opinion": "opinion",
    "inbound": "inbound",
}  # fmt: skip
ADDRESS_FILE = "address"  # in the data folder

commands = typer.Typer(
    name="python3 -m app",
    help="Plenary, an online consultation platform. Without a command: serve.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@commands.callback()
def _one_of_several() -> None:
    """Plenary, an online consultation platform. Without a command: serve."""


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder for database, mail and keys [PLENARY_DATA; default: ./data]."),
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong usage or input, always with one sentence."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] != "--help"):
        given.insert(0, "serve")
    for name in [MODULE_OF[given[0]]] if given[0] in MODULE_OF else dict.fromkeys(MODULE_OF.values()):
        import_module(f"app.cli.{name}")
    _end_properly()
    try:
        commands(given, prog_name="python3 -m app")
    except PlenaryError as error:
        say(error.message)
        sys.exit(_status(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read our standard output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that is not ours
        say(f"The system does not allow it: {error}.")
        sys.exit(1)


def say(text: str) -> None:
    """Tell the operator something that is not the result."""
    print(text, file=sys.stderr, flush=True)


def configured(data: Path | None = None, **chosen: Any) -> config.Settings:
    """The settings, with what was given on the command line. Raises `OperatorError` for what cannot be."""
    for name, value in {"data": data, **chosen}.items():
        if value is not None:
            os.environ[f"PLENARY_{name.upper()}"] = str(value)
    config.settings.cache_clear()
    try:
        given = config.settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name, why = f"PLENARY_{str(first['loc'][0]).upper()}", first["msg"].removeprefix("Value error, ")
        raise OperatorError(f"The setting {name} cannot be used: {why}.", status=2) from None
    for name in ("database_url", "read_database_url"):
        if url := getattr(given, name):
            addresses.parsed(url.get_secret_value(), f"PLENARY_{name.upper()}")
    return given


@asynccontextmanager
async def opened(data: Path | None = None) -> AsyncIterator[Database]:
    """The database, migrated and ready: the one that is set, else the embedded one, shared with a running server."""
    chosen = configured(data)
    read_url = chosen.read_database_url
    with embedded.database_url(chosen) as url:
        await migrate.upgrade(url)
        database = Database(url, read_url.get_secret_value() if read_url else None, pool=chosen.database_pool)
        try:
            async with database.writing() as session:
                admission.admit(await private_consultations.all_of_them(session))  # an operator has the whole database
            yield database
        finally:
            await database.close()


def address(chosen: config.Settings) -> str:
    """Where people point their browser: as it is set, else where the server of this data folder listens or last did."""
    try:
        return chosen.base_url or (chosen.data / ADDRESS_FILE).read_text()
    except OSError:
        return f"http://{chosen.host}:{chosen.port}"


@contextmanager
def naming(slug: str) -> Iterator[None]:
    """What to say where there is no such consultation. Raises `OperatorError` then."""
    try:
        yield
    except NotFound:
        raise OperatorError(
            f"There is no consultation “{slug}” here: it is called by what comes after /c/ in its address.", status=2
        ) from None


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a command's asynchronous part."""
    asyncio.run(work)


def _status(error: PlenaryError) -> int:
    if isinstance(error, OperatorError):
        return error.status
    return 2 if isinstance(error, (Invalid, Malformed, NotFound)) else 1


def _end_properly() -> None:
    """SIGTERM ends a command like Ctrl-C does, with everything put away; so does a terminal that closes."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # nohup says otherwise
        signal.signal(signal.SIGHUP, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))
