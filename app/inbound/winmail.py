"""winmail.dat: the envelope of Outlook's own (TNEF), of which other programs see a file that they cannot open.

The library trusts the numbers that it reads. So it is given only what we want, and bytes that end with an error.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tnefparse.mapi import IMESSAGE_SIG
from tnefparse.tnef import TNEF

from app.inbound.decoding import decode

_HEAD = 6  # signature and key
_OBJECT = struct.Struct("<BHHI")
_AFTER = 2  # checksum
_PROPERTIES = (TNEF.ATTMAPIPROPS, TNEF.ATTATTACHMENT)
_WANTED = frozenset(
    (
        TNEF.ATTBODY, TNEF.ATTOEMCODEPAGE, TNEF.ATTATTACHRENDDATA, TNEF.ATTATTACHTITLE, TNEF.ATTATTACHDATA,
        *_PROPERTIES,
    )
)  # fmt: skip
_MOST_OBJECTS, _MOST_PROPERTIES, _MOST_VALUES, _LARGEST_PROPERTIES = 100, 1_000, 5_000, 1_000_000
_BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, TypeError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Opened:
    """The words, in one or both forms, and the files."""

    plain: str | None
    html: str | None
    files: tuple[tuple[str, bytes], ...]


def opened(content: bytes) -> Opened | None:
    """What is within, or None where it is broken or larger than any that Outlook makes."""
    objects = list(islice(_wanted(content), _MOST_OBJECTS + 1))
    if len(objects) > _MOST_OBJECTS:
        return None
    try:
        tnef = TNEF(_Ending(content[:_HEAD] + b"".join(objects) + b"\x00" * TNEF.MIN_OBJ_SIZE), do_checksum=False)
        files = tuple((_said(each.long_filename()) or "", bytes(each.data)) for each in tnef.attachments)
    except _BROKEN:
        return None
    return Opened(_said(tnef.body), _said(tnef.htmlbody), files)


class _Ending(bytes):
    """Bytes beyond whose end nothing can be read, nor for ever: a plain slice there would be empty each time."""

    _taken = 0

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            self._taken += 1
            if (key.start or 0) > len(self) or self._taken > _MOST_VALUES:
                raise IndexError("more is read than there is")
            return _Ending(super().__getitem__(key))
        return super().__getitem__(key)


def _wanted(content: bytes) -> Iterator[bytes]:
    place = _HEAD
    while place + _OBJECT.size + _AFTER <= len(content):
        _level, name, _type, length = _OBJECT.unpack_from(content, place)
        end = place + _OBJECT.size + length + _AFTER
        whole = content[place:end]
        if name in _WANTED and end <= len(content) and not _too_much(name, whole):
            yield whole
        place = end


def _too_much(name: int, whole: bytes) -> bool:
    """Properties without measure, and messages within messages."""
    if name not in _PROPERTIES:
        return False
    (count,) = struct.unpack_from("<I", whole.ljust(_OBJECT.size + 4, b"\x00"), _OBJECT.size)
    return count > _MOST_PROPERTIES or len(whole) > _LARGEST_PROPERTIES or IMESSAGE_SIG in whole


def _said(value: object) -> str | None:
    """Text, whatever form the library leaves it in: characters, bytes, a list of either."""
    if isinstance(value, list):
        return "".join(_said(each) or "" for each in value) or None
    if isinstance(value, bytes):
        value = decode(value.rstrip(b"\x00"), "cp1252")[0]
    return value.rstrip("\x00") or None if isinstance(value, str) else None
