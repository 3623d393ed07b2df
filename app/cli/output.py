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
    require_ordinary(out)
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


def require_ordinary(out: Path) -> None:
    """Raises `OperatorError` for /dev/null, a pipe and the like: the file that is made would take their place."""
    if out.exists() and not out.is_file():
        raise OperatorError(f"{out} is not an ordinary file: name one.", status=2)
