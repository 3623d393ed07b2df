"""With a text goes what moderators wrote about it, whichever way it is erased; of a decision its hash stays."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select, text

from app import errors
from app.accounts.actions import make_key
from app.accounts.sessions import start_session
from app.cli.erasures import reapply
from app.config import settings
from app.contributions import actions
from app.database import Database, dump
from app.moderation import actions as moderation
from app.moderation import erasing
from app.moderation.deciding import Grounds
from app.moderation.models import Decision
from app.permissions import OPERATOR, Actor
from app.worker import catch_up, keep_erasures
from tests.contributions.stored import kinds, revisions, stored
from tests.making import BEFORE, SLUG, Made, make, say

pytestmark = pytest.mark.anyio
QUOTED, NOTED = "It says where Maria sleeps", "Maria called us"
ORIGIN = "http://testserver"


async def hidden(database: Database, made: Made) -> UUID:
    """A public text that was hidden for a reason that quotes it, and restored, and hidden again."""
    said = await say(database, made, body="Maria sleeps at the station.")
    for act in ("hide", "restore", "hide"):
        async with database.writing() as session:
            grounds = Grounds(reason=QUOTED, rule="1", note=NOTED)
            await moderation.VERBS[act](session, made.moderator, said.id, None, grounds)
    return said.id


async def rejected(database: Database, made: Made) -> UUID:
    """A text that was never public, and was not accepted."""
    said = await say(database, made, topic=BEFORE, body="Maria sleeps at the station.")
    [revision] = await revisions(database, said.id)
    async with database.writing() as session:
        grounds = Grounds(reason=QUOTED, rule="1", note=NOTED)
        await moderation.reject(session, made.moderator, said.id, revision.id, grounds)
    return said.id


async def by_author(database: Database, client: AsyncClient, made: Made, id: UUID) -> None:
    async with database.writing() as session:
        await erasing.erase(session, made.participant, id)


async def by_organiser(database: Database, client: AsyncClient, made: Made, id: UUID) -> None:
    async with database.writing() as session:
        await erasing.erase(session, made.organiser, id, "Asked for by a court.")


async def on_page(database: Database, client: AsyncClient, made: Made, id: UUID) -> None:
    async with await browser(database, client, made.participant) as own:
        which = (await stored(database, id)).number or id
        assert (await own.post(f"/c/{SLUG}/{which}/erase")).status_code == 303


async def through_api(database: Database, client: AsyncClient, made: Made, id: UUID) -> None:
    assert made.participant.person is not None
    async with database.writing() as session:
        _key, secret = await make_key(session, made.participant, made.participant.person, "k", ["write"])
    headers = {"Authorization": f"Bearer {secret}"}
    answer = await client.delete(f"/api/v1/contributions/{id}", params={"erase": "true"}, headers=headers)
    assert answer.status_code == 204


async def with_account(database: Database, client: AsyncClient, made: Made, id: UUID) -> None:
    async with await browser(database, client, made.participant) as own:
        assert (await own.post("/me/data/erase", data={"texts": "erase", "sure": "yes"})).status_code == 303


async def repeated(database: Database, client: AsyncClient, made: Made, id: UUID) -> None:
    kind = "contribution.erased" if (await stored(database, id)).number else "text.erased"
    await reapply(database, [{"kind": kind, "subject": str(id), "contribution": str(id)}])


async def browser(database: Database, client: AsyncClient, actor: Actor) -> AsyncClient:
    assert actor.person is not None and isinstance(client._transport, ASGITransport)
    async with database.writing() as session:
        _id, token = await start_session(session, actor.person, "Firefox")
    cookies, headers = {"plenary_session": token}, {"Origin": ORIGIN}
    transport = ASGITransport(client._transport.app)
    return AsyncClient(transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies)


async def everything(database: Database) -> str:
    """All that any table holds, as text."""
    async with database.writing() as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        found = [await session.scalar(text(f"SELECT string_agg(t::text, ' ') FROM {name} t")) for name in tables.all()]
    return " ".join(filter(None, found))


async def decisions(database: Database) -> list[Decision]:
    async with database.writing() as session:
        return list(await session.scalars(select(Decision).order_by(Decision.id)))


Way = Callable[[Database, AsyncClient, Made, UUID], Awaitable[None]]
WAYS = (by_author, by_organiser, on_page, through_api, with_account, repeated)


@pytest.mark.parametrize("text_of", [hidden, rejected])
@pytest.mark.parametrize("way", WAYS)
async def test_reasons_go_with_the_text(
    database: Database, client: AsyncClient, way: Way, text_of: Callable[[Database, Made], Awaitable[UUID]]
) -> None:
    made = await make(database)
    id = await text_of(database, made)
    hashes = [decision.hash for decision in await decisions(database)]
    assert QUOTED in await everything(database)
    await way(database, client, made, id)
    left = [decision for decision in await decisions(database) if decision.act != "erase"]
    assert [(decision.reason, decision.note, decision.salt) for decision in left] == [(None, None, None)] * len(hashes)
    assert [decision.hash for decision in left] == hashes and all(hashes)
    assert "Maria" not in await everything(database)


async def test_a_hidden_text_that_is_erased_loses_its_reason_everywhere(
    database: Database, client: AsyncClient
) -> None:
    made = await make(database)
    id = await hidden(database, made)
    answered = await say(database, made, actor=made.other)
    paths = (f"/c/{SLUG}/1", f"/c/{SLUG}", f"/c/{SLUG}/record", f"/c/{SLUG}/{answered.number}",
             f"/api/v1/contributions/{id}", f"/api/v1/consultations/{SLUG}/changes?limit=1000")  # fmt: skip
    assert QUOTED in (await client.get(paths[0])).text
    await by_author(database, client, made, id)
    async with await browser(database, client, made.moderator) as moderator:
        for reader in (client, moderator):
            for path in paths:
                assert "Maria" not in (await reader.get(path)).text, path
    async with database.reading() as connection:
        shown = (await connection.execute(select(Decision.reason, Decision.salt, Decision.hash))).all()
    assert [(row.reason, row.salt) for row in shown] == [(None, None)] * 3 and all(row.hash for row in shown)


async def test_an_organisers_reason_is_for_moderators_and_in_no_log(database: Database, client: AsyncClient) -> None:
    made = await make(database)
    for id in (await hidden(database, made), await rejected(database, made)):
        await by_organiser(database, client, made, id)
        await by_organiser(database, client, made, id)
        which = (await stored(database, id)).number or id
        async with await browser(database, client, made.moderator) as moderator:
            assert "Asked for by a court." in (await moderator.get(f"/c/{SLUG}/{which}")).text
        assert "court" not in (await client.get(f"/c/{SLUG}/{which}")).text
    acts = [decision for decision in await decisions(database) if decision.act == "erase"]
    assert [(act.number, act.decided_by) for act in acts] == [(None, made.organiser.person)] * 2
    async with database.reading() as connection:
        assert "erase" not in list(await connection.scalars(select(Decision.act)))
    async with database.writing() as session:
        logs = await session.scalar(text("SELECT string_agg(payload::text, ' ') FROM entries"))
    assert "court" not in (logs or "") and all(str(act.id) in (logs or "") for act in acts)
    assert (await kinds(database, made, "staff")).count("text.erased") == 2


async def test_what_was_said_about_an_erased_revision_goes_with_it(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    [first] = await revisions(database, said.id)
    async with database.writing() as session:
        await moderation.approve(session, made.moderator, said.id, first.id, Grounds(note=NOTED))
        await actions.edit(session, made.participant, said.id, 1, {"body": "Second."})
    second = (await revisions(database, said.id))[1]
    async with database.writing() as session:
        await moderation.approve(session, made.moderator, said.id, second.id, Grounds(note="Fine."))
        await erasing.erase_revision(session, made.participant, said.id, 1)
    assert [decision.note for decision in await decisions(database)] == [None, "Fine."]


async def test_who_leaves_without_their_texts_takes_what_was_never_public(database: Database) -> None:
    made = await make(database)
    public = await say(database, made, topic=BEFORE)
    await rejected(database, made)
    [first] = await revisions(database, public.id)
    async with database.writing() as session:
        await moderation.approve(session, made.moderator, public.id, first.id, Grounds(note="Fine."))
        await actions.edit(session, made.participant, public.id, 1, {"body": "Maria sleeps elsewhere now."})
    edit = (await revisions(database, public.id))[1]
    async with database.writing() as session:
        grounds = Grounds(reason=QUOTED, note=NOTED)
        await moderation.reject(session, made.moderator, public.id, edit.id, grounds)
        assert await erasing.keep_all_anonymous(session, made.participant, made.participant.person or edit.id) == 1
    assert "Maria" not in await everything(database)
    assert [decision.note for decision in await decisions(database)] == [None, "Fine.", None]


async def test_a_restored_backup_brings_no_reason_back(database: Database, database_url: str, tmp_path: Path) -> None:
    made = await make(database)
    await hidden(database, made)
    await rejected(database, made)
    assert made.participant.person is not None
    await dump.backup(database_url, tmp_path / "backup")
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, made.participant, made.participant.person)
    await keep_erasures(database)
    listed = [json.loads(line) for line in settings().erasure_list.read_text().splitlines()]
    account = {"kind": "account.erased", "subject": str(made.participant.person)}
    settings().erasure_list.write_text("".join(f"{json.dumps(line)}\n" for line in (account, *listed)))
    await database.close()
    await dump.restore(database_url, tmp_path / "backup", settings().erasure_list, reapply)
    reasons = [decision.reason for decision in await decisions(database) if decision.act == "reject"]
    assert reasons == [None]


async def test_a_mail_that_comes_later_holds_no_reason(database: Database, client: AsyncClient) -> None:
    made = await make(database)
    await by_author(database, client, made, await hidden(database, made))
    await catch_up(database, ORIGIN)
    assert all("Maria" not in file.read_text() for file in settings().mail_folder.glob("*.eml"))


async def test_only_who_may_erases(database: Database) -> None:
    made = await make(database)
    id = await hidden(database, made)
    for actor in (made.other, made.moderator):
        with pytest.raises(errors.Forbidden):
            async with database.writing() as session:
                await erasing.erase(session, actor, id, "x")
    with pytest.raises(errors.Invalid):
        async with database.writing() as session:
            await erasing.erase(session, OPERATOR, id)
    assert QUOTED in await everything(database)
