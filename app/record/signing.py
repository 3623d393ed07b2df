"""The key that checkpoints are signed with: PLENARY_RECORD_KEY, or one that is made at first use and kept in the
database, so that all hosts have the same one and a backup holds it. Public reading has no grant on it."""

import base64
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from app import clock
from app.config import settings
from app.database import Database
from app.record.models import SigningKey

_THE_ONE = 1
_SEED = 32  # bytes


async def signing_key(database: Database) -> Ed25519PrivateKey:
    """The key of this installation."""
    given = settings().record_key
    seed = base64.b64decode(given.get_secret_value()) if given else await _kept(database)
    return Ed25519PrivateKey.from_private_bytes(seed)


async def _kept(database: Database) -> bytes:
    async with database.writing() as session:
        found: bytes | None = await session.scalar(select(SigningKey.seed))
        if found is None:
            row = {"id": _THE_ONE, "seed": secrets.token_bytes(_SEED), "made": clock.now()}
            await session.execute(upsert(SigningKey).values(row).on_conflict_do_nothing())
            found = await session.scalar(select(SigningKey.seed))  # where another host was first, its key counts
        assert found is not None
        return found
