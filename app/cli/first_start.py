"""What happens once, before the first page is served."""

from app.database import Database


async def prepare(database: Database) -> list[str]:
    """Bring a migrated database to where people can use it. Returns lines for the operator's terminal."""
    return []
