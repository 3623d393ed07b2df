"""What migrations make of texts that are there already, up and down."""

import re

import pytest
from sqlalchemy import text

from app import clock
from app.accounts.organisations import organisation_id
from app.contributions.document import load
from app.database import Database, migrate
from app.endorsements.actions import endorse
from tests.contributions.offering import offer
from tests.making import make, make_speaker, say

pytestmark = pytest.mark.anyio


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
    now, then = "SELECT html FROM fragments ORDER BY number", "SELECT fragment FROM publications ORDER BY number"

    async def pieces(query: str) -> list[bytes]:
        async with database.at_once() as connection:
            return list(await connection.scalars(text(query)))

    new = await pieces(now)
    await moved(url, earlier)
    old = await pieces(then)
    await moved(url, "head")
    assert await pieces(now) == new
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
        document, fragment = await stored(database, "fragment", "publications")
        assert "translations" not in document and "translated" not in fragment and "recommendation" not in document
        await moved(empty_url, "head")
        fields, before = load((await stored(database))[0].encode()), load(bare[0].encode())
        assert list(fields) == list(before) and fields["translations"] == []
        assert fields["recommendation"] is None
        assert (fields["body"], (await stored(database))[1]) == (before["body"], bare[1])
    finally:
        await database.close()


async def stored(
    database: Database, piece: str = "html", tables: str = "publications JOIN fragments USING (contribution_id)"
) -> tuple[str, str]:
    """The document and the piece of a page of the only publication."""
    query = f"SELECT convert_from(document, 'UTF8'), convert_from({piece}, 'UTF8') FROM {tables}"
    async with database.at_once() as connection:
        return tuple((await connection.execute(text(query))).one())


async def moved(url: str, revision: str) -> None:
    """Bring a database to a revision, up or down."""
    from alembic import command

    step = command.upgrade if revision == "head" else command.downgrade
    async with migrate.connected(url) as connection:
        await connection.run_sync(lambda given: step(migrate.config(given), revision))
