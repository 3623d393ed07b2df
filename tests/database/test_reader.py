"""The role that reads in public: what it must not see, it cannot see, whatever the query."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from tests.making import BEFORE, decide, make, say

pytestmark = pytest.mark.anyio

SECRET = "Sentence that nobody may read"

FORBIDDEN = (
    "SELECT * FROM people", "SELECT email FROM people", "SELECT count(*) FROM people",
    "SELECT organisation_name FROM people",
    "SELECT * FROM memberships", "SELECT * FROM sessions", "SELECT * FROM sign_in_challenges", "SELECT * FROM api_keys",
    "SELECT * FROM authors", "SELECT * FROM drafts", "SELECT * FROM deliveries", "SELECT * FROM idempotency_keys",
    "SELECT author_id FROM contributions", "SELECT provenance FROM contributions", "SELECT * FROM contributions",
    "SELECT note FROM decisions", "SELECT decided_by FROM decisions", "SELECT numbers FROM records",
    "INSERT INTO publications (number) VALUES (1)", "DELETE FROM publications", "UPDATE consultations SET title = 'x'",
    "CREATE TABLE mine (id int)", "CREATE TEMP TABLE mine (id int)", "SELECT * FROM rate_limits",
    "SELECT * FROM record_cursors", "SELECT * FROM sources", "SELECT reported_by FROM meetings",
    "SELECT * FROM signing_keys", "INSERT INTO tile_hashes (level) VALUES (1)",
    "SELECT * FROM fingerprints", "SELECT * FROM screenings", "SELECT * FROM screening_policies",
    "SELECT * FROM webhooks", "SELECT * FROM webhook_attempts",
    "SELECT * FROM organisers_acts", "SELECT tells FROM document_versions", "SELECT added FROM document_versions",
    "SELECT * FROM endorsements", "SELECT organisation_name FROM endorsements", "SELECT * FROM mandate_claims",
    "SELECT * FROM positions", "SELECT count(*) FROM positions", "SELECT * FROM opinion_members",
    "SELECT made_of FROM opinion_maps",
    "SELECT link FROM planned_meetings", "SELECT planned_by FROM planned_meetings", "SELECT * FROM registrations",
)  # fmt: skip


@pytest.mark.parametrize("query", FORBIDDEN)
async def test_what_is_not_granted_is_refused(database: Database, query: str) -> None:
    await make(database)
    with pytest.raises(DBAPIError, match=r"permission denied|read-only"):
        async with database.reading() as connection:
            await connection.execute(text(query))


async def test_texts_that_are_not_public_do_not_exist_for_it(database: Database) -> None:
    made = await make(database)
    waiting = await say(database, made, topic=BEFORE, body=SECRET)
    hidden = await say(database, made, body=SECRET)
    withdrawn = await say(database, made, body=SECRET)
    erased = await say(database, made, body=SECRET)
    shown = await say(database, made)
    await decide(database, made, "hide", hidden.id)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, withdrawn.id)
        await erasing.erase(session, made.participant, erased.id)
        await actions.lower_byline(session, made.participant, shown.id, "anonymous")
    assert await _found(database, "SELECT * FROM revisions WHERE body IS NOT NULL") == [shown.id]
    assert await _found(database, "SELECT * FROM publications") == [shown.id]
    assert await _found(database, "SELECT * FROM fragments") == [shown.id]
    assert waiting.id not in await _found(database, "SELECT id AS contribution_id FROM contributions")
    for table in ("revisions", "publications", "fragments", "entries", "decisions"):
        everything = await _everything(database, table)
        assert SECRET not in everything and "Participant A" not in everything


async def test_staff_and_service_logs_are_invisible(database: Database) -> None:
    made = await make(database)
    await say(database, made, topic=BEFORE)
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT DISTINCT public FROM entries"))).all() == [(True,)]
        assert (await connection.execute(text("SELECT id FROM records"))).all() == [(made.id,)]


async def test_it_reads_only_even_where_a_grant_were_too_wide(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(text("SET LOCAL ROLE NONE"))
        with pytest.raises(DBAPIError, match="read-only"):
            await connection.execute(text("DELETE FROM people"))


async def test_no_policy_makes_a_list_of_all_publications(database: Database) -> None:
    """It is read from its beginning for each row, once it does not fit into a query's memory."""
    listing = text("SELECT tablename FROM pg_policies WHERE qual ~ 'IN \\( SELECT (publications|meeting_points)'")
    async with database.writing() as session:
        assert (await session.scalars(listing)).all() == []


async def _found(database: Database, query: str) -> list[object]:
    async with database.reading() as connection:
        if query.startswith("SELECT * FROM revisions"):
            query = query.replace("*", "contribution_id")
        return [row.contribution_id for row in (await connection.execute(text(query))).all()]


async def _everything(database: Database, table: str) -> str:
    columns = {"decisions": "id, contribution_id, number, act, rule, reason"}.get(table, "*")
    async with database.reading() as connection:
        return str((await connection.execute(text(f"SELECT {columns} FROM {table}"))).all())
