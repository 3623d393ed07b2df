"""`opinion`: the opinion map of positions in a file, so that anyone can check ours. Asks nothing of our database."""

import json
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import commands, say
from app.errors import OperatorError

_LIBRARIES = {"numpy", "scipy", "sklearn", "threadpoolctl"}
_POLIS = "participants-votes"  # what Polis calls every export, in a folder with the conversation's name


@commands.command()
def opinion(
    positions: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="POSITIONS.csv", help="Who said what.")
    ],
    groups: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True, metavar="GROUPS.csv", help="Groups that somebody published."
        ),
    ] = None,
    left_out: Annotated[
        str, typer.Option("--left-out", metavar="IDS", help="Statements not to count, as in 13,14,15.")
    ] = "",
) -> None:
    """Print the opinion map of positions, as JSON: who stands where, the groups, what they agree on and stand out by.

    With GROUPS.csv also what the groups in it agree on and stand out by. docs/opinion.md describes the files.
    """
    unwanted = _numbers(left_out)
    try:
        text = _map(positions, groups, unwanted)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        raise OperatorError(
            "The opinion map needs libraries that are not installed here: install Plenary’s extra “opinion” "
            "(NumPy, SciPy and scikit-learn)."
        ) from None
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def _map(file: Path, groups_file: Path | None, left_out: set[int]) -> str:
    """The map as JSON. The libraries are large, and only this command needs them."""
    from app.synthesis.opinion.map import document, opinion_map
    from app.synthesis.opinion.positions_file import read_groups, read_positions
    from app.synthesis.opinion.telling import told

    positions, aside = read_positions(file)
    if aside:
        say(f"Ignored columns: {', '.join(aside)}"[:1000])
    if unknown := sorted(left_out.difference(positions.statements)):
        say(f"Left out, and not in {file} anyway: {', '.join(map(str, unknown))}"[:1000])
    groups = read_groups(groups_file, positions) if groups_file else None
    found = opinion_map(positions, left_out, groups)
    published = (groups, told(positions.without(left_out), groups)) if groups else None
    return json.dumps(document(found, _name(file), published), indent=1, ensure_ascii=False)


def _name(file: Path) -> str:
    return file.resolve().parent.name if file.stem == _POLIS else file.stem


def _numbers(given: str) -> set[int]:
    words = given.replace(",", " ").split()
    for word in words:
        if not re.fullmatch(r"[0-9]{1,18}", word):
            raise OperatorError(f"--left-out takes numbers of statements, as in 13,14,15, and {word!r} is none.", 2)
    return set(map(int, words))
