"""How the server writes its log: where something failed, and never what people wrote.

The message of an error may repeat it: PostgreSQL's quote the row, Python's the value.
"""

import logging
import traceback
from types import TracebackType

from app.database import sqlstate_of

_Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def begin(level: str) -> None:
    """Log to standard error from now on; uvicorn warns at most, unless all is asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


class _Discreet(logging.Formatter):
    """Writes the kind of an error and the lines of code that led to it, and so for each error that it came from."""

    def formatException(self, ei: _Fault) -> str:  # noqa: N802  # the library's name
        """In the order in which they were raised."""
        parts, error = [], ei[1]
        while error is not None:
            kind = f"{type(error).__name__} {sqlstate_of(error)}".strip()
            parts.append("".join(traceback.format_tb(error.__traceback__)) + kind)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(reversed(parts))
