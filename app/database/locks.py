"""Locks between processes that vanish with their holder, kill -9 included: flock on a file."""

import fcntl
import time
from pathlib import Path
from typing import Self


class FileLock:
    """One lock file, opened for as long as this object is in use (`with FileLock(path) as lock`)."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+")

    def take(self, *, shared: bool = False, wait: float = 0.0) -> bool:
        """Take the lock, alone or shared with others, waiting up to `wait` seconds. Returns whether we have it."""
        how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
        give_up = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._file, how)
                return True
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    return False
                time.sleep(0.05)

    def sign(self, text: str) -> None:
        """Leave a note in the file about who holds it."""
        self._file.truncate(0)
        self._file.write(text)
        self._file.flush()

    def signature(self) -> str:
        """The note that the last holder left."""
        self._file.seek(0)
        return self._file.read()

    def close(self) -> None:
        """Give the lock up."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
