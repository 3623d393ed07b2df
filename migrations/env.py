"""How Alembic reaches the database and our tables.

The server hands over a connection (app/database/migrate.py); the `alembic` command gets one from the settings,
with embedded Postgres where no PLENARY_DATABASE_URL is set.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

from app import tables  # noqa: F401  # fills the metadata
from app.config import settings
from app.database import Base, embedded, migrate


def run(connection: Connection) -> None:
    """Bring the schema where the command asks, one transaction for each migration."""
    # A migration that waits for a lock makes everybody queue behind it: give up quickly, migrate.py tries again.
    connection.execute(text("SET lock_timeout = '2s'"))
    connection.execute(text("SET statement_timeout = 0"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_from_settings() -> None:
    """For the `alembic` command typed by a developer."""
    with embedded.database_url(settings()) as url:
        async with migrate.connected(url) as connection:
            await connection.run_sync(run)


given = context.config.attributes.get("connection")
if context.is_offline_mode():
    context.configure(url="postgresql+asyncpg://", target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
elif given is not None:
    run(given)
else:
    asyncio.run(run_from_settings())
