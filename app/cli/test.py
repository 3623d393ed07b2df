"""`test`: the test suite, by pytest."""

import os
import sys
from pathlib import Path

import typer

from app.cli import commands

_CHECKOUT = Path(__file__).resolve().parents[2]


@commands.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run the tests; all arguments go to pytest."""
    os.chdir(_CHECKOUT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of the many processes started would compile everything
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *context.args])  # noqa: S606  # our own Python
