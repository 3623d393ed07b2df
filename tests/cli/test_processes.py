"""Server processes: the sockets they listen on, how they end, and what happens when one is killed."""

import os
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import psutil
import pytest

from app.cli import processes
from app.cli.listening import listening
from app.errors import OperatorError

DRIVER = """
import sys
from app.cli import processes
from app.cli.listening import listening
with listening("127.0.0.1", 0) as listener:
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    processes.serve(listener, int(sys.argv[1]), "tests.cli.slow_app:create_app")
print("put away", flush=True)
"""


class Server:
    """A server on the slow application, and how it can be asked and ended."""

    def __init__(self, workers: int, open_files: int = 1_000) -> None:
        limited = ["sh", "-c", f'ulimit -n {open_files} && exec "$@"', "sh", sys.executable, "-c", DRIVER, str(workers)]
        self.process = subprocess.Popen(limited, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = f"http://127.0.0.1:{self.process.stdout.readline().strip()}/"
        self.ask()

    def ask(self, wait: float = 0) -> dict[str, int]:
        answer: dict[str, int] = httpx.get(self.address, params={"wait": wait}, timeout=20).json()
        return answer

    def workers(self) -> set[int]:
        return {child.pid for child in psutil.Process(self.process.pid).children()}

    def end(self, how: signal.Signals) -> str:
        self.process.send_signal(how)
        return self.process.communicate(timeout=20)[0]


@pytest.fixture(params=[1, 2])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    started = Server(request.param)
    yield started
    if started.process.poll() is None:
        started.end(signal.SIGTERM)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers share one socket")
def test_connections_are_spread_over_the_workers_and_the_address_stays_taken() -> None:
    with listening("127.0.0.1", 0) as listener, ExitStack() as clients:
        listener.listen()
        address = listener.getsockname()
        sockets = processes._listeners(listener, 2)
        for _ in range(60):
            clients.enter_context(socket.create_connection(address))
        assert all(select.select([each], [], [], 5)[0] for each in sockets)
        with pytest.raises(OperatorError, match="in use"), listening(*address):
            pass
        for each in sockets:
            each.close()


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="looks at its sockets through /proc")
def test_connections_do_not_wait_for_full_packets(server: Server) -> None:
    assert all(server.ask()["no_delay"] for _ in range(5))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_is_in_flight_is_finished(server: Server, how: signal.Signals) -> None:
    answers: list[dict[str, int]] = []
    asking = threading.Thread(target=lambda: answers.append(server.ask(wait=1.5)))
    asking.start()
    time.sleep(0.7)
    children = server.workers()
    assert server.end(how) == "put away\n"
    asking.join()
    assert answers and server.process.returncode == 0
    assert not any(psutil.pid_exists(child) for child in children)


def test_a_killed_worker_is_replaced() -> None:
    server = Server(2)
    try:
        before = server.workers()
        assert len(before) == 2
        os.kill(min(before), signal.SIGKILL)
        for _ in range(100):
            if len(server.workers() - before) == 1 and len(server.workers()) == 2:
                break
            time.sleep(0.1)
        assert len(server.workers()) == 2
        assert server.ask()["pid"] in server.workers()
    finally:
        server.end(signal.SIGTERM)


def test_workers_end_with_a_killed_supervisor() -> None:
    server = Server(2)
    workers = [psutil.Process(pid) for pid in server.workers()]
    server.end(signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive


def test_a_signal_that_comes_while_the_server_starts_is_obeyed() -> None:
    hasty = (
        "import os, signal, uvicorn\nrun = uvicorn.Server.run\n"
        "def hastily(*given, **named):\n    os.kill(os.getpid(), signal.SIGTERM)\n    return run(*given, **named)\n"
        "uvicorn.Server.run = hastily\n"
    )
    ended = subprocess.run([sys.executable, "-c", hasty + DRIVER, "1"], capture_output=True, text=True, timeout=20)
    assert ended.stdout.endswith("put away\n")


@pytest.mark.parametrize(("allowed", "most"), [(-1, 4_000), (20_000, 4_000), (1_024, 874), (256, 150), (64, 150)])
def test_connections_are_as_many_as_the_system_lets_us_open(
    monkeypatch: pytest.MonkeyPatch, allowed: int, most: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (allowed, allowed))
    assert processes.configuration("tests.cli.slow_app:create_app").limit_concurrency == most


def test_who_comes_when_all_places_are_taken_is_told() -> None:
    server = Server(1, open_files=300)
    address = httpx.URL(server.address)
    crowd = [socket.create_connection((address.host, address.port or 80)) for _ in range(150)]
    time.sleep(0.3)
    try:
        answers = {httpx.get(server.address).status_code for _ in range(10)}
        assert answers == {503}
    finally:
        for each in crowd:
            each.close()
    time.sleep(0.3)
    assert server.ask()["no_delay"]
    assert server.end(signal.SIGTERM) == "put away\n"


def test_the_log_says_where_something_failed_and_not_what_people_wrote(server: Server) -> None:
    assert httpx.get(f"{server.address}fail?written=anna@example.org").status_code == 500
    server.process.send_signal(signal.SIGTERM)
    logged = server.process.communicate(timeout=20)[1]
    assert "slow_app.py" in logged and "ValueError" in logged and "NotNullViolationError 23502" in logged
    assert "anna" not in logged
