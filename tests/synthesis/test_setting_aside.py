"""Marking what was read and not used: who may, and what is refused."""

import pytest

from app import errors
from app.clock import new_id
from app.database import Database
from app.permissions import ANYONE
from app.synthesis.setting_aside import MOST, mark
from tests.making import BEFORE, make, say
from tests.synthesis.outcome import entries, make_rapporteur

pytestmark = pytest.mark.anyio


async def test_what_is_refused(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text, waiting = await say(database, made), await say(database, made, topic=BEFORE)
    note = await say(database, made, actor=made.moderator, kind="note", body="Said.", title=None)
    for actor in (ANYONE, made.participant, made.moderator):
        with pytest.raises(errors.Unauthenticated if actor is ANYONE else errors.Forbidden):
            async with database.writing() as session:
                await mark(session, actor, made.id, [text.id], "scope")
    for which, reason, field in (
        ([text.id], "dull", "reason"),
        ([text.id], "", "reason"),
        ([], "scope", "items"),
        ([text.id] + [new_id() for _ in range(MOST)], "scope", "items"),
        ([text.id, waiting.id], "scope", "items"),
        ([text.id, note.id], "scope", "items"),
        ([new_id()], None, "items"),
    ):
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await mark(session, rapporteur, made.id, which, reason)
        assert caught.value.fields.keys() == {field}
    assert await entries(database, "outcome.drafted") == await entries(database, "coverage.marked") == []
    async with database.writing() as session:
        await mark(session, made.organiser, made.id, [text.id, text.id], "contradicted")
    [entry] = await entries(database, "outcome.drafted")
    assert entry["mark"] == "contradicted" and entry["contribution"] == str(text.id)
