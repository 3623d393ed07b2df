"""Where a command writes what it makes: a file, whole or not at all, or standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.errors import OperatorError


@contextmanager
def output(out: Path | None) -> Iterator[BinaryIO]:
    """The stream to write to. A file gets its name when the block has ended; where the block fails, none is left.

    Raises `OperatorError` where the file cannot be written.
    """
    if out is None:
        yield sys.stdout.buffer
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(out)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            raise OperatorError(f"The file {out} cannot be written: {error.strerror or error}.") from error
        raise
