"""Who moderates one topic does so there: elsewhere every act is refused, and the desk shows nothing of it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.accounts.actors import actor_of_person
from app.accounts.models import Membership
from app.consultations.models import Topic
from app.contributions import actions
from app.contributions.models import Contribution, Revision
from app.contributions.submissions import Submission
from app.database import Database
from app.moderation import claims, inviting
from app.moderation.actions import VERBS
from app.moderation.appeals import appeal, decide_appeal
from app.moderation.audience import To
from app.moderation.deciding import Grounds, Options
from app.moderation.flags import flag
from app.moderation.models import Decision
from app.notifications.webhooks import listing
from app.permissions import Actor
from app.readings.discussion import private
from app.readings.moderation import acts, appeals, desk, flags, queue, sources, translations
from app.readings.moderation.queue_query import Asked
from tests.contributions.offering import offer
from tests.making import AFTER, BEFORE, Made, decide, make, make_person, say

pytestmark = pytest.mark.anyio
WHY = Grounds(reason="Because of a rule.", rule="1")


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


@pytest.fixture
async def there(database: Database, made: Made) -> Actor:
    """Who moderates BEFORE, and nothing else."""
    person = (await make_person(database, "Moderator T")).person
    assert person is not None
    async with database.writing() as session:
        topic = await session.scalar(select(Topic.id).where(Topic.slug == BEFORE, Topic.consultation_id == made.id))
        session.add(Membership(person_id=person, consultation_id=made.id, role="moderator", topic_id=topic))
        await session.flush()
        return await actor_of_person(session, person)


async def done(database: Database, actor: Actor, act: str, id: UUID, **options: Any) -> Decision:
    async with database.writing() as session:
        waits = await session.scalar(
            select(Revision.id).where(Revision.contribution_id == id, Revision.state == "waiting")
        )
        return await VERBS[act](session, actor, id, waits, WHY, Options(**options))


async def public_in(database: Database, made: Made, topic: str) -> Contribution:
    text = await say(database, made, topic=topic)
    if topic == BEFORE:
        await done(database, made.moderator, "approve", text.id)
    return text


async def test_acts_there_and_nowhere_else(database: Database, made: Made, there: Actor) -> None:
    waits, public, other = await say(database, made, topic=BEFORE), *[
        await public_in(database, made, topic) for topic in (BEFORE, AFTER)
    ]  # fmt: skip
    assert other.number is not None
    assert (await done(database, there, "approve", waits.id)).role == "moderator"
    for act in ("hide", "restore", "pin", "lock", "warn"):
        assert (await done(database, there, act, public.id)).role == "moderator"
    for act in ("hide", "redact", "pin", "feature", "lock", "warn", "suspend", "reveal", "dismiss", "split"):
        with pytest.raises(errors.Forbidden):
            await done(database, there, act, other.id)
    # Nothing is moved into a topic of others, and nobody is shut out of the whole consultation.
    for act, options in (("move", {"topic": AFTER}), ("merge", {"into": other.number}), ("suspend", {})):
        with pytest.raises(errors.Forbidden):
            await done(database, there, act, public.id, **options)
    async with database.writing() as session:
        for topic, expected in ((BEFORE, "published"), (AFTER, None)):
            note = Submission(body="Said.", language="en", topic=topic, kind="note")
            if expected is None:
                with pytest.raises(errors.Forbidden):
                    await actions.post(session, there, made.id, note)
            else:
                assert (await actions.post(session, there, made.id, note)).status == expected
        with pytest.raises(errors.Forbidden):
            await claims.claim(session, there, other.id)
        with pytest.raises(errors.Forbidden):
            await inviting.invite(session, there, made.id, To(topic=BEFORE), "Subject", "Words.")
        with pytest.raises(errors.Forbidden):
            await listing.webhooks_of(session, there, made.id)


async def test_the_desk_shows_their_topic_alone(database: Database, made: Made, there: Actor) -> None:
    mine, other = [await public_in(database, made, topic) for topic in (BEFORE, AFTER)]
    for text in (mine, other):
        async with database.writing() as session:
            await flag(session, made.other, text.id, "1", None)
        await offer(database, made, text.id, made.other, "fr", revision=1, trapped=True)
    hidden = [await public_in(database, made, topic) for topic in (BEFORE, AFTER)]
    asked = []
    for text in hidden:
        await decide(database, made, "hide", text.id)
        async with database.writing() as session:
            asked.append((await appeal(session, made.participant, text.id, "Please look again.")).id)
    async with database.writing() as session:
        shown = {item.contribution for item in (await queue.queue(session, there, made.id)).items}
        assert shown == {mine.id, hidden[0].id}
        assert (await queue.counts(session, there, made.id)).total == 2
        assert (await queue.queue(session, there, made.id, asked=Asked(topic=AFTER))).items == []
        both = [mine.id, other.id]
        assert list(await queue.these(session, there, made.id, both)) == [mine.id]
        assert list(await queue.these(session, made.moderator, made.id, both)) == both
        context = await desk.in_context(session, there, made.id, mine.id)
        assert context.history is not None and dict(context.history.states) == {"hidden": 1}  # of what is there alone
        reported = (await flags.flagged(session, there, made.id)).items
        assert [item.contribution for item in reported] == [mine.id]
        [waiting] = (await translations.waiting(session, there, made.id)).items
        assert waiting.contribution == mine.id
        assert await translations.unseen(session, there, other.id) == []
        [item] = (await appeals.appealed(session, there, made.id)).items
        assert item.contribution == hidden[0].id and item.may_answer
        assert await sources.in_consultation(session, there, made.id) == []
        assert await private.own(session, there, hidden[1].id, "") is None
        assert await acts.possible(session, there, other.id) == []
        assert "suspend" not in (able := await acts.possible(session, there, mine.id)) and "hide" in able
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            await decide_appeal(session, there, asked[1], "overturned", "A reason.")
        answered = await decide_appeal(session, there, asked[0], "overturned", "A reason.")
        assert answered.role == "moderator"
