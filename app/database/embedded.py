"""The embedded Postgres: real Postgres programs from a Python wheel, in the data folder, on a Unix socket.

Of the wheel only the programs are used. Who uses the database is known by shared locks on `users.lock`, which the
operating system drops with their holder; whoever can take that lock alone stops Postgres.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.config import Settings
from app.database.cluster import Cluster
from app.database.locks import FileLock
from app.errors import OperatorError

_BUSY = 600.0  # seconds that another process may take to start or stop it, recovery included


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The address of the database for as long as the block runs: the one that is set, or the embedded one."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
    else:
        with running(settings.data) as url:
            yield url


@contextmanager
def running(data: Path, *, alone: bool = False, guarded: bool = False) -> Iterator[str]:
    """Postgres in the folder `data`: started unless it runs, stopped at the end unless others use it. Yields its URL.

    `alone` keeps all others out for the time; `guarded` starts Postgres again if it dies meanwhile.
    Raises `OperatorError` with one sentence.
    """
    folder = usable_folder(data)
    cluster = Cluster(folder / "postgres")
    with FileLock(folder / "users.lock") as users:
        with _gate(folder):
            if not users.take(shared=not alone):
                raise OperatorError(f"The data folder {folder} is in use by another process: stop that first.")
            cluster.start()
        ended = threading.Event()
        if guarded:
            threading.Thread(target=_guard, args=(cluster, folder, ended), daemon=True).start()
        try:
            yield cluster.url()
        finally:
            ended.set()
            with _gate(folder):
                if users.take():
                    cluster.stop()
                users.close()  # before the next one passes the gate


def is_made(data: Path) -> bool:
    """Whether the folder has an embedded database, running or not."""
    return (data.expanduser() / "postgres" / "PG_VERSION").exists()


def usable_folder(data: Path, *, spaces: bool = False) -> Path:
    """The data folder as an absolute path, made if needed. Raises `OperatorError` where it cannot be used."""
    folder = data.expanduser().resolve()
    if not spaces and any(letter.isspace() for letter in str(folder)):
        raise OperatorError(
            f"The path of the data folder has a space in it, which Postgres does not take: {str(folder)!r}; "
            "please give another with --data DIR.",
            status=2,
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "users.lock").touch(mode=0o600)
    except OSError as error:
        raise OperatorError(
            f"The data folder {folder} cannot be written ({error.strerror}): please give another with --data DIR."
        ) from error
    return folder


@contextmanager
def _gate(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops Postgres."""
    with FileLock(folder / "gate.lock") as gate:
        if not gate.take(wait=_BUSY):
            raise OperatorError(f"Another process has been starting the database in {folder} for too long.")
        yield


def _guard(cluster: Cluster, folder: Path, ended: threading.Event) -> None:
    while not ended.wait(1.0):
        if not cluster.process():
            with suppress(OperatorError), _gate(folder):
                if not ended.is_set():
                    cluster.start()
