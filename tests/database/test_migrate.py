"""The schema is brought up to date once, whoever asks."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url, text

from app import clock
from app.accounts.organisations import organisation_id
from app.contributions.document import load
from app.database import READER_ROLE, Database, databases, migrate
from app.database.reader import MAKE_READER
from app.endorsements.actions import endorse
from app.errors import OperatorError
from tests.contributions.offering import offer
from tests.making import make, make_speaker, say

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty_url(server_url: str, template: str, worker_id: str) -> AsyncIterator[str]:
    name = f"{template}_empty_{worker_id}"
    await databases.create(server_url, name)
    yield databases.sibling(server_url, name)
    await databases.drop(server_url, name)


async def test_several_starters_migrate_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_url) for _ in range(4)))
    database = Database(empty_url, pool=1)
    try:
        assert await migrate.is_current(database.write)
    finally:
        await database.close()


async def test_a_locked_table_delays_and_does_not_block(database: Database, database_url: str) -> None:
    """The starter takes its turn again and again while another one holds it."""
    async with migrate.connected(database_url) as other:
        await other.execute(text("SELECT pg_advisory_lock(7526453)"))
        await other.commit()
        waiting = asyncio.create_task(migrate.upgrade(database_url))
        await asyncio.sleep(0.3)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 10)


async def test_a_database_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "_PATIENCE_TO_CONNECT", 1)
    async with await asyncio.start_server(lambda _reader, _writer: asyncio.sleep(30), "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(OperatorError, match="cannot be reached: it does not answer within 1 seconds"):
            async with migrate.connected(f"postgresql://nobody@127.0.0.1:{port}/nothing"):
                pass


async def test_not_current_before_the_first_migration(empty_url: str) -> None:
    database = Database(empty_url, pool=1)
    try:
        assert not await migrate.is_current(database.write)
    finally:
        await database.close()


async def test_downgrade_and_up_again(empty_url: str) -> None:
    from alembic import command

    await migrate.upgrade(empty_url)
    async with migrate.connected(empty_url) as connection:
        await connection.run_sync(lambda given: command.downgrade(migrate.config(given), "base"))
        left = await connection.scalar(
            text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
        )
        assert left == 0
    await migrate.upgrade(empty_url)


async def test_organisations_that_were_listed_become_what_their_members_say(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    database, old = Database(empty_url, pool=1), str(clock.new_id())
    name, mention = "Sample network", f'He said "organisation":{{"id":"{old}"'
    try:
        made = await make(database)
        await say(database, made, body=mention)
        async with database.at_once() as connection:
            new = await connection.scalar(text("SELECT organisation_id FROM people WHERE organisation_id IS NOT NULL"))
            before = await connection.scalar(text(_PUBLISHED))
        await moved(empty_url, "20261123b")
        async with database.at_once() as connection:
            listed = (await connection.execute(text("SELECT id, name, key, kind, country FROM organisations"))).all()
            assert [tuple(row) for row in listed] == [(new, name, name.lower(), "diaspora", "PH")]
            for statement in _WITH_THE_OLD_ID:
                await connection.execute(text(statement.format(old=old, new=new)))
            assert await connection.scalar(text(_PUBLISHED)) != before
        await moved(empty_url, "head")
        async with database.at_once() as connection:
            assert await connection.scalar(text(_PUBLISHED)) == before
            assert mention in load(before.encode())["body"]
            said = "SELECT organisation_id, organisation_name, organisation_kind, organisation_country FROM "
            for table in ("people", "revisions"):
                row = (await connection.execute(text(f"{said}{table} WHERE organisation_id IS NOT NULL"))).one()
                assert tuple(row) == (organisation_id(name), name, "diaspora", "PH")
    finally:
        await database.close()


async def pieces_around(database: Database, url: str, earlier: str) -> tuple[list[bytes], list[bytes]]:
    """The pieces of all publications, now and at an earlier migration; up again they are as they were."""
    query = text("SELECT fragment FROM publications ORDER BY number")

    async def pieces() -> list[bytes]:
        async with database.at_once() as connection:
            return list(await connection.scalars(query))

    new = await pieces()
    await moved(url, earlier)
    old = await pieces()
    await moved(url, "head")
    assert await pieces() == new
    return new, old


async def test_bylines_say_which_mandate_nobody_confirmed(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    database = Database(empty_url, pool=1)
    try:
        made = await make(database)
        for byline in ("full", "organisation", "anonymous"):
            await say(database, made, byline=byline)
        new, old = await pieces_around(database, empty_url, "20261127d")
    finally:
        await database.close()
    assert [b"\x1fclaim" in piece for piece in new] == [True, True, False]
    assert [b"\x1fclaim" in piece for piece in old] == [False] * 3 and b"\x1ffor:\x1f" in old[0]


async def test_headings_in_pieces_are_as_stored_before_and_as_pages_set_them_after(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    database = Database(empty_url, pool=1)
    try:
        made = await make(database)
        await say(database, made, body="### Deep\n\n# One\n\n## Two")
        await say(database, made, body="No heading <h4>.")
        new, old = await pieces_around(database, empty_url, "20261203g")
    finally:
        await database.close()
    assert re.findall(rb"<h(\d) dir", new[0]) == [b"3", b"3", b"4"]
    assert re.findall(rb"<h(\d) dir", old[0]) == [b"6", b"4", b"5"]
    assert old[1] == new[1]


async def test_names_that_differ_in_accents_and_legal_form_become_one(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    database = Database(empty_url, pool=1)
    names, one = ("Réseau Été, ASBL", "RESEAU ETE"), organisation_id("Réseau Été")
    try:
        made = await make(database)
        first, second = [await make_speaker(database, f"Speaker {n}", names[n]) for n in range(2)]
        said = await say(database, made)
        await say(database, made, actor=second, capacity="organisation")
        async with database.writing() as session:
            await endorse(session, first, said.id, "organisation")
        await moved(empty_url, "20261128t")
        async with database.at_once() as connection:
            old = set(await connection.scalars(text(_SIGNED)))
            assert len(old) == 2
            await connection.execute(text(_SECOND_ENDORSEMENT), {"person": second.person})  # was possible before
            before = await connection.scalar(text(_ENDORSED))
            assert before.count('"name"') == 1
        await moved(empty_url, "head")
        async with database.at_once() as connection:
            assert set(await connection.scalars(text(_SIGNED))) == {one}
            named = (await connection.scalars(text("SELECT organisation_name FROM endorsements ORDER BY id"))).all()
            assert named == [names[0], None]
            assert str(one) in (endorsed := await connection.scalar(text(_ENDORSED))) and endorsed.count("name") == 1
            assert str(one) in await connection.scalar(text(f"{_PUBLISHED} WHERE number = 2"))
    finally:
        await database.close()


_SIGNED = "SELECT organisation_id FROM people WHERE organisation_name LIKE 'R%'"
_ENDORSED = "SELECT convert_from(endorsers, 'UTF8') FROM publications WHERE number = 1"
_SECOND_ENDORSEMENT = """
INSERT INTO endorsements (id, consultation_id, contribution_id, person_id, given, organisation_id, organisation_name,
                          organisation_kind, organisation_country, organisation_region)
