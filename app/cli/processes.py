"""The server processes: one, or several with a supervisor over them, each with a listening socket of its own."""

import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from app.cli import logs
from app.config import settings
from app.errors import OperatorError

APPLICATION = "app.main:create_app"
BACKLOG = 2048  # connections that wait to be taken
GRACE = 15  # seconds that requests in flight get at the end
_MOST_CONNECTIONS = 4_000
_OWN_FILES = 150  # that a process opens besides: connections to the database, templates, mail
_SHORT_LIFE = 5.0  # a worker that dies within these seconds counts as failing
_PATIENCE = 5  # failures in a row


def serve(listener: socket.socket, workers: int, application: str = APPLICATION) -> None:
    """Serve until SIGINT or SIGTERM, and finish what is in flight. Raises `OperatorError` if it does not get going."""
    if workers == 1:
        _serve_here(listener, application)
    else:
        _Supervisor(listener, workers, application).run()


def _serve_here(listener: socket.socket, application: str) -> None:
    logs.begin(settings().log_level.upper())
    server = uvicorn.Server(configuration(application))
    # A signal may come before uvicorn listens for it. Once done, it sends itself the signal again: nothing changes.
    with _on_signals(lambda: setattr(server, "should_exit", True)):
        try:
            _load(server.config)
            server.run(sockets=[listener])
        except SystemExit:
            raise OperatorError("The server did not start: the lines above say why.") from None


def _load(configured: uvicorn.Config) -> None:
    """Import and make the application. What this makes stays: looking for garbage in it would take a fifth of it."""
    gc.disable()
    try:
        configured.load()
    finally:
        gc.enable()


def configuration(application: str) -> uvicorn.Config:
    """How uvicorn serves this application, whichever process it is in."""
    chosen = settings()
    return uvicorn.Config(
        application,
        factory=True,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=most_connections(),
    )


def most_connections() -> int:
    """How many connections a process keeps open: with more, who asks is told (503) to come again.

    Without a limit the system's own would be met, and then nothing could be opened any more, the database included.
    """
    allowed, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_CONNECTIONS if allowed < 0 else max(_OWN_FILES, min(_MOST_CONNECTIONS, allowed - _OWN_FILES))


@contextmanager
def _on_signals(act: Callable[[], None]) -> Iterator[None]:
    def handle(_number: int, _frame: object) -> None:
        act()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listeners(listener: socket.socket, workers: int) -> list[socket.socket]:
    """A socket for each worker, all at the listener's address: Linux spreads connections over them.

    On one that they shared, whichever worker had slept last took all connections of a busy client, and the others none.
    Elsewhere they do share it. The listener is bound by itself before, so that an address in use is noticed.
    """
    if sys.platform != "linux":
        return [listener] * workers
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return [listener, *(_beside(listener) for _ in range(workers - 1))]


def _beside(listener: socket.socket) -> socket.socket:
    another = socket.socket(listener.family, listener.type, listener.proto)
    for level, option in (
        (socket.SOL_SOCKET, socket.SO_REUSEADDR),
        (socket.SOL_SOCKET, socket.SO_REUSEPORT),
        (socket.IPPROTO_TCP, socket.TCP_NODELAY),
    ):
        another.setsockopt(level, option, 1)
    another.bind(listener.getsockname())
    another.listen(BACKLOG)
    return another


class _Supervisor:
    """Keeps a number of workers alive. Each is a fresh Python that inherits a socket, and ends when we do.

    The sockets stay open here: what is connected to while a worker is replaced, the next one answers.
    """

    def __init__(self, listener: socket.socket, workers: int, application: str) -> None:
        self._free = _listeners(listener, workers)
        self._application = application
        self._workers: dict[subprocess.Popen[bytes], tuple[socket.socket, float]] = {}
        self._failures = 0
        self._stopping = threading.Event()

    def run(self) -> None:
        with _on_signals(self._stopping.set):
            try:
                while not self._stopping.is_set():
                    self._replace_the_dead()
                    self._stopping.wait(0.3)
            finally:
                self._stop()

    def _replace_the_dead(self) -> None:
        for worker, (listener, started) in list(self._workers.items()):
            if worker.poll() is None:
                continue
            del self._workers[worker]
            self._free.append(listener)
            lived = time.monotonic() - started
            self._failures = self._failures + 1 if lived < _SHORT_LIFE else 0
            print(f"Worker {worker.pid} ended with status {worker.returncode}; starting another.", file=sys.stderr)
            if self._failures >= _PATIENCE:
                raise OperatorError("The server processes end as soon as they start: the lines above say why.")
        while self._free and not self._stopping.is_set():
            listener = self._free.pop()
            self._workers[self._new_worker(listener.fileno())] = listener, time.monotonic()

    def _new_worker(self, descriptor: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", __name__, str(descriptor), self._application],
            pass_fds=[descriptor],
            stdin=subprocess.PIPE,  # its end tells the worker that we are gone, whatever killed us
            start_new_session=True,  # a Ctrl-C in the terminal is for us alone
        )

    def _stop(self) -> None:
        for listener in (*self._free, *(listener for listener, _started in self._workers.values())):
            listener.close()
        for worker in self._workers:
            worker.terminate()
        give_up = time.monotonic() + GRACE + 5
        for worker in self._workers:
            try:
                worker.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def _work(descriptor: int, application: str) -> None:
    """A worker's whole life."""
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    _serve_here(socket.socket(fileno=descriptor), application)


def _end_with_supervisor() -> None:
    os.read(0, 1)  # nothing is ever sent: this returns when the supervisor is gone
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    try:
        _work(int(sys.argv[1]), sys.argv[2])
    except OperatorError as error:
        sys.exit(error.message)
