"""Tiles and entry bundles as C2SP tlog-tiles gives them: their addresses, and what is in a bundle."""

import re
import struct
from collections.abc import Iterable

from app.record.tree import WIDTH

LONGEST_ENTRY = 2**16 - 1  # bytes
_INDEX = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_TOP = 63


def address(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile is, or with the level `entries` a bundle: index 1234067 is written x001/x234/067."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{path}" + (f".p/{width}" if width < WIDTH else "")


def parsed_index(text: str) -> tuple[int, int] | None:
    """The index and the width in the end of an address; None for what is not written in the only way there is."""
    found = _INDEX.fullmatch(text)
    if found is None:
        return None
    index = int(found[1].replace("x", "").replace("/", ""))
    width = int(found[2]) if found[2] else WIDTH
    return (index, width) if address(0, index, width) == f"tile/0/{text}" else None


def parsed_level(text: str) -> int | None:
    """A level from 0 to 63, None for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) < 3 and str(int(text)) == text
    return int(text) if plain and int(text) <= _TOP else None


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each after its length as two bytes."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundled(content: bytes) -> list[bytes]:
    """The entries in a bundle. Raises ValueError where it does not end with an entry."""
    found, at = [], 0
    while at < len(content):
        if at + 2 > len(content):
            raise ValueError("it ends within a length")
        (length,) = struct.unpack_from(">H", content, at)
        at += 2 + length
        if at > len(content):
            raise ValueError("it ends within an entry")
        found.append(content[at - length : at])
    return found
