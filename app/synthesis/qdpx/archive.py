"""Opens a `.qdpx` within limits. Nothing is unpacked onto a disk, and what it says of its own sizes is not believed."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from app import errors
from app.language import gettext as _
from app.language import number

MOST_BYTES = 25 * 2**20  # of a file that is sent
MOST_XML = 50 * 2**20  # of the project's XML, unpacked
_MOST_UNPACKED = 100 * 2**20
_MOST_PARTS = 30_000
_MOST_RATIO = 200  # times what is packed: texts and XML reach a tenth of it
_QDE, _SOURCES = "project.qde", "sources/"
_HOW = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack as much at once as they like


def refused(why: str) -> errors.Invalid:
    """A file that cannot be taken."""
    return errors.Invalid({"file": why})


def require_size(content: bytes) -> None:
    """Raises Invalid for a file that is larger than any that is taken."""
    if len(content) > MOST_BYTES:
        raise refused(_("This file is larger than %(most)s MB, which is the most.", most=number(MOST_BYTES // 2**20)))


class Archive:
    """An archive that is open: its XML, and its texts by their names."""

    def __init__(self, content: bytes) -> None:
        require_size(content)
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):  # the last: a way of packing that is not known
            raise refused(_("This file is no archive, or it is damaged.")) from None
        self._parts = _parts(self._zip)
        self._room = _MOST_UNPACKED

    def project(self) -> bytes:
        """The project's XML. Raises Invalid."""
        info = self._parts.get(_QDE)
        if info is None:
            raise refused(_("There is no project.qde in this archive, so it is no project of REFI-QDA."))
        return self._read(info, MOST_XML)

    def text(self, path: str) -> str | None:
        """The text at a path as in `internal://….txt`; None where there is none in UTF-8. Raises Invalid."""
        scheme, found, name = path.partition("://")
        info = self._parts.get(_SOURCES + name.lower()) if found and scheme == "internal" else None
        if info is None:
            return None
        try:
            return self._read(info, _MOST_UNPACKED).decode()
        except UnicodeDecodeError:
            return None

    def _read(self, info: zipfile.ZipInfo, most: int) -> bytes:
        room = min(most, self._room)
        try:
            with self._zip.open(info) as part:
                unpacked = part.read(room + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
            raise refused(_("This archive is damaged: “%(name)s” cannot be read.", name=info.filename[:100])) from None
        if len(unpacked) > room or len(unpacked) > 2**20 + _MOST_RATIO * info.compress_size:
            raise refused(_("What is packed in this file is larger than any project that is taken."))
        self._room -= len(unpacked)
        return unpacked


def _parts(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """What is in it, by names in small letters: programs do not agree on capitals."""
    found: dict[str, zipfile.ZipInfo] = {}
    if len(archive.infolist()) > _MOST_PARTS:
        raise refused(_("There are more than %(most)s files in this archive.", most=number(_MOST_PARTS)))
    for info in archive.infolist():
        name = info.filename.replace("\\", "/").lower()
        if name.startswith("/") or ".." in name.split("/") or info.flag_bits & 1 or info.compress_type not in _HOW:
            raise refused(_("This archive is locked, or made as no project is. Please export it again."))
        if name in found:  # which of them counts would depend on the program
            raise refused(_("There are two files of the same name in this archive."))
        found[name] = info
    return found
