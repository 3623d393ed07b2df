"""`python3 -m app` before there is a `.venv`: in a small checkout with an empty lock, so that nothing is downloaded."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "app" / "__main__.py"
CLI = "import sys\ndef main():\n    print('result', *sys.argv[1:])\n"


class Checkout:
    """A checkout with our `__main__.py` and nothing else that is ours."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "app").mkdir(parents=True)
        (root / "app" / "__init__.py").touch()
        shutil.copy(SOURCE, root / "app")
        (root / "app" / "cli.py").write_text(CLI)
        (root / "requirements.lock").write_text("# nothing\n")

    def start(self, *arguments: str, pretending: str = "") -> subprocess.Popen[str]:
        """`python3 -m app`, on a Python that pretends to be another one."""
        code = f"import runpy, sys; {pretending}; runpy.run_module('app', run_name='__main__', alter_sys=True)"
        how = ["-c", code] if pretending else ["-m", "app"]
        return subprocess.Popen(
            [sys.executable, *how, *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )

    def run(self, *arguments: str, pretending: str = "") -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        started = self.start(*arguments, pretending=pretending)
        out, error = started.communicate(timeout=120)
        return started.returncode, out, error


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a checkout")


def test_the_whole_life_of_a_venv(checkout: Checkout) -> None:
    """Made once, used from then on, brought up to date with its lock, repaired when half of it is missing."""
    code, out, error = checkout.run("key", "--name", "x y")
    assert (code, out) == (0, "result key --name x y\n")
    assert "Preparing .venv" in error

    assert checkout.run() == (0, "result\n", "")

    (checkout.root / "requirements.lock").write_text("# something else\n")
    code, out, error = checkout.run()
    assert (code, out) == (0, "result\n")
    assert "Preparing .venv" in error

    (checkout.root / ".venv" / "plenary.stamp").unlink()
    (checkout.root / ".venv" / "bin" / "python").unlink()
    shutil.rmtree(checkout.root / ".venv" / "lib")
    code, out, error = checkout.run()
    assert (code, out) == (0, "result\n")
    assert checkout.run() == (0, "result\n", "")


def test_two_starts_at_once(checkout: Checkout) -> None:
    both = [checkout.start(), checkout.start()]
    ends = [one.communicate(timeout=120) for one in both]
    assert [out for out, _ in ends] == ["result\n", "result\n"]
    assert sum("Preparing .venv" in error for _, error in ends) == 1


def test_an_install_that_fails_says_why(checkout: Checkout) -> None:
    (checkout.root / "requirements.lock").write_text("nothing-like-it @ file:///nonexistent.whl --hash=sha256:00\n")
    code, out, error = checkout.run()
    assert (code, out) == (1, "")
    assert "cannot be installed" in error.splitlines()[-1]
    (checkout.root / "requirements.lock").write_text("# nothing\n")
    assert checkout.run()[:2] == (0, "result\n")


def test_a_python_without_venv_says_which_package(checkout: Checkout) -> None:
    code, out, error = checkout.run(pretending="sys.modules['ensurepip'] = None")
    assert (code, out) == (1, "")
    assert "apt install python3-venv" in error
    assert "Traceback" not in error


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 12)])
def test_an_old_python_gets_its_sentence(checkout: Checkout, version: tuple[int, int, int]) -> None:
    code, out, error = checkout.run(pretending=f"sys.version_info = {version}")
    assert (code, out) == (1, "")
    assert error == f"Plenary needs Python 3.11 or newer, and this is {version[0]}.{version[1]}.{version[2]}.\n"


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_it(name: str) -> None:
    ast.parse((SOURCE.parent / name).read_text(), feature_version=(3, 6))


def test_what_goes_wrong_in_a_command_is_not_blamed_on_the_venv(checkout: Checkout) -> None:
    (checkout.root / "app" / "cli.py").write_text("def main():\n    open('/nonexistent/file')\n")
    code, _out, error = checkout.run()
    assert code == 1
    assert "'/nonexistent/file'" in error and "cannot be used" not in error


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_checkout(checkout: Checkout) -> None:
    checkout.root.chmod(0o500)
    try:
        code, out, error = checkout.run()
    finally:
        checkout.root.chmod(0o700)
    assert (code, out) == (1, "")
    assert "Traceback" not in error
    assert "cannot be made" in error
