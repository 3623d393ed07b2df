"""Notices: posted, revised, translated, taken back; what the record commits to, and who is refused."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from app import errors
from app.clock import new_id
from app.consultations import notices
from app.consultations.notices import Wording
from app.database import Database
from app.language import reader
from app.permissions import ANYONE, OPERATOR
from app.readings.consultations import consultation
from app.readings.organising import notices as readings
from app.readings.organising.notices import NoticeView
from app.record import commitments
from tests.consultations.publishing import NEWS, entries, posted
from tests.making import SLUG, Made, make

pytestmark = pytest.mark.anyio
STEP = replace(NEWS, date=date(2016, 9, 13))


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def seen(database: Database) -> list[NoticeView]:
    async with database.reading() as connection:
        return await readings.notices(connection, await consultation(connection, SLUG))


async def test_the_life_of_a_notice(database: Database, made: Made) -> None:
    notice = await posted(database, made, STEP, "next-step")
    later = await posted(database, made)
    async with database.writing() as session:
        for wording in (
            STEP, replace(STEP, body="It is *not*."),
            Wording("Date déplacée", "C’est le 13.", "fr", STEP.date), replace(STEP, body="It is *not*.", date=None),
        ):  # fmt: skip
            await notices.revise(session, made.organiser, made.id, notice.id, wording)
    newest, shown = await seen(database)
    assert (newest.id, shown.id, shown.kind, shown.date) == (later.id, notice.id, "next-step", None)
    assert [each.language for each in shown.texts] == ["en", "fr"] and shown.revised is not None
    assert shown.texts[0].html == '<p dir="auto">It is <em>not</em>.</p>\n'
    token = reader.set("fr")
    assert shown.said is not None and shown.said.title == "Date déplacée"
    reader.reset(token)
    told = await entries(database, made, "notice.")
    assert [(each.kind, each.payload["language"], each.payload.get("changed")) for each in told] == [
        ("notice.posted", "en", None), ("notice.posted", "en", None), ("notice.revised", "en", ["text"]),
        ("notice.revised", "fr", ["translation"]), ("notice.revised", "en", ["date"]),
    ]  # fmt: skip
    for words, entry in zip(shown.texts, (told[4], told[3]), strict=True):
        made_hash = commitments.text_commitment(words.salt, words.title, words.body, words.language)
        assert made_hash.hex() == entry.payload["hash"] and words.seq == entry.seq
    async with database.writing() as session:
        await notices.take_back(session, made.organiser, made.id, notice.id, "It was not so.")
        await notices.take_back(session, made.organiser, made.id, notice.id, "Again.")
        with pytest.raises(errors.Conflict):
            await notices.revise(session, made.organiser, made.id, notice.id, STEP)
    _newest, gone = await seen(database)
    assert gone.texts == [] and gone.said is None and gone.removed is not None
    [entry] = await entries(database, made, "notice.removed")
    assert gone.removed.reason == "It was not so." and entry.seq == gone.removed.seq
    assert entry.payload == {
        "hash": commitments.commitment(gone.removed.salt or b"", {"reason": gone.removed.reason}).hex()
    }
    async with database.reading() as connection:
        around = await consultation(connection, SLUG)
        assert [each.id for each in await readings.latest(connection, around)] == [later.id]


async def test_posted_twice_it_is_there_once(database: Database, made: Made) -> None:
    id = new_id()

    async def post() -> None:
        async with database.writing() as session:
            await notices.post(session, made.organiser, made.id, "notice", NEWS, id)

    await asyncio.gather(post(), post())
    assert [each.id for each in await seen(database)] == [id]
    assert len(await entries(database, made, "notice.")) == 1


async def test_who_is_refused(database: Database, made: Made) -> None:
    notice = await posted(database, made)
    for actor, error in ((ANYONE, errors.Unauthenticated), (made.participant, errors.Forbidden),
                         (made.moderator, errors.Forbidden), (OPERATOR, errors.Forbidden)):  # fmt: skip
        async with database.writing() as session:
            where = (session, actor, made.id)
            for asked in (
                notices.post(*where, "notice", NEWS), notices.revise(*where, notice.id, NEWS),
                notices.take_back(*where, notice.id, "Because."),
            ):  # fmt: skip
                with pytest.raises(error):
                    await asked
    other = new_id()
    elsewhere = replace(made.organiser, roles={other: frozenset({"organiser"})})
    async with database.writing() as session:
        with pytest.raises(errors.NotFound):
            await notices.take_back(session, elsewhere, other, notice.id, "Because.")


async def test_what_cannot_be_announced(database: Database, made: Made) -> None:
    wrong: list[tuple[str, str, Wording]] = [
        ("kind", "x", NEWS), ("date", "notice", STEP), ("date", "next-step", replace(STEP, date=date.min)),
        ("title", "notice", replace(NEWS, title="\u200b")), ("title", "notice", replace(NEWS, title="x" * 201)),
        ("title", "notice", replace(NEWS, title="\x00")), ("body", "notice", replace(NEWS, body="&nbsp;")),
        ("body", "notice", replace(NEWS, body="\ud800")), ("body", "notice", replace(NEWS, body="x" * 10_001)),
        ("language", "notice", replace(NEWS, language="\x00")),
    ]  # fmt: skip
    for field, kind, given in wrong:
        with pytest.raises(errors.Invalid) as refused:
            await posted(database, made, given, kind)
        assert list(refused.value.fields) == [field]
    assert await seen(database) == []
