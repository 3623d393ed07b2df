"""Whatever takes a text out of the public takes its translations; whatever destroys it destroys them."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.cli.erasures import reapply
from app.contributions import actions
from app.contributions.models import Contribution
from app.contributions.translation_models import Translation
from app.database import Database
from app.moderation import erasing
from app.moderation.deciding import Options
from app.moderation.models import Decision
from tests.contributions.offering import judge, kept, offer, public
from tests.contributions.stored import document, kinds
from tests.making import BEFORE, Made, curate, make, say
from tests.people import someone

pytestmark = pytest.mark.anyio
SECRET = "Le nom du témoin"


async def translated(database: Database) -> tuple[Made, Contribution, Translation]:
    made = await make(database)
    said = await say(database, made, body="The witness is called so.")
    return made, said, await offer(database, made, said.id, body=SECRET)


async def test_hiding_hides_it_and_restoring_brings_it_back(database: Database) -> None:
    made, said, row = await translated(database)
    await curate(database, made, "hide", said.id)
    assert await document(database, said.id) is None
    for act in ("review", "remove"):
        with pytest.raises(errors.Conflict):
            await judge(database, made, act, row)
    with pytest.raises(errors.Conflict):
        await offer(database, made, said.id, language="es")
    await curate(database, made, "restore", said.id)
    assert [each["body"] for each in await public(database, said.id)] == [SECRET]


async def test_withdrawing_and_merging_take_it_along(database: Database) -> None:
    made, said, _row = await translated(database)
    other = await say(database, made, title="Another")
    await offer(database, made, other.id)
    await curate(database, made, "merge", other.id, Options(into=1))
    assert await document(database, other.id) is None
    assert [each["body"] for each in await public(database, said.id)] == [SECRET]
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, said.id)
    assert await document(database, said.id) is None


async def test_moving_keeps_it(database: Database) -> None:
    made, said, _row = await translated(database)
    await curate(database, made, "move", said.id, Options(topic=BEFORE))
    assert [each["body"] for each in await public(database, said.id)] == [SECRET]


async def test_redacting_destroys_all_of_them(database: Database) -> None:
    made, said, _row = await translated(database)
    await offer(database, made, said.id, language="es", trapped=True)
    await curate(database, made, "redact", said.id, Options(passage="witness"))
    assert await kept(database, said.id) == [] and await public(database, said.id) == []
    with pytest.raises(errors.Conflict, match="changed meanwhile"):  # written beside the text as it was
        await offer(database, made, said.id, body=SECRET)
    again = await offer(database, made, said.id, body=SECRET, revision=2)
    assert again.status == "waiting" and await public(database, said.id) == []  # somebody looks at it first


async def test_erasing_destroys_all_of_them(database: Database) -> None:
    made, said, row = await translated(database)
    await judge(database, made, "remove", row)
    await offer(database, made, said.id, language="es")
    async with database.writing() as session:
        await erasing.erase(session, made.participant, said.id)
    assert await kept(database, said.id) == [] and await document(database, said.id) is None
    async with database.writing() as session:
        reasons = await session.scalars(select(Decision.reason))
        assert list(reasons) == [None]  # it may well quote it


async def test_erasing_an_earlier_version_destroys_those_of_it(database: Database) -> None:
    made, said, row = await translated(database)
    await judge(database, made, "review", row)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "No names."})
    await offer(database, made, said.id, revision=2, language="es")
    assert [each["language"] for each in await public(database, said.id)] == ["es", "fr"]
    async with database.writing() as session:
        await erasing.erase_revision(session, made.participant, said.id, 1)
    assert [each["language"] for each in await public(database, said.id)] == ["es"]
    assert [each.language for each in await kept(database, said.id)] == ["es"]
    assert (await kinds(database, made))[-1] == "contribution.redacted"


async def left(database: Database, made: Made, act: str) -> UUID:
    """The other participant closes their account: they translated a public text, and one where it waits."""
    waits = await say(database, made, topic=BEFORE)
    await curate(database, made, "approve", waits.id)
    await offer(database, made, waits.id)
    async with database.writing() as session:
        await getattr(erasing, act)(session, made.other, someone(made.other).person)
    return waits.id


async def test_an_account_is_closed_and_its_translations_stay_nobody_s(database: Database) -> None:
    made, said, row = await translated(database)
    waits = await left(database, made, "keep_all_anonymous")
    assert [each["body"] for each in await public(database, said.id)] == [SECRET]
    assert await kept(database, waits) == []
    decision = await judge(database, made, "remove", row)  # there is nobody left to tell
    assert decision.seq is not None


async def test_an_account_is_closed_and_its_translations_with_it(database: Database) -> None:
    made, said, row = await translated(database)
    await judge(database, made, "review", row)
    waits = await left(database, made, "erase_all_by")
    assert await public(database, said.id) == [] and await kept(database, said.id) == []
    assert await kept(database, waits) == []
    assert (await kinds(database, made))[-1] == "contribution.updated"
    assert (await kinds(database, made, "staff")).count("text.erased") == 2
    async with database.writing() as session:
        about = Decision.act == "review-translation"
        assert list(await session.scalars(select(Decision.reason).where(about))) == [None]


async def test_a_restored_backup_loses_them_again(database: Database) -> None:
    _made, said, row = await translated(database)
    entry = {"kind": "text.erased", "subject": str(said.id), "translation": str(row.id), "time": "2026-01-01T00:00:00Z"}
    await reapply(database, [entry, entry])
    assert await public(database, said.id) == [] and await kept(database, said.id) == []
    assert (await document(database, said.id) or {})["body"] == "The witness is called so."
