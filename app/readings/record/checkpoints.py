"""What a log says of itself, signed: made when it is asked for, and kept until the log has grown."""

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from app import errors
from app.consultations.models import Consultation
from app.database import Database
from app.language import gettext as _
from app.readings.record import tiles
from app.record import notes, signing, tiling, tree
from app.record.models import Record
from app.record.notes import Checkpoint, Verifier

_KEPT = 1_000  # logs


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it is served, and the key that it can be checked with."""

    consultation: UUID
    checkpoint: Checkpoint
    note: bytes
    verifier: Verifier


class Checkpoints:
    """The newest checkpoints of all logs. None is ever smaller than one before: a replica may lag."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key: Ed25519PrivateKey | None = None
        self._newest: OrderedDict[UUID, Signed] = OrderedDict()

    async def of(self, slug: str) -> Signed:
        """The checkpoint of a consultation's log as it is now. Raises NotFound."""
        async with self._database.reading() as connection:
            query = select(Consultation.id, *tiling.COUNTS).join(Record, Record.id == Consultation.id)
            row = (await connection.execute(query.where(Consultation.slug == slug))).one_or_none()
            if row is None:
                raise errors.NotFound(_("There is no such consultation."))
            id, size = row[0], tiling.sealed(row[1], row[2])
            known = self._newest.get(id)
            if known is not None and known.checkpoint.size >= size:
                return known
            needed = await tiles.read(connection, id, tree.tiles_for((0, size)), size)
        return await self._sign(id, Checkpoint(notes.origin_of(id), size, tree.range_hash(needed, 0, size)))

    async def _sign(self, id: UUID, checkpoint: Checkpoint) -> Signed:
        if self._key is None:
            self._key = await signing.signing_key(self._database)
        made = Signed(
            id, checkpoint, notes.signed(checkpoint, self._key), notes.verifier_of(checkpoint.origin, self._key)
        )
        self._newest[id] = made
        self._newest.move_to_end(id)
        if len(self._newest) > _KEPT:
            self._newest.popitem(last=False)
        return made


def checkpoints_of(state: object, database: Database) -> Checkpoints:
    """The one of an application, kept in its state."""
    kept: Checkpoints | None = getattr(state, "checkpoints", None)
    if kept is None:
        kept = Checkpoints(database)
        state.checkpoints = kept  # type: ignore[attr-defined]
    return kept
