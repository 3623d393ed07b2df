"""Answers in the coding that the client takes (RFC 9110, section 12.5.3): zstd where it is named, else gzip.

The two are about as long. On a client's side zstd takes a third of the time; on ours gzip, by its library, is faster.
"""

from asyncio import to_thread
from functools import lru_cache

import zstandard

from app import text

FROM = 1_000  # bytes: below, compressing costs more than it saves
_LONG = 200_000  # bytes: above, others need not wait while it is compressed
_LEVEL = 1
_MOST_SPELLINGS = 256


async def compressed(content: bytes, accepted: str) -> tuple[bytes, str | None]:
    """The content and its coding; None where it stays as it is."""
    coding = _coding(accepted) if len(content) >= FROM else None
    if coding is None:
        return content, None
    compress = _zstd if coding == "zstd" else text.zipped
    return (compress(content) if len(content) < _LONG else await to_thread(compress, content)), coding


def _zstd(content: bytes) -> bytes:
    return zstandard.compress(content, _LEVEL)


@lru_cache(_MOST_SPELLINGS)
def _coding(accepted: str) -> str | None:
    """Which coding an Accept-Encoding header wants. What `*` stands for is gzip: everybody can read that."""
    wanted: dict[str, float] = {}
    for each in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in each.split(";"))
        wanted[name] = _weight(parameters)
    zstd, gzip = wanted.get("zstd", 0.0), wanted.get("gzip", wanted.get("*", 0.0))
    if not max(zstd, gzip):
        return None
    return "zstd" if zstd >= gzip else "gzip"


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
