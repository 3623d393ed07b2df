"""Everything that is held about somebody, as one file: complete, in order, a few texts at a time."""

from uuid import UUID

import orjson
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import Uuid
from sqlalchemy.pool import QueuePool

from app.accounts.actors import Visitor
from app.contributions import drafts
from app.database import Base, Database
from app.readings.discussion import private
from app.readings.held.done_held import DONE
from app.web.kit.visit import Visit
from app.web.me import my_data
from app.worker import catch_up
from tests.making import BEFORE, Made, decide, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio


# Where the file has what each column that refers to a person tells of them; what somebody did in a role stands in DONE.
IN_THE_FILE = {
    "api_keys.person_id": "keys", "appeals.person_id": "appeals", "authors.person_id": "contributions",
    "coders.person_id": "codings", "deliveries.person_id": "messages", "deposits.person_id": "deposits",
    "digest_marks.person_id": "mail", "digests.person_id": "mail", "drafts.person_id": "drafts",
    "endorsements.person_id": "endorsements", "failing_addresses.person_id": "mail", "flags.person_id": "flags",
    "held_files.person_id": "held_files", "inbound_mails.person_id": "mails", "invited.person_id": "letters",
    "mandate_claims.person_id": "mandates", "memberships.person_id": "roles", "notification_settings.person_id": "mail",
    "opinion_members.person_id": "positions", "organisers_acts.person_id": "organised",
    "outcome_sendings.sent_by": "outcome_sent", "positions.person_id": "positions",
    "recommendation_versions.written_by": "recommendations", "refusals.person_id": "refused_letters",
    "registrations.person_id": "registrations", "report_translations.written_by": "report_translations",
    "report_versions.written_by": "reports", "responses.entered_by": "answers_entered",
    "sessions.person_id": "sessions", "set_aside.marked_by": "set_aside", "subscriptions.person_id": "followed",
    "summary_versions.written_by": "summaries", "tellings.told_by": "contributors_told",
    "texts_read.person_id": "texts_read", "webhooks.owner_id": "webhooks",
}  # fmt: skip
NOT_IN_THE_FILE = {
    "idempotency_keys.person_id": "for a day, so that a request that comes twice is done once",
    "inbound_mails.confirmed_by": "a mail, and no person",
}


async def fill(database: Database, made: Made) -> None:
    """Seven texts, four drafts and three messages."""
    for number in range(7):
        said = await say(database, made, title=f"Text {number}", topic=BEFORE if number % 2 else "diasporas")
        if number % 3 == 0 and said.number:
            await decide(database, made, "hide", said.id)
    for number in range(4):
        async with database.writing() as session:
            await drafts.keep_draft(session, made.participant, None, made.id, {"body": f"Draft {number}"})
    await say(database, made, actor=made.other, title="Somebody else’s")
    await catch_up(database, "http://testserver")


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 20])
async def test_the_file_is_complete_whatever_the_size_of_its_chunks(
    browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(my_data, "CHUNK", chunk)
    await fill(database, made)
    answer = await (await browse(made.participant)).get("/me/data/download")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "private, no-store" and "etag" not in answer.headers
    held = orjson.loads(answer.content)
    assert held["email"] == "participant-a@example.org"
    assert [text["title"] for text in held["contributions"]] == [f"Text {number}" for number in range(6, -1, -1)]
    assert [draft["body"] for draft in held["drafts"]] == [f"Draft {number}" for number in range(4)]
    assert [message["kind"] for message in held["messages"]] == ["decision", "decision"]
    assert "Somebody else" not in answer.text


async def test_each_column_that_refers_to_a_person_is_in_the_file(browse: Browse, made: Made) -> None:
    refers = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables for column in table.columns
        if any(key.column.table.name == "people" for key in column.foreign_keys)
        or (column.name.endswith("_by") and isinstance(column.type, Uuid))
    }  # fmt: skip
    done = {f"{act.who.class_.__tablename__}.{act.who.key}": name for name, act in DONE.items()}
    assert refers == {*IN_THE_FILE, *done, *NOT_IN_THE_FILE}
    held = (await (await browse(made.other)).get("/me/data/download")).json()
    assert {*IN_THE_FILE.values(), *done.values()} <= held.keys()


async def test_who_has_written_nothing_gets_a_file_too(browse: Browse, made: Made) -> None:
    held = (await (await browse(made.other)).get("/me/data/download")).json()
    assert (held["contributions"], held["drafts"], held["messages"]) == ([], [], [])


async def test_only_a_few_texts_are_read_at_once_and_no_connection_waits_for_the_reader(
    database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_data, "CHUNK", 2)
    await fill(database, made)
    asked: list[int] = []
    mine = private.mine

    async def noting(*given: object) -> list[private.Own]:
        found = await mine(*given)  # type: ignore[arg-type]
        asked.append(len(found))
        return found

    monkeypatch.setattr(private, "mine", noting)
    app = FastAPI()
    app.state.database, app.state.base_url = database, "http://testserver"
    request = Request({"type": "http", "app": app, "method": "GET", "path": "/", "query_string": b"", "headers": []})
    visit = Visit(request, Visitor(made.participant), "en", None)
    person, pool = made.participant.person or UUID(int=0), database.write.pool
    assert isinstance(pool, QueuePool)
    parts = 0
    async for _part in my_data.whole_file(visit, person, {"id": "x"}):
        assert pool.checkedout() == 0
        parts += 1
    assert asked == [2, 2, 2, 1] and parts > 15
