"""What addressees answer: entered by organisers, a timeline that never changes, an entry each."""

import pytest

from app import errors
from app.database import Database
from app.permissions import ANYONE
from app.readings.outcome import recommendations as readings
from app.record import commitments
from app.synthesis.responding import MOST, Answer, receive
from tests.making import make, say
from tests.synthesis.outcome import begin, cite, entries, make_rapporteur, publish, published

pytestmark = pytest.mark.anyio
NOTED = Answer("noted", "The council will look at it.", "2016-09-29")


async def test_answered_and_later_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text = await say(database, made)
    final = await published(database, rapporteur, made, text)
    for given in (Answer("accepted", "It does.", "2016-12-01", "fr"), NOTED):
        async with database.writing() as session:
            await receive(session, made.organiser, final.id, given)
    async with database.reading() as connection:
        view = await readings.recommendation(connection, made.id, 1)
    assert [(each.answer, str(each.received)) for each in view.responses] == [
        ("noted", "2016-09-29"), ("accepted", "2016-12-01"),
    ]  # fmt: skip
    said = view.json("", made.slug)["responses"][0]
    content = {name: said[name] for name in ("answer", "reasons", "language", "received")}
    assert (
        commitments.commitment(bytes.fromhex(said["commitment"]["salt"]), content).hex() == said["commitment"]["hash"]
    )
    told = await entries(database, "response.received")
    assert [each["number"] for each in told] == [1, 1] and told[1]["hash"] == said["commitment"]["hash"]
    assert str(made.organiser.person) not in str(told)
    monkeypatch.setattr("app.synthesis.responding.MOST", 2)
    with pytest.raises(errors.Conflict, match="the most"):
        async with database.writing() as session:
            await receive(session, made.organiser, final.id, NOTED)
    assert MOST > 2


async def test_what_is_refused(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text = await say(database, made)
    final = await published(database, rapporteur, made, text)
    draft = await begin(database, rapporteur, made)
    for actor in (ANYONE, made.participant, made.moderator, rapporteur):
        with pytest.raises(errors.Unauthenticated if actor is ANYONE else errors.Forbidden):
            async with database.writing() as session:
                await receive(session, actor, final.id, NOTED)
    for given, field in (
        (Answer("perhaps", "Words.", "2016-09-29"), "answer"),
        (Answer("noted", " ", "2016-09-29"), "words"),
        (Answer("noted", "x" * 5_001, "2016-09-29"), "words"),
        (Answer("noted", "half \ud800", "2016-09-29"), "words"),
        (Answer("noted", "Words.", "soon"), "received"),
        (Answer("noted", "Words.", "9999-12-31"), "received"),
        (Answer("noted", "Words.", "0001-01-01"), "received"),
        (Answer("noted", "Words.", "2016-09-29", "??"), "language"),
    ):
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await receive(session, made.organiser, final.id, given)
        assert caught.value.fields.keys() == {field}
    await cite(database, rapporteur, draft.id, text)
    await publish(database, rapporteur, draft.id, "open")
    with pytest.raises(errors.Conflict, match="final"):
        async with database.writing() as session:
            await receive(session, made.organiser, draft.id, NOTED)
    assert await entries(database, "response.received") == []
