"""The sample: a second consultation from its own definition, which comes and goes whole."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from httpx import AsyncClient
from sqlalchemy import select, text

from app import worker
from app.accounts.actors import actor_of_person
from app.accounts.people import find_person
from app.cli.sample import add_sample, remove_sample
from app.consultations.models import Consultation
from app.consultations.removing import remove
from app.contributions import actions
from app.contributions.models import Contribution
from app.contributions.submissions import Submission
from app.database import Database
from app.errors import Conflict, Forbidden
from app.permissions import OPERATOR
from app.worker import catch_up
from tests.making import AFTER, make, say
from tests.running import command

pytestmark = pytest.mark.anyio


async def rows(database: Database) -> dict[str, int]:
    """How many rows each table has, the service log and the worker's places in the logs aside."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'record_cursors'"
    ours = {"entries": " WHERE record_id IN (SELECT id FROM records WHERE log <> 'service')"}
    async with database.writing() as session:
        names = list(await session.scalars(text(tables)))
        counts = {
            name: await session.scalar(text(f'SELECT count(*) FROM "{name}"{ours.get(name, "")}')) for name in names
        }
        return {name: int(count or 0) for name, count in counts.items()}


async def exported(client: AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/consultations/sample/export.jsonl")
    assert answer.status_code == 200
    return [orjson.loads(line) for line in answer.content.splitlines()]


async def test_the_sample_shows_what_there_is(database: Database, client: AsyncClient) -> None:
    assert await add_sample(database)
    assert not await add_sample(database)
    found = await exported(client)
    assert len(found) == 38
    assert len({each["language"] for each in found}) >= 6
    assert {each["byline"] for each in found} == {"full", "organisation", "anonymous"}
    assert {each["kind"] for each in found} == {"experience", "proposal", "question", "resource", "reply", "note"}
    assert max(each["depth"] for each in found) >= 3
    assert any(each["tags"] for each in found)
    translations = [each for text in found for each in text["translations"]]
    assert [(each["language"], each["by"], each["status"]) for each in translations] == [
        ("fr", "participant", "reviewed"), ("en", "author", "approved"),
    ]  # fmt: skip
    assert all(each["body"].splitlines()[-1].startswith("*") for each in translations)  # says that it is a sample
    assert all(each["created"] < "2026" < each["published"] for each in found)
    assert (await client.get("/api/v1/consultations/sample")).json()["sample"] is True
    async with database.writing() as session:
        sample = await session.scalar(select(Consultation.id).where(Consultation.slug == "sample"))
        statuses = list(
            await session.scalars(select(Contribution.status).where(Contribution.consultation_id == sample))
        )
        facilitator = await find_person(session, "participant-6@sample.invalid")
        assert facilitator is not None
        assert (await actor_of_person(session, facilitator)).roles == {sample: frozenset({"moderator"})}
    assert (statuses.count("published"), statuses.count("pending")) == (38, 4)


@pytest.fixture
def eager_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is at work whenever anything else is."""
    monkeypatch.setattr(worker, "_LOOK", 0.005)


@pytest.mark.usefixtures("eager_worker")
async def test_the_sample_goes_whole_and_leaves_the_rest_alone(database: Database, client: AsyncClient) -> None:
    made = await make(database)
    await say(database, made)
    await catch_up(database, "http://testserver")  # the worker of `client` has nothing more to write about this
    before = await rows(database)
    await add_sample(database)
    await say_in_sample(database, made)
    assert (await rows(database))["contributions"] > before["contributions"] + 40
    assert await remove_sample(database)
    assert await rows(database) == before
    assert (await client.get("/api/v1/consultations/sample")).status_code == 404
    assert not await remove_sample(database)
    assert await add_sample(database)


async def test_what_was_kept_of_a_removed_sample_is_not_taken_for_the_new_one(
    database: Database, client: AsyncClient
) -> None:
    await make(database)
    paths = ("/", "/c/sample", "/c/sample/1", "/about/rules", "/api/v1/consultations", "/api/v1/consultations/sample",
             "/api/v1/consultations/sample/contributions", "/api/v1/consultations/sample/changes")  # fmt: skip
    tags: list[dict[str, str]] = []
    for _ in range(2):
        await add_sample(database)
        tags.append({path: (await client.get(path)).headers["etag"] for path in paths})
        await remove_sample(database)
    await add_sample(database)
    for path in paths:
        assert tags[0][path] != tags[1][path], path
        answer = await client.get(path, headers={"If-None-Match": tags[0][path]})
        assert answer.status_code == 200, path


async def say_in_sample(database: Database, made: Any) -> None:
    """A real participant tries the sample out, with a text that waits and one that is public."""
    async with database.writing() as session:
        sample = await session.scalar(select(Consultation.id).where(Consultation.slug == "sample"))
        assert sample is not None
        for topic in ("first-contact", "many-languages"):
            given = Submission(deposit=True, topic=topic, kind="question", title="A try", body="Text.", language="en")
            await actions.post(session, made.participant, sample, given)


async def test_a_made_up_person_who_wrote_elsewhere_is_erased_with_no_trace_of_the_name(database: Database) -> None:
    made = await make(database)
    await add_sample(database)
    async with database.writing() as session:
        person = await find_person(session, "participant-1@sample.invalid")
        assert person is not None
        actor = await actor_of_person(session, person)
        given = Submission(topic=AFTER, kind="question", title="A try", body="Text.", language="en", byline="anonymous")
        await actions.post(session, actor, made.id, given)
    assert await remove_sample(database)
    async with database.writing() as session:
        left = (await session.execute(text("SELECT email, name, erased FROM people WHERE erased IS NOT NULL"))).all()
    assert [(row.email, row.name) for row in left] == [(None, None)]
    assert left[0].erased <= datetime.now(UTC)


async def test_nothing_real_is_ever_removed(database: Database) -> None:
    made = await make(database)
    async with database.writing() as session:
        with pytest.raises(Conflict):
            await remove(session, OPERATOR, made.id)
        with pytest.raises(Forbidden):
            await remove(session, made.organiser, made.id)


async def test_the_command(database: Database) -> None:
    added = await command("sample")
    assert (added.code, added.out) == (0, "")
    assert added.error == "The sample is at http://127.0.0.1:8000/c/sample\n"
    assert "there already" in (await command("sample")).error
    assert (await command("sample", "--remove")).code == 0
    assert (await command("sample", "--remove")).error == "There is no sample here.\n"
