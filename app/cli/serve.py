"""`serve`: the server, with everything it needs brought up before and put away after it."""

import asyncio
import errno
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import urlsplit

import typer

from app.cli import ADDRESS_FILE, Data, address, commands, configured, processes, say
from app.cli.first_start import prepare
from app.config import Settings
from app.database import Database, embedded, migrate
from app.database.locks import FileLock
from app.errors import OperatorError

_FREED_SOON = 1.5  # seconds that the port of a killed server may take to become free


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
    with only_server(chosen), listening(chosen.host, chosen.port) as listener, _database(chosen) as url:
        # For the worker processes, too: what is relative or picked by the system is now known.
        chosen = configured(chosen.data.resolve(), database_url=url, port=listener.getsockname()[1])
        _leave_address(chosen)
        lines = asyncio.run(_prepared(url))
        listener.listen(processes.BACKLOG)
        for line in (f"Plenary is at {address(chosen)}", _mail(chosen), *_mail_in(chosen), *lines):
            say(line)
        processes.serve(listener, chosen.workers)


@contextmanager
def only_server(chosen: Settings) -> Iterator[None]:
    """Hold the data folder against a second server (and a restore). Raises `OperatorError` if there is one."""
    folder = embedded.usable_folder(chosen.data, spaces=chosen.database_url is not None)
    with FileLock(folder / "server.lock") as lock:
        if not lock.take():
            raise OperatorError(f"Another server is using the data folder {folder} ({lock.signature() or 'unknown'}).")
        lock.sign(f"process {os.getpid()}")
        yield


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket, not yet taking connections. Raises `OperatorError` where there is none to be had."""
    give_up = time.monotonic() + _FREED_SOON
    while True:
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, kind, protocol)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Connections inherit this; set later, on each of them, it is forgotten where the socket is shared.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(where)
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OperatorError(f"Cannot listen on {host}, port {port}: {error.strerror}.", status=2) from error
            if time.monotonic() > give_up:
                raise OperatorError(f"Port {port} is in use by another program: choose one with --port.") from error
            time.sleep(0.1)
    with listener:
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
