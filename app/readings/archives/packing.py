"""A zip file that is written as its files come, in constant memory, with the SHA-256 of each."""

import hashlib
import zipfile
from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

_READABLE = 0o100644 << 16  # a plain file that everyone may read
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in it."""

    name: str
    bytes: int
    sha256: str

    def json(self) -> dict[str, str | int]:
        """As a manifest lists it."""
        return {"name": self.name, "bytes": self.bytes, "sha256": self.sha256}


class Packer:
    """Puts files into a zip file, all with one time, so that the same content makes the same bytes."""

    def __init__(self, stream: BinaryIO, moment: datetime) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
        at = moment.astimezone(UTC)
        self._time = (at.year, at.month, at.day, at.hour, at.minute, at.second)
        self.files: list[Packed] = []

    async def stream(self, name: str, pieces: AsyncIterable[bytes]) -> None:
        """Put a file in, piece by piece."""
        digest, length = hashlib.sha256(), 0
        with self._zip.open(self._info(name), "w", force_zip64=True) as file:
            async for piece in pieces:
                file.write(piece)
                digest.update(piece)
                length += len(piece)
        self.files.append(Packed(name, length, digest.hexdigest()))

    def put(self, name: str, content: bytes) -> None:
        """Put a small file in."""
        self._zip.writestr(self._info(name), content)
        self.files.append(Packed(name, len(content), hashlib.sha256(content).hexdigest()))

    def sums(self) -> bytes:
        """The digests of what is in it so far, as `sha256sum` writes and reads them."""
        return "".join(f"{file.sha256}  {file.name}\n" for file in self.files).encode()

    def finish(self) -> None:
        """Write its directory, which stands at the end."""
        self._zip.close()

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._time)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
        return info
