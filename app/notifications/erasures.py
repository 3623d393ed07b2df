"""The list of erasures: a file outside the database and its backups, from which a restore repeats them."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.config import settings
from app.record.following import Seen

KINDS = frozenset(("contribution.erased", "contribution.redacted", "text.erased", "account.erased",
                   "invitee.declined"))  # fmt: skip
LOWERING = frozenset(("contribution.updated", "text.updated"))  # with less of a byline, or no deposit any more


async def keep(_session: AsyncSession, entries: Sequence[Seen]) -> None:
    """Append a line for each erasure, lowered byline and consent taken back, and wait until the disk has it; only then
    the cursor moves.

    After a crash in between the lines come twice: erasing again changes nothing. Raises RuntimeError.
    """
    lines = [_line(entry) for entry in entries if _destroys(entry) or _withholds(entry)]
    if lines:
        try:
            await asyncio.to_thread(_append, settings().erasure_list, "".join(lines))
        except OSError as fault:  # as such it would be taken for a database that is away, and all following would stop
            raise RuntimeError("the list of erasures cannot be written") from fault


def _destroys(entry: Seen) -> bool:
    """A passage cut out by a moderator makes a new text, which stays: what was destroyed has entries of its own."""
    return entry.kind in KINDS and not (entry.kind == "contribution.redacted" and "hash" in entry.payload)


def _withholds(entry: Seen) -> bool:
    return "byline" in entry.payload or entry.payload.get("deposit") is False


def _line(entry: Seen) -> str:
    payload = {name: value for name, value in entry.payload.items() if name != "reason"}
    fields = {"kind": entry.kind, "subject": str(entry.subject), **payload, "time": clock.iso(entry.time)}
    if entry.consultation is not None:
        fields["consultation"] = str(entry.consultation)
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _append(path: Path, lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("r+b" if not is_new else "x+b") as file:
        _cut_to_whole_lines(file)
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _cut_to_whole_lines(file: BinaryIO) -> None:
    """Go to the end, without a last line that a crash cut short: its entries come again."""
    end = file.seek(0, os.SEEK_END)
    while end:
        begin = max(0, end - 4096)
        file.seek(begin)
        last = file.read(end - begin).rfind(b"\n")
        if last >= 0:
            end = begin + last + 1
            break
        end = begin
    file.truncate(end)
    file.seek(end)
