"""`serve`: the server, with everything it needs brought up before and put away after it."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from app.cli import ADDRESS_FILE, Data, address, commands, configured, processes, say
from app.cli.checks import require_workable, unknown_settings
from app.cli.first_start import prepare
from app.cli.listening import listening
from app.config import Settings
from app.database import Database, embedded, migrate
from app.database.locks import FileLock
from app.errors import OperatorError


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [PLENARY_HOST; default: 127.0.0.1].")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on [PLENARY_PORT; default: 8000].")
    ] = None,
    data: Data = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Server processes [PLENARY_WORKERS; default: 1].")
    ] = None,
) -> None:
    """Serve the platform (with embedded Postgres, unless PLENARY_DATABASE_URL is set)."""
    chosen = configured(data, host=host, port=port, workers=workers)
    with only_server(chosen), _workable(chosen) as listener, _database(chosen) as url:
        # For the worker processes, too: what is relative or picked by the system is now known.
        chosen = configured(chosen.data.resolve(), database_url=url, port=listener.getsockname()[1])
        _leave_address(chosen)
        lines = asyncio.run(_prepared(url)) + asyncio.run(_reading(chosen))
        listener.listen(processes.BACKLOG)
        for line in (*unknown_settings(), f"Plenary is at {address(chosen)}", _mail(chosen), *_mail_in(chosen), *lines):
            say(line)
        processes.serve(listener, chosen.workers)


@contextmanager
def only_server(chosen: Settings) -> Iterator[None]:
    """Hold the data folder against a second server (and a restore). Raises `OperatorError` if there is one.

    A folder that was made for this alone goes again where the block is refused.
    """
    wanted = chosen.data.expanduser().resolve()
    made = [each for each in (wanted, *wanted.parents) if not each.exists()]
    folder = embedded.usable_folder(chosen.data, spaces=chosen.database_url is not None)
    with FileLock(folder / "server.lock") as lock:
        if not lock.take():
            raise OperatorError(f"Another server is using the data folder {folder} ({lock.signature() or 'unknown'}).")
        lock.sign(f"process {os.getpid()}")
        try:
            yield
        except OperatorError:
            _take_away(made)
            raise


def _take_away(made: list[Path]) -> None:
    """Folders, the data folder first. Where a database was begun, or anything else is in them, they stay."""
    if made and not (made[0] / "gate.lock").exists():
        for name in ("server.lock", "users.lock", ADDRESS_FILE):
            (made[0] / name).unlink(missing_ok=True)
        with suppress(OSError):
            for each in made:
                each.rmdir()


@contextmanager
def _workable(chosen: Settings) -> Iterator[socket.socket]:
    """The server's socket, where everything else that is set can work, too."""
    with listening(chosen.host, chosen.port) as listener:
        require_workable(chosen)
        yield listener


def _leave_address(chosen: Settings) -> None:
    """For the other commands, which print links."""
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    (chosen.data / ADDRESS_FILE).write_text(f"http://{host}:{chosen.port}")


@contextmanager
def _database(chosen: Settings) -> Iterator[str]:
    if chosen.database_url is not None:
        yield chosen.database_url.get_secret_value()
    else:
        with embedded.running(chosen.data, guarded=True) as url:
            yield url


async def _prepared(url: str) -> list[str]:
    await migrate.upgrade(url)
    database = Database(url, pool=2)
    try:
        return await prepare(database)
    finally:
        await database.close()


async def _reading(chosen: Settings) -> list[str]:
    """A line where public reading goes to a database that cannot serve it now. It may come later, as replicas do."""
    if chosen.read_database_url is None:
        return []
    try:
        fault = (
            None if await migrate.is_ours(chosen.read_database_url.get_secret_value()) else "It has no tables of ours."
        )
    except OperatorError as unreachable:
        fault = unreachable.message
    return [f"Nobody can read until PLENARY_READ_DATABASE_URL leads to a replica. {fault}"] if fault else []


def _mail_in(chosen: Settings) -> list[str]:
    ways = [f"by LMTP on {chosen.lmtp_host}, port {chosen.lmtp_port}"] if chosen.lmtp_port else []
    ways += ["by the webhook /inbound/mail"] if chosen.inbound_secret else []
    if not ways:
        return []
    if chosen.mail_domain is None:
        return ["Mail that comes in has no address here: set PLENARY_MAIL_DOMAIN"]
    return [f"Mail to {chosen.mail_domain} comes in {' and '.join(ways)}"]


def _mail(chosen: Settings) -> str:
    if chosen.smtp_url is None:
        return f"Mail is not sent but written to {chosen.mail_folder}/ (set PLENARY_SMTP_URL to send it)"
    return f"Mail is sent through {urlsplit(chosen.smtp_url.get_secret_value()).hostname}"
