"""`python3 -m app`: makes `.venv` from `requirements.lock` where it is missing or old, then runs the command in it.

Only the standard library is used here, and only what Python 3.6 can parse, so that an old Python gets its sentence.
"""

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCK = os.path.join(ROOT, "requirements.lock")
STAMP = os.path.join(VENV, "plenary.stamp")  # written last: which lock was installed, for which Python


def main() -> None:
    """Get into `.venv`, then hand over to `app.cli`."""
    if sys.version_info < (3, 11):
        sys.exit("Plenary needs Python 3.11 or newer, and this is %d.%d.%d." % sys.version_info[:3])
    if os.name != "posix":
        sys.exit("Plenary runs on Linux and macOS; on Windows, please use WSL or a container.")
    try:
        inside = os.path.realpath(sys.prefix) == os.path.realpath(VENV)
        ready = is_ready(check_python=inside)
        if not ready:
            prepare(inside)
        if not (ready and inside):
            os.execv(PYTHON, [PYTHON, "-m", "app"] + sys.argv[1:])
    except OSError as error:
        sys.exit("The folder .venv in %s cannot be used: %s." % (ROOT, error.strerror))
    except KeyboardInterrupt:
        sys.exit(130)
    from app.cli import main as run

    run()


def is_ready(check_python: bool) -> bool:
    """Whether `.venv` holds what the lock asks for. Only from inside can its Python's version be seen."""
    try:
        with open(STAMP) as stamp:
            lock, python = stamp.read().split()
    except (OSError, ValueError):
        return False
    return lock == lock_hash() and os.path.exists(PYTHON) and (python == version() or not check_python)


def prepare(inside: bool) -> None:
    """Make or repair `.venv`, one process at a time."""
    import fcntl

    with open(LOCK) as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing .venv; waiting for it.")
            fcntl.flock(turn, fcntl.LOCK_EX)
            if is_ready(check_python=inside):
                return
        say("Preparing .venv: this is done once and takes about a minute.")
        if not inside and not has_pip():
            make_venv()
        install()
        found = subprocess.check_output([PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        with open(STAMP, "w") as stamp:
            stamp.write("%s %s\n" % (lock_hash(), found.decode().strip()))


def has_pip() -> bool:
    """Whether `.venv` has a Python that works, is new enough, and can install."""
    code = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.call([PYTHON, "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_venv() -> None:
    """A fresh `.venv`, in place of a broken one."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        sys.exit(
            "This Python lacks its venv module: on Debian and Ubuntu, install it with "
            "`apt install python3-venv` (or python%s-venv), then start again." % version()
        )
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if made.returncode:
        sys.exit("The folder .venv in %s cannot be made: %s" % (ROOT, last_line(made.stdout.decode(errors="replace"))))


def install() -> None:
    """Everything in the lock, each file checked against its hash; progress goes to standard error."""
    with open(LOCK) as lock:
        total = sum("==" in line for line in lock)
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", LOCK]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    pip = subprocess.Popen(
        command,
        env=dict(os.environ, PIP_USER="0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    )
    said, fetched = [], 0
    try:
        for line in pip.stdout or ():
            said.append(line)
            if line.startswith("Collecting "):
                fetched += 1
                progress("Libraries: %d of at most %d" % (fetched, total), fetched)
        status = pip.wait()
    finally:
        if pip.poll() is None:
            pip.terminate()
            pip.wait()
    if sys.stderr.isatty():
        say("")
    if status:
        errors = [line for line in said if line.startswith("ERROR")] or said
        sys.exit("The libraries cannot be installed into .venv: %s" % last_line("".join(errors)))


def progress(text: str, count: int) -> None:
    """One line that counts up in a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        sys.stderr.write("\r" + text)
        sys.stderr.flush()
    elif count % 25 == 0:
        say(text)


def lock_hash() -> str:
    """What the stamp says about the lock."""
    with open(LOCK, "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def version() -> str:
    """Of this Python, as in `3.11`."""
    return "%d.%d" % sys.version_info[:2]


def last_line(text: str) -> str:
    """The last line that is not empty."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it does not say why"


def say(text: str) -> None:
    """To standard error: standard output is for results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
