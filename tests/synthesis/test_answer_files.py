"""The file of an answer: committed to with it, kept in the bucket, withdrawn for good, gone with the consultation."""

from dataclasses import replace
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select

from app import clock, errors
from app.bucket.models import BucketRemoval
from app.database import Database
from app.files.kinds import Refused
from app.files.uploads import Upload
from app.permissions import ANYONE
from app.readings.outcome import answer_files as files
from app.readings.outcome import recommendations as readings
from app.record import commitments
from app.synthesis import answering, sending
from app.synthesis.answer_files import withdraw
from app.synthesis.answering import answer, link_path
from app.synthesis.forgetting import remove_outcome
from app.synthesis.models import ResponseFile
from app.synthesis.responding import Answer, receive
from app.worker import catch_up
from tests.bucket.serving import Bucket
from tests.bucket.test_files_in_a_bucket import kept
from tests.consultations.publishing import of_text
from tests.making import Made, make, say
from tests.readings.test_archive_outcome import packed
from tests.synthesis.bringing import listed
from tests.synthesis.outcome import entries, make_rapporteur, published

pytestmark = pytest.mark.anyio
__all__ = ["kept"]
LETTER = Answer("noted", "The council will look at it.", "2016-09-29", file=of_text("letter.pdf", b"sample letter"))


async def answered(database: Database) -> tuple[Made, UUID]:
    """A final recommendation that was answered with a letter; the letter's id."""
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    final = await published(database, rapporteur, made, await say(database, made))
    async with database.writing() as session:
        await receive(session, made.organiser, final.id, LETTER)
        return made, (await session.scalars(select(ResponseFile.id))).one()


async def test_a_file_is_committed_to_and_leaves_hash_and_reason(database: Database) -> None:
    made, file = await answered(database)
    async with database.reading() as connection:
        view = (await readings.recommendation(connection, made.id, 1)).responses[0]
        assert (await files.served(connection, file)).content == b"sample letter"
    said = view.json("")
    assert said["file"] | {"hash": ""} == {
        "id": str(file), "url": f"/answer-files/{file}", "name": "letter.pdf", "type": "application/pdf", "size": 13,
        "hash": "", "withdrawn": None,
    }  # fmt: skip
    content = {name: said[name] for name in ("answer", "reasons", "language", "received")}
    content["file"] = said["file"]["hash"]
    salt = bytes.fromhex(said["commitment"]["salt"])
    assert commitments.commitment(salt, content).hex() == said["commitment"]["hash"]
    [line] = (await packed(database))["answers.jsonl"].splitlines()
    assert orjson.loads(line)["responses"][0]["file"]["hash"] == said["file"]["hash"]
    for actor in (ANYONE, made.participant, made.moderator):
        with pytest.raises(errors.Unauthenticated if actor is ANYONE else errors.Forbidden):
            async with database.writing() as session:
                await withdraw(session, actor, file, "It names somebody.")
    for id, reason, wrong in ((clock.new_id(), "Why.", errors.NotFound), (file, " ", errors.Invalid)):
        with pytest.raises(wrong):
            async with database.writing() as session:
                await withdraw(session, made.organiser, id, reason)
    for _time in range(2):
        async with database.writing() as session:
            row = await withdraw(session, made.organiser, file, "It names somebody.")
    async with database.writing() as session:
        held = select(ResponseFile.content, ResponseFile.name, ResponseFile.hash)
        assert (await session.execute(held)).one() == (None, "attachment.pdf", view.file and view.file.hash)
    assert row.salt is not None and row.reason_hash is not None
    assert commitments.commitment(row.salt, {"reason": "It names somebody."}) == row.reason_hash
    [told] = await entries(database, "response.file_withdrawn")
    assert told["hash"] == row.reason_hash.hex() and told["number"] == 1
    assert str(made.organiser.person) not in str(told)
    async with database.reading() as connection:
        with pytest.raises(errors.Gone):
            await files.served(connection, file)
        view = (await readings.recommendation(connection, made.id, 1)).responses[0]
    assert view.file is not None and view.file.withdrawn is not None
    assert view.file.withdrawn.reason == "It names somebody." and view.hash.hex() == said["commitment"]["hash"]


async def test_what_cannot_be_taken_is_refused_with_the_rest(database: Database) -> None:
    made = await make(database)
    final = await published(database, await make_rapporteur(database, made), made, await say(database, made))
    locked = Upload("letter.pdf", Refused("locked"), Refused("locked"))
    for given, fields in (
        (replace(LETTER, file=locked), {"files"}),
        (replace(LETTER, file=of_text("letter.png", b"%PDF")), {"files"}),
        (replace(LETTER, file=locked, words=" "), {"files", "words"}),
    ):
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await receive(session, made.organiser, final.id, given)
        assert caught.value.fields.keys() == fields
    async with database.writing() as session:
        assert (await session.scalars(select(ResponseFile.id))).all() == []


async def test_an_institution_sends_one_by_its_link(database: Database) -> None:
    made = await make(database)
    await published(database, await make_rapporteur(database, made), made, await say(database, made))
    city = await listed(database, made)
    async with database.writing() as session:
        link = (await sending.ask(session, made.organiser, made.id, city, [1])).id
    async with database.writing() as session:
        token = link_path(link).rpartition("/")[2]
        await answer(session, link, token, 1, replace(LETTER, bare=True))
        assert await answering.held(session, link, token) is not None
    async with database.reading() as connection:
        view = (await readings.recommendation(connection, made.id, 1)).responses[0]
        assert view.file is not None and view.institution is not None
        assert (await files.served(connection, view.file.id)).content == b"sample letter bare"


async def test_it_leaves_the_bucket_with_the_withdrawal_and_with_the_consultation(
    database: Database, kept: Bucket
) -> None:
    made, file = await answered(database)
    await catch_up(database, "https://plenary.example.org")
    [path] = kept.objects
    assert path.startswith(f"/files/plenary/response_files/{file}/")
    async with database.writing() as session:
        await withdraw(session, made.organiser, file, "It names somebody.")
        await receive(session, made.organiser, (await _only(database, made)), LETTER)
    await catch_up(database, "https://plenary.example.org")
    assert len(kept.objects) == 1 and path not in kept.objects
    async with database.writing() as session:
        await remove_outcome(session, made.id)
    await catch_up(database, "https://plenary.example.org")
    async with database.writing() as session:
        assert (await session.scalars(select(BucketRemoval.key))).all() == []
    assert kept.objects == {}


async def _only(database: Database, made: Made) -> UUID:
    async with database.reading() as connection:
        return (await readings.recommendation(connection, made.id, 1)).id
