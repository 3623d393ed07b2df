"""The mails of `corpus/`, and what is expected of each."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "corpus"
_EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text())
MARKERS: tuple[str, ...] = tuple(_EXPECTED["markers"].values())
MAILS: list[dict[str, Any]] = _EXPECTED["mail"]


def raw(expected: dict[str, Any]) -> bytes:
    """The message as it travelled."""
    return (FOLDER / f"{expected['file']}.eml").read_bytes()


def those(key: str) -> list[dict[str, Any]]:
    """Of which something is expected."""
    return [expected for expected in MAILS if key in expected]


def name(expected: dict[str, Any]) -> str:
    """For the list of tests."""
    return str(expected["file"])
