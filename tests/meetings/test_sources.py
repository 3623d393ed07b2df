"""Asking the source: one link, one answer, thirty days; the address goes with the answer, the end, or the text."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from app import errors
from app.clock import new_id, now
from app.config import settings
from app.contributions import actions as writing
from app.contributions.models import Contribution
from app.database import Database
from app.meetings import sources
from app.meetings.models import Meeting, Source
from app.moderation import erasing
from app.notifications.models import Delivery
from app.permissions import OPERATOR
from app.readings.moderation import sources as readings
from app.worker import catch_up
from tests.contributions.stored import document, kinds, stored
from tests.making import Made, curate, decide, make, say
from tests.meetings.reporting import NAMED, PAPER, REPORT, points, report, transcribe, waiting

pytestmark = pytest.mark.anyio
ADDRESS = "source@example.org"
ZONE = ZoneInfo("America/New_York")


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def ask(database: Database, made: Made, text: Contribution, email: str = ADDRESS) -> Source:
    async with database.writing() as session:
        return await sources.ask(session, made.moderator, text.id, email, "fr")


async def answer(
    database: Database, source: Source, revision: UUID | None, *, right: bool = True, words: str = "",
    token: str | None = None,
) -> Source:  # fmt: skip
    token = token or sources.link_path(source.id).rsplit("/", 1)[1]
    async with database.writing() as session:
        return await sources.answer(session, source.id, token, revision, right=right, words=words)


async def addresses(database: Database) -> list[str | None]:
    async with database.writing() as session:
        return list(await session.scalars(select(Source.email)))


def mails() -> list[str]:
    folder = settings().mail_folder
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


async def test_the_source_confirms_once_and_everyone_is_told(database: Database, made: Made) -> None:
    text = await transcribe(database, made)
    before = await document(database, text.id)
    source = await ask(database, made, text)
    assert before and before["provenance"]["confirmation"]["state"] == "transcribed"
    revision = await waiting(database, text)
    token = sources.link_path(source.id).rsplit("/", 1)[1]
    async with database.writing() as session:
        for _look in range(3):  # looking uses nothing up
            found = await readings.asked(session, source.id, token)
            assert found.state == "good" and found.revision == revision.id
            assert found.text and found.text.body == "City desks for newcomers."
    await answer(database, source, revision.id)
    shown = await document(database, text.id)
    assert shown and shown["provenance"]["confirmation"] == {
        "state": "confirmed", "date": now().astimezone(ZONE).date().isoformat(), "revision": 1,
    }  # fmt: skip
    assert await kinds(database, made) == ["contribution.published", "contribution.updated"]
    assert await kinds(database, made, "staff") == ["source.asked", "source.confirmed"]
    assert await addresses(database) == [None]
    with pytest.raises(errors.Gone, match="works once"):
        await answer(database, source, revision.id, right=False)
    async with database.writing() as session:
        assert (await readings.asked(session, source.id, token)).state == "answered"


async def test_a_source_says_that_it_is_wrong_and_moderators_are_told(database: Database, made: Made) -> None:
    text = await transcribe(database, made)
    source = await ask(database, made, text)
    await answer(database, source, (await waiting(database, text)).id, right=False, words="I said  two desks.")
    shown = await document(database, text.id)
    assert shown and shown["provenance"]["confirmation"]["state"] == "transcribed"
    assert await kinds(database, made) == ["contribution.published"]
    assert await kinds(database, made, "staff") == ["source.asked", "source.disputed"]
    async with database.writing() as session:
        [told] = await readings.in_consultation(session, made.moderator, made.id)
        assert (told.answer, told.words, told.number, told.is_open) == ("wrong", "I said  two desks.", 1, False)
        with pytest.raises(errors.Forbidden):
            await readings.in_consultation(session, made.participant, made.id)
    assert await addresses(database) == [None]


async def test_a_link_that_is_over_or_made_up_changes_nothing(database: Database, made: Made) -> None:
    text = await transcribe(database, made)
    source, revision = await ask(database, made, text), (await waiting(database, text)).id
    for id, token in ((source.id, "0" * 64), (source.id, "é"), (new_id(), "0" * 64)):
        async with database.writing() as session:
            assert (await readings.asked(session, id, token)).state == "unknown"
            with pytest.raises(errors.NotFound):
                await sources.answer(session, id, token, revision, right=True)
    for wrong in (None, new_id()):
        with pytest.raises(errors.Conflict, match="changed meanwhile"):
            await answer(database, source, wrong)
    with pytest.raises(errors.Invalid):
        await answer(database, source, revision, right=False, words="x" * 2_001)
    assert (source.expires - source.created) == timedelta(days=30)
    async with database.writing() as session:
        await session.execute(update(Source).values(expires=now() - timedelta(seconds=1)))
    with pytest.raises(errors.Gone, match="over"):
        await answer(database, source, revision)
    await catch_up(database, "https://example.org")
    assert await addresses(database) == [None]
    assert await kinds(database, made) == ["contribution.published"]


async def test_an_edit_after_the_confirmation_is_not_confirmed(database: Database, made: Made) -> None:
    text = await transcribe(database, made)
    source = await ask(database, made, text)
    read = await waiting(database, text)
    await answer(database, source, read.id)
    again = await ask(database, made, text)
    async with database.writing() as session:
        await writing.edit(session, made.moderator, text.id, 1, {"body": "Other words."})
    with pytest.raises(errors.Conflict):
        await answer(database, again, read.id)
    edited = await stored(database, text.id)
    assert edited.provenance and edited.provenance["confirmation"]["revision"] == 1
    await answer(database, again, (await waiting(database, edited)).id)
    assert (await stored(database, text.id)).provenance["confirmation"]["revision"] == 2  # type: ignore[index]


async def test_a_new_link_ends_the_one_before(database: Database, made: Made) -> None:
    text = await transcribe(database, made)
    first, second = await ask(database, made, text), await ask(database, made, text, "other@example.org")
    revision = (await waiting(database, text)).id
    with pytest.raises(errors.Gone):
        await answer(database, first, revision)
    assert sorted(filter(None, await addresses(database))) == ["other@example.org"]
    await answer(database, second, revision)
    for _time in range(8):
        await ask(database, made, text)
    with pytest.raises(errors.Conflict, match="10 times"):
        await ask(database, made, text)


async def test_what_waits_can_be_confirmed_before_it_is_public(database: Database, made: Made) -> None:
    [text, *_others] = await points(database, await report(database, made, actor=made.participant))
    source, revision = await ask(database, made, text), await waiting(database, text)
    await answer(database, source, revision.id)
    assert await kinds(database, made) == []
    await decide(database, made, "approve", text.id, revision.id)
    shown = await document(database, text.id)
    assert shown and shown["provenance"]["confirmation"]["state"] == "confirmed"


async def test_what_stands_can_be_confirmed_while_the_newest_edit_is_a_rejected_one(
    database: Database, made: Made
) -> None:
    [text, *_others] = await points(database, await report(database, made, actor=made.participant))
    await curate(database, made, "approve", text.id)
    async with database.writing() as session:
        await writing.edit(session, made.participant, text.id, 1, {"body": "Not accepted."})
    await curate(database, made, "reject", text.id)
    source = await ask(database, made, text)
    async with database.writing() as session:
        shown = await readings.asked(session, source.id, sources.link_path(source.id).rsplit("/", 1)[1])
    assert shown.state == "good" and shown.revision is not None
    await answer(database, source, shown.revision)
    assert (await stored(database, text.id)).provenance["confirmation"]["revision"] == 1  # type: ignore[index]


async def test_who_may_ask_and_of_what(database: Database, made: Made) -> None:
    text, own = await transcribe(database, made), await say(database, made)
    async with database.writing() as session:
        for actor in (made.participant, replace(made.moderator, scopes=frozenset({"write"}))):
            with pytest.raises(errors.Forbidden):
                await sources.ask(session, actor, text.id, ADDRESS, None)
        with pytest.raises(errors.Invalid):
            await sources.ask(session, made.moderator, text.id, "no address", None)
        with pytest.raises(errors.Conflict, match="only what was transcribed"):
            await sources.ask(session, made.moderator, own.id, ADDRESS, None)
        with pytest.raises(errors.NotFound):
            await sources.ask(session, made.moderator, new_id(), ADDRESS, None)
    await decide(database, made, "hide", text.id)
    with pytest.raises(errors.Conflict, match="hidden"):
        await ask(database, made, text)


async def test_a_text_that_is_hidden_meanwhile_is_not_shown_to_its_source(database: Database, made: Made) -> None:
    text = await transcribe(database, made)
    source, revision = await ask(database, made, text), await waiting(database, text)
    await decide(database, made, "hide", text.id)
    async with database.writing() as session:
        found = await readings.asked(session, source.id, sources.link_path(source.id).rsplit("/", 1)[1])
        assert (found.state, found.text) == ("gone", None)
    with pytest.raises(errors.Gone, match="no longer there"):
        await answer(database, source, revision.id)


async def test_the_mail_has_the_link_and_not_the_text_and_goes_with_the_answer(database: Database, made: Made) -> None:
    text = await transcribe(database, made, replace(PAPER, point=NAMED))
    source = await ask(database, made, text)
    await catch_up(database, "https://example.org")
    assert mails() == [f"source-{source.id}.eml"]
    content = (settings().mail_folder / mails()[0]).read_text()
    assert f"https://example.org{sources.link_path(source.id)}" in content and f"To: {ADDRESS}" in content
    assert "map skills" not in content and "Sample speaker" not in content
    await answer(database, source, (await waiting(database, text)).id)
    await catch_up(database, "https://example.org")
    assert mails() == []
    async with database.writing() as session:
        assert ADDRESS not in str([vars(row) for row in await session.scalars(select(Delivery))])


async def test_an_answer_before_the_mail_is_sent_stops_it(database: Database, made: Made) -> None:
    text = await transcribe(database, made)
    await answer(database, await ask(database, made, text), (await waiting(database, text)).id)
    await catch_up(database, "https://example.org")
    assert mails() == []


async def test_erasing_takes_address_words_and_names_along(database: Database, made: Made) -> None:
    given = replace(REPORT, points=(NAMED,), rapporteur="Sample rapporteur", rapporteur_agreed=True, signed=True)
    [text] = await points(database, await report(database, made, given))
    await ask(database, made, text)
    await catch_up(database, "https://example.org")
    async with database.writing() as session:
        await erasing.erase(session, made.organiser, text.id, "The speaker asked for it.")
    await catch_up(database, "https://example.org")
    assert await addresses(database) == [] and mails() == []
    gone = await stored(database, text.id)
    assert gone.provenance is None and gone.author_id is None
    async with database.writing() as session:
        assert list(await session.scalars(select(Meeting.rapporteur))) == [None]
        everything = str([(await session.execute(select(table.__table__))).all() for table in (Contribution, Source)])
        assert "Sample speaker" not in everything and ADDRESS not in everything


@pytest.mark.parametrize("erase_all", [True, False])
async def test_who_leaves_takes_their_name_and_not_what_others_said(
    database: Database, made: Made, erase_all: bool
) -> None:
    text = await transcribe(database, made, replace(PAPER, point=NAMED, signed=True))
    own = await say(database, made, actor=made.moderator)
    leave = erasing.erase_all_by if erase_all else erasing.keep_all_anonymous
    assert made.moderator.person
    async with database.writing() as session:
        await leave(session, OPERATOR, made.moderator.person)
    kept = await document(database, text.id)
    assert kept and kept["author"]["name"] == "Sample speaker"
    assert kept["provenance"]["transcribed_by"] == {"role": "moderator", "name": None}
    assert (await stored(database, own.id)).status == ("erased" if erase_all else "published")
    async with database.writing() as session:
        assert list(await session.scalars(select(Source.asked_by))) == []
