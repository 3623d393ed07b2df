"""The commands as an operator types them: results on standard output, one sentence for what goes wrong, exit codes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from app.database.cluster import Cluster

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PLENARY_", "PYTEST_"))}


def start(*arguments: str | Path, **settings: str) -> subprocess.Popen[str]:
    """`python3 -m app …`, started."""
    return subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT | settings,
    )


def run(*arguments: str | Path, **settings: str) -> tuple[int, str, str]:
    """`python3 -m app …`, run to its end: exit code, standard output, standard error."""
    started = start(*arguments, **settings)
    out, error = started.communicate(timeout=60)
    return started.returncode, out, error


class Server:
    """A server on a data folder of its own."""

    def __init__(self, data: Path, *arguments: str, **settings: str) -> None:
        self.data = data
        self.process = start("serve", "--port", "0", "--data", data, *arguments, **settings)
        assert self.process.stderr is not None
        self.lines: list[str] = []
        while not (self.lines and "Mail is" in self.lines[-1]):
            line = self.process.stderr.readline()
            assert line, self.lines
            self.lines.append(line.strip())
        self.address = next(line for line in self.lines if "http://" in line).rpartition(" ")[2]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        self.process.communicate(timeout=30)
        return self.process.returncode

    def postmaster(self) -> psutil.Process | None:
        return Cluster(self.data / "postgres").process()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("commands") / "data"


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    started = Server(data)
    yield started
    if started.process.poll() is None:
        started.end()


def sentence(result: tuple[int, str, str], code: int) -> str:
    """What was said, provided it is one line without a trace, with nothing on standard output."""
    assert result[0] == code, result
    assert result[1] == ""
    assert "Traceback" not in result[2]
    lines = result[2].strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_lives_and_ends(data: Path, workers: str) -> None:
    server = Server(data, "--workers", workers)
    assert f"written to {data}/mail" in server.lines[-1]
    for path in ("/health", "/ready"):
        assert httpx.get(server.address + path, timeout=60).status_code == 200
    assert server.postmaster()
    assert server.end() == 0
    assert not server.postmaster()


def test_killed_server_starts_again(data: Path) -> None:
    server = Server(data)
    server.end(signal.SIGKILL)
    assert server.postmaster()
    again = Server(data)
    assert httpx.get(again.address + "/ready", timeout=60).status_code == 200
    assert again.end(signal.SIGINT) == 0
    assert not again.postmaster()


def test_killed_postgres_comes_back(server: Server) -> None:
    process = server.postmaster()
    assert process
    process.kill()
    for _ in range(100):
        time.sleep(0.1)
        back = (found := server.postmaster()) and found != process
        if back and httpx.get(server.address + "/ready", timeout=60).status_code == 200:
            return
    pytest.fail("the server does not get its database back")


def test_a_second_server_is_refused(server: Server) -> None:
    told = sentence(run("serve", "--port", "0", "--data", server.data), 1)
    assert "Another server is using" in told
    assert str(server.process.pid) in told


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} is in use" in sentence(run("--port", port, "--data", tmp_path / "d"), 1)


def test_a_backup_of_a_server_in_use(server: Server, tmp_path: Path) -> None:
    code, out, error = run("backup", tmp_path / "file", "--data", server.data)
    assert (code, out) == (0, "")
    assert "Backed up" in error
    assert "Another server" in sentence(run("restore", tmp_path / "file", "--data", server.data), 1)
    assert run("backup", tmp_path / "file", "--data", server.data)[0] == 0  # the newer one takes its place
    (tmp_path / "mine").write_text("Not a backup.")
    assert "is no backup" in sentence(run("backup", tmp_path / "mine", "--data", server.data), 2)
    assert (tmp_path / "mine").read_text() == "Not a backup."
    code, out, error = run("restore", tmp_path / "file", "--data", tmp_path / "elsewhere")
    assert (code, out) == (0, "")
    assert "cannot be read" not in error  # there was no database yet


def test_a_backup_of_nothing_and_a_restore_from_nothing_leave_nothing(tmp_path: Path) -> None:
    assert "There is no database in" in sentence(run("backup", tmp_path / "file", "--data", tmp_path / "d"), 2)
    (tmp_path / "text").write_text("Not a backup.")
    assert "is not a backup" in sentence(run("restore", tmp_path / "text", "--data", tmp_path / "d"), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["text"]


def test_a_key_that_is_not_whole_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "server.key").touch()
    assert "key" in sentence(run("--port", "0", "--data", tmp_path), 1)


@pytest.mark.parametrize("arguments", [("backup",), ("export", "--consultation", "c", "--out")])
def test_a_pipe_is_not_replaced_by_a_file(arguments: tuple[str, ...], data: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # /dev/null is another such thing, and root could replace it
    assert "not an ordinary file" in sentence(run(*arguments, tmp_path / "pipe", "--data", data), 2)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "told"),
    [
        (("--data", "/tmp/with a space"), {}, 2, "space"),
        (("--data", "/dev/null/x"), {}, 1, "cannot be written"),
        (("--port", "0", "--host", "256.1.1.1"), {}, 2, "Cannot listen"),
        ((), {"PLENARY_PORT": "many"}, 2, "PLENARY_PORT"),
        (("--port", "0"), {"PLENARY_DATABASE_URL": "mysql://x/y"}, 2, "postgresql://"),
        (("--port", "0"), {"PLENARY_DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/x"}, 1, "cannot be reached"),
        (("--port", "0"), {"PLENARY_READ_DATABASE_URL": "mysql://x/y"}, 2, "PLENARY_READ_DATABASE_URL must start"),
        (("--port", "0"), {"PLENARY_LMTP_PORT": "2525", "PLENARY_LMTP_HOST": "256.1.1.1"}, 2, "Cannot listen"),
        (("--port", "0"), {"PLENARY_MACHINE_TRANSLATION": "nowhere:Nothing"}, 2, "PLENARY_MACHINE_TRANSLATION"),
        (("--port", "0"), {"PLENARY_ERASURES": "/dev/null"}, 2, "list of erasures /dev/null"),
        (("backup", "file"), {"PLENARY_DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/x"}, 1, "cannot be reached"),
    ],
)
def test_what_cannot_work_ends_in_one_sentence(
    arguments: tuple[str, ...], settings: dict[str, str], code: int, told: str, tmp_path: Path
) -> None:
    said = sentence(run(*arguments, **{"PLENARY_DATA": str(tmp_path / "d" / "deeper")} | settings), code)
    assert told in said
    assert "geheim" not in said
    assert list(tmp_path.iterdir()) == []  # nothing is left of a start that was refused


@pytest.mark.parametrize("arguments", [("nonsense",), ("--port", "x"), ("restore",), ("restore", "/nonexistent")])
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    code, out, error = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error" in error


def test_settings_are_listed_and_secrets_are_not() -> None:
    code, out, error = run("settings", PLENARY_SECRET="geheim" * 3, PLENARY_DATABASE_URL="postgresql://u:geheim@h/d")
    assert (code, error) == (0, "")
    assert "PLENARY_PORT=8000" in out
    assert "PLENARY_SECRET=********" in out
    assert "geheim" not in out


def test_arguments_of_test_go_to_pytest() -> None:
    code, out, error = run("test", "-n0", "--collect-only", "-q", "tests/cli/test_commands.py", "-k", "wrong_usage")
    assert code == 0, error
    assert "test_wrong_usage_is_2" in out
