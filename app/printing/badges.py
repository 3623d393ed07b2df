"""Name badges as a PDF, eight on a sheet: typeset by typst, from `badges.typ` beside this file.

What people wrote goes in as data, never as source. Fonts are the system's Noto, which have every script.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typst

from app.text import is_from_right

MEDIA_TYPE = "application/pdf"
_SOURCE = (Path(__file__).parent / "badges.typ").read_bytes()
_LONG = re.compile(r"\S{16}(?=\S{4})")
_AT_ONCE = asyncio.Semaphore(1)  # it takes a core for a moment


@dataclass(frozen=True, slots=True)
class Badge:
    """One person: their name, and the organisation that they name."""

    name: str
    organisation: str = ""


async def badges(people: Sequence[Badge], title: str, when: str, language: str) -> bytes:
    """The PDF, with the meeting's title and time on each badge."""
    given = {
        "language": language, "title": _line(title), "when": _line(when),
        "badges": [{"name": _line(each.name), "organisation": _line(each.organisation)} for each in people],
    }  # fmt: skip
    async with _AT_ONCE:
        return await asyncio.to_thread(_typeset, json.dumps(given))


def _typeset(given: str) -> bytes:
    made: bytes = typst.compile(_SOURCE, format="pdf", sys_inputs={"given": given})
    return made


def _line(words: str) -> dict[str, object]:
    """A text with the direction of its first letter that has one."""
    broken = _LONG.sub("\\g<0>\u200b", words)  # or what has no space would run out of the badge
    return {"text": broken, "rtl": is_from_right(words)}
