"""Comments on what is open for comment: contributions that name it, taken when their topic takes nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import errors
from app.clock import new_id, now
from app.consultations.models import Topic
from app.contributions.submissions import Submission
from app.database import Database
from app.permissions import ANYONE
from app.readings.outcome import recommendations as readings
from app.synthesis import actions
from app.synthesis.commenting import comment
from tests.making import AFTER, BEFORE, decide, make, say
from tests.synthesis.outcome import begin, cite, make_rapporteur, publish

pytestmark = pytest.mark.anyio
SAID = Submission(body="Count the mornings, too.", language="en", title="Mornings", kind="proposal")


async def test_open_for_comment_and_no_longer(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text = await say(database, made)
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, text)
    with pytest.raises(errors.Invalid, match="no such recommendation"):
        async with database.writing() as session:
            await comment(session, made.participant, made.id, 1, SAID)
    await publish(database, rapporteur, begun.id, "open")
    async with database.writing() as session:
        await session.execute(update(Topic).where(Topic.slug == AFTER).values(closes=now() - timedelta(days=1)))
    with pytest.raises(errors.Closed):
        await say(database, made, title="Too late")
    id = new_id()
    for _twice in range(2):
        async with database.writing() as session:
            said = await comment(session, made.participant, made.id, 1, SAID, id=id)
    assert (said.recommendation, said.topic_id, said.status) == (1, text.topic_id, "published")
    async with database.reading() as connection:
        [view] = await readings.comments(connection, made.id, 1)
    assert (view.number, view.recommendation, view.title) == (said.number, 1, "Mornings")
    with pytest.raises(errors.Unauthenticated):
        async with database.writing() as session:
            await comment(session, ANYONE, made.id, 1, SAID)
    for given, field in (
        (Submission(body="Text.", language="en", parent=text.id), "recommendation"),
        (Submission(body="Text.", language="en", title="Elsewhere", kind="proposal", topic=BEFORE), "topic"),
        (Submission(body="Text.", language="en", kind="proposal"), "title"),
    ):
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await comment(session, made.participant, made.id, 1, given)
        assert caught.value.fields.keys() == {field}
    for number in (0, 2, 2**40):
        with pytest.raises(errors.Invalid):
            async with database.writing() as session:
                await comment(session, made.participant, made.id, number, SAID)

    async with database.writing() as session:
        await actions.revise(session, rapporteur, begun.id)
    await publish(database, rapporteur, begun.id, "final")
    with pytest.raises(errors.Closed, match="not open for comment"):
        async with database.writing() as session:
            await comment(session, made.participant, made.id, 1, SAID)
    await decide(database, made, "hide", said.id)
    async with database.reading() as connection:
        assert await readings.comments(connection, made.id, 1) == []
