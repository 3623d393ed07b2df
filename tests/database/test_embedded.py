"""The embedded Postgres comes up and goes away properly, whatever was killed before."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import psutil
import pytest

from app.database import cluster, databases, embedded, os_user
from app.database.cluster import Cluster
from app.errors import OperatorError

pytestmark = pytest.mark.anyio

HOLD = (
    "import sys; from pathlib import Path; from app.database import embedded\nwith embedded.running(Path(sys.argv[1])):"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def postmaster(data: Path) -> psutil.Process | None:
    return Cluster(data / "postgres").process()


def another_user_of(data: Path) -> subprocess.Popen[str]:
    """Another process that uses the database until its standard input closes, or until it is interrupted."""
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # ignored in the background
    code = f"{heed}\n{HOLD}\n    print('up', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline() == "up\n"
    return other


async def answer(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT 42"))
    finally:
        await connection.close()


async def test_it_runs_and_stops_with_its_last_user(data: Path) -> None:
    other = another_user_of(data)
    with embedded.running(data) as url:
        assert await answer(url) == 42
        other.communicate()
        assert postmaster(data), "others still use it"
    assert not postmaster(data)


async def test_sorting_and_durability_are_set(data: Path) -> None:
    with embedded.running(data) as url:
        connection = await asyncpg.connect(url)
        row = await connection.fetchrow(
            "SELECT datlocprovider, datlocale, current_setting('fsync') AS fsync,"
            " current_setting('synchronous_commit') AS commits FROM pg_database WHERE datname = current_database()"
        )
        await connection.close()
    assert dict(row) == {"datlocprovider": b"b", "datlocale": "C.UTF-8", "fsync": "on", "commits": "on"}


async def test_killed_postgres_recovers(data: Path) -> None:
    with embedded.running(data) as url:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
        process = postmaster(data)
        assert process
        process.kill()
        process.wait(30)
        connection.terminate()
    with embedded.running(data) as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT value FROM kept") == 7
        await connection.close()


async def test_a_guarded_postgres_is_started_again(data: Path) -> None:
    with embedded.running(data, guarded=True) as url:
        process = postmaster(data)
        assert process
        process.kill()
        process.wait(30)
        for _ in range(100):
            time.sleep(0.1)
            try:
                assert await answer(url) == 42
                break
            except (OSError, asyncpg.PostgresError):
                continue
        else:
            pytest.fail("it stays down")
    assert not postmaster(data)


async def test_killed_user_leaves_a_usable_database(data: Path) -> None:
    other = another_user_of(data)
    other.kill()
    other.wait()
    assert postmaster(data), "nobody was left to stop it"
    with embedded.running(data) as url:
        assert await answer(url) == 42
    assert not postmaster(data)


@pytest.mark.parametrize("zombie", [False, True])
async def test_a_stale_pid_of_somebody_else(data: Path, zombie: bool) -> None:
    with embedded.running(data):
        lines = (data / "postgres" / "postmaster.pid").read_text().splitlines()
    stranger = subprocess.Popen([sys.executable, "-c", "" if zombie else "import time; time.sleep(60)"])
    if zombie:
        os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT)
    try:
        lines[0] = str(stranger.pid)
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (data / "postgres" / name).write_text("\n".join(lines) + "\n")
        with embedded.running(data) as url:
            assert await answer(url) == 42
        assert zombie or stranger.poll() is None, "the stranger was killed"
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_half_made_cluster_is_made_again(data: Path) -> None:
    (data / "postgres.new").mkdir(parents=True)
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    with embedded.running(data) as url:
        assert await answer(url) == 42


async def test_a_cluster_that_cannot_be_made_leaves_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "DATABASE", "no name")  # as a full disk, it fails half way
    with pytest.raises(OperatorError, match="cannot be made") as error, embedded.running(data):
        pass
    assert "syntax error" in error.value.message and "\n" not in error.value.message
    assert not any(data.glob("postgres*"))


async def test_a_long_path_gets_its_socket_elsewhere(data: Path) -> None:
    long = data / ("x" * 100)
    with embedded.running(long) as url:
        assert await answer(url) == 42
        folder = Path(url.partition("host=")[2])
        assert not folder.is_relative_to(data)
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


async def test_a_cluster_of_another_version_is_left_alone(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(OperatorError, match="made by PostgreSQL 12"), embedded.running(data):
        pass


async def test_alone_means_alone(data: Path) -> None:
    other = another_user_of(data)
    try:
        with pytest.raises(OperatorError, match="in use"), embedded.running(data, alone=True):
            pass
    finally:
        other.communicate()
    with embedded.running(data, alone=True) as url:
        assert await answer(url) == 42
        with pytest.raises(OperatorError, match="in use"), embedded.running(data):
            pass


async def test_many_starters_at_once(data: Path) -> None:
    code = f"{HOLD}\n    pass"
    starters = [subprocess.Popen([sys.executable, "-c", code, data]) for _ in range(4)]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0, 0]
    assert not postmaster(data)


def test_spaces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="space") as error, embedded.running(tmp_path / "my data"):
        pass
    assert error.value.status == 2


def test_an_unwritable_folder_is_refused(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(OperatorError, match="cannot be written"), embedded.running(in_the_way / "data"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(data: Path) -> None:
    data.mkdir(mode=0o500)
    with pytest.raises(OperatorError, match="cannot be written"), embedded.running(data):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
async def test_root_only_folders_stay_closed(tmp_path: Path) -> None:
    """The database's user gets through a folder of root's, and nobody gets to read it."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with embedded.running(private / "data") as url:
        assert await answer(url) == 42
        process = postmaster(private / "data")
        assert process and process.username() == os_user.NAME
    listed = subprocess.run(["ls", private], **os_user.arguments(os_user.for_cluster(private)), capture_output=True)
    assert listed.returncode != 0


async def test_an_interrupt_stops_everything(data: Path) -> None:
    other = another_user_of(data)
    process = postmaster(data)
    assert process
    other.send_signal(signal.SIGINT)
    other.wait(30)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def test_databases_are_made_and_dropped(data: Path) -> None:
    with embedded.running(data) as url:
        await databases.create(url, "second")
        assert await answer(databases.sibling(url, "second")) == 42
        await databases.drop(url, "second")
        assert await databases.names(url, "second") == []
