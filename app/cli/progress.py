"""How far long work has come: one line that counts up in a terminal, a line now and then elsewhere."""

import sys
import time

from app.cli import say

_REDRAWN_EVERY = 0.2  # seconds
_SAID_EVERY = 10.0


class Progress:
    """Progress of so many things, on standard error; other lines go through `line` so that both stay readable."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what, self._of, self.done = what, "" if total is None else f" of {total:,}", 0
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def add(self, count: int = 1) -> None:
        """So many more are done."""
        self.done += count
        now = time.monotonic()
        if now - self._shown >= (_REDRAWN_EVERY if self._terminal else _SAID_EVERY):
            self._shown = now
            self._show(f"{self._what}: {self.done:,}{self._of} ({self.rate():,} a second)")

    def line(self, text: str) -> None:
        """Say something else."""
        self._clear()
        say(text)

    def rate(self) -> int:
        """How many were done a second so far."""
        return round(self.done / max(time.monotonic() - self._started, 0.001))

    def _show(self, text: str) -> None:
        if not self._terminal:
            say(text)
            return
        self._clear()
        sys.stderr.write(text)
        sys.stderr.flush()

    def _clear(self) -> None:
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
