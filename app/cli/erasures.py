"""What `restore` does with the list of erasures."""

from typing import Any

from app.database import Database
from app.errors import OperatorError


async def reapply(database: Database, entries: list[dict[str, Any]]) -> None:
    """Erase again, in a restored database, everything on the list. Raises `OperatorError` if that is impossible."""
    if entries:
        raise OperatorError("The backup is older than erasures that this version cannot repeat: nothing was restored.")
