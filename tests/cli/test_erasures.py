"""A restored backup does not bring back what was erased since."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import worker
from app.accounts.actions import erase_account
from app.accounts.models import Person
from app.cli.erasures import reapply
from app.config import settings
from app.contributions import actions, depositing
from app.contributions.models import Contribution, Deposit
from app.database import Database, databases, dump
from app.errors import OperatorError
from app.moderation import erasing
from app.outreach import answering
from tests.contributions.stored import document, revisions, stored
from tests.making import BEFORE, make, say
from tests.outreach.listing import invite, invitees, states, token_of

pytestmark = pytest.mark.anyio


async def test_erasures_and_lowered_bylines_are_repeated(database: Database, database_url: str, tmp_path: Path) -> None:
    made = await make(database)
    whole, part, byline, waiting = [await say(database, made, topic=topic) for topic in ("diasporas",) * 3 + (BEFORE,)]
    gone = await say(database, made, actor=made.other, body="Kept without a name.")
    async with database.writing() as session:
        await actions.edit(session, made.participant, part.id, 1, {"body": "Second."})
    current = await say(database, made, body="Public when the backup was made.")
    agreed, again, taken_back = [await say(database, made, deposit=True) for _each in range(3)]
    for answer in (False, True):
        async with database.writing() as session:
            await depositing.change(session, made.participant, again.id, agreed=answer)
    await invite(database, made, "one@sample.example\ntwo@sample.example")
    declined = (await invitees(database))[0].id
    await dump.backup(database_url, tmp_path / "backup")
    async with database.writing() as session:
        await erasing.erase(session, made.participant, whole.id)
        await erasing.erase(session, made.participant, waiting.id)
        await erasing.erase_revision(session, made.participant, part.id, 1)
        await actions.lower_byline(session, made.participant, byline.id, "anonymous")
        await erasing.keep_all_anonymous(session, made.other, made.other.person or gone.id)
        await erase_account(session, made.other, made.other.person or gone.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, current.id, 1, {"body": "Later."})
        await erasing.erase_revision(session, made.participant, current.id, 1)
        await depositing.change(session, made.participant, taken_back.id, agreed=False)
        await answering.decline(session, declined, token_of(declined))
    await say(database, made, body="Written after the backup.")
    await worker.keep_erasures(database)
    assert settings().erasure_list.exists()

    await database.close()
    count = await dump.restore(database_url, tmp_path / "backup", settings().erasure_list, reapply)
    assert count >= 6
    assert (await stored(database, whole.id)).status == "erased"
    assert (await stored(database, waiting.id)).status == "erased"
    assert [revision.body for revision in await revisions(database, part.id)] == [None, "Second."]
    assert (await document(database, byline.id) or {})["author"] is None
    kept = await document(database, gone.id) or {}
    assert (kept["body"], kept["author"]) == ("Kept without a name.", None)
    assert (await stored(database, current.id)).status == "erased"
    assert await states(database) == [("declined", None), ("waiting", "two@sample.example")]
    async with database.writing() as session:
        assert list(await session.scalars(select(Deposit.contribution_id).order_by(Deposit.contribution_id))) == [
            agreed.id,
            again.id,
        ]
        person = await session.get(Person, made.other.person)
        assert person is not None and person.email is None
        assert (await session.get(Contribution, gone.id)).author_id is not None  # type: ignore[union-attr]
    assert databases.name_of(database_url)


@pytest.mark.parametrize("entry", [{}, 5, {"kind": "contribution.erased", "subject": "somebody"}])
async def test_an_entry_that_cannot_be_understood_is_not_passed_over(database: Database, entry: Any) -> None:
    with pytest.raises(OperatorError, match="Entry 1 of the list of erasures"):
        await reapply(database, [entry])