SELECT 'ffffffff-0000-7000-8000-000000000001', e.consultation_id, e.contribution_id, p.id, now(), p.organisation_id,
       p.organisation_name, p.organisation_kind, p.organisation_country, p.organisation_region
FROM endorsements e, people p WHERE p.id = :person
"""
_PUBLISHED = "SELECT convert_from(document, 'UTF8') FROM publications"
_WITH_THE_OLD_ID = (
    "ALTER TABLE people DROP CONSTRAINT fk_people_organisation_id",
    "UPDATE organisations SET id = '{old}'",
    "UPDATE people SET organisation_id = '{old}' WHERE organisation_id IS NOT NULL",
    "UPDATE revisions SET organisation_id = '{old}' WHERE organisation_id IS NOT NULL",
    "UPDATE publications SET document = convert_to(replace(convert_from(document, 'UTF8'), '{new}', '{old}'), 'UTF8')",
    "ALTER TABLE people ADD FOREIGN KEY (organisation_id) REFERENCES organisations",
    "ALTER TABLE people RENAME CONSTRAINT people_organisation_id_fkey TO fk_people_organisation_id",
)


async def test_going_back_before_translations_leaves_none_of_their_words(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    database = Database(empty_url, pool=1)
    try:
        made = await make(database)
        said = await say(database, made, body='He said ,"questions":[ and more.')
        bare = await stored(database)
        await offer(database, made, said.id, body="Des mots.")
        assert "Des mots." in (await stored(database))[0] and "translated" in (await stored(database))[1]
        await moved(empty_url, "20261127d")
        document, fragment = await stored(database)
        assert "translations" not in document and "translated" not in fragment and "recommendation" not in document
        await moved(empty_url, "head")
        fields, before = load((await stored(database))[0].encode()), load(bare[0].encode())
        assert list(fields) == list(before) and fields["translations"] == []
        assert fields["recommendation"] is None
        assert (fields["body"], (await stored(database))[1]) == (before["body"], bare[1])
    finally:
        await database.close()


async def stored(database: Database) -> tuple[str, str]:
    """The document and the piece of a page of the only publication."""
    query = "SELECT convert_from(document, 'UTF8'), convert_from(fragment, 'UTF8') FROM publications"
    async with database.at_once() as connection:
        return tuple((await connection.execute(text(query))).one())


async def moved(url: str, revision: str) -> None:
    """Bring a database to a revision, up or down."""
    from alembic import command

    step = command.upgrade if revision == "head" else command.downgrade
    async with migrate.connected(url) as connection:
        await connection.run_sync(lambda given: step(migrate.config(given), revision))


async def test_the_models_and_the_migrations_agree(database: Database, database_url: str) -> None:
    from alembic import command

    async with migrate.connected(database_url) as connection:
        await connection.run_sync(lambda given: command.check(migrate.config(given)))


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "postgresql://nobody@/none?host=/nonexistent"])
async def test_unreachable_is_one_sentence(url: str) -> None:
    with pytest.raises(OperatorError, match="cannot be reached") as error:
        await migrate.upgrade(url)
    assert "\n" not in error.value.message


async def test_old_postgres_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "OLDEST_POSTGRES", 99)
    with pytest.raises(OperatorError, match="needs PostgreSQL 99 or newer"):
        await migrate.upgrade(database_url)


@pytest.fixture
async def plain_url(server_url: str, template: str, worker_id: str) -> AsyncIterator[str]:
    """A database whose owner is no superuser but may make roles, as on managed servers."""
    name = f"{template}_plain_{worker_id}"
    await databases.create(server_url, name)
    url = databases.sibling(server_url, name)
    async with migrate.connected(url) as connection:
        await connection.execute(text(f"CREATE ROLE \"{name}\" LOGIN CREATEROLE CREATEDB PASSWORD 'plain'"))
        await connection.execute(text(f'ALTER DATABASE "{name}" OWNER TO "{name}"'))
        await connection.commit()
    yield make_url(url).set(username=name, password="plain").render_as_string(hide_password=False)
    await databases.drop(server_url, name)
    async with migrate.connected(server_url) as connection:
        await connection.execute(text(f'DROP OWNED BY "{name}" CASCADE'))
        await connection.execute(text(f'DROP ROLE "{name}"'))
        await connection.commit()


async def test_an_owner_without_superpowers(plain_url: str, server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes the role and may become it: under another name here, as this cluster has the usual one."""
    role = databases.name_of(plain_url) + "_reader"
    async with migrate.connected(plain_url) as connection:
        for _ in range(2):
            await connection.execute(
                text(MAKE_READER.replace(READER_ROLE, f'"{role}"').replace(f"'\"{role}\"'", f"'{role}'"))
            )
        await connection.execute(text(f'SET ROLE "{role}"'))
        assert await connection.scalar(text("SELECT current_user")) == role
        await connection.execute(text("RESET ROLE"))
        await connection.execute(text(f'DROP ROLE "{role}"'))
        await connection.commit()


async def test_an_owner_who_may_not_use_the_role_is_told(plain_url: str, database: Database) -> None:
    async with database.at_once() as connection:
        if int(await connection.scalar(text("SHOW server_version_num")) or 0) < 160_000:
            pytest.skip("before PostgreSQL 16, who may make roles may use all of them")
    with pytest.raises(OperatorError, match=r"docs/operators\.md"):
        await migrate.upgrade(plain_url)
