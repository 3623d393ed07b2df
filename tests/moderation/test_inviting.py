"""Moderators' letters: whom they reach, what their senders are told, and what nobody learns from it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app import errors, record
from app.accounts.actions import erase_account
from app.clock import new_id, now
from app.contributions.models import Contribution
from app.database import Database
from app.moderation import erasing, inviting
from app.moderation.audience import To
from app.moderation.deciding import Options
from app.moderation.models import Invitation, Invited, Refusal
from app.permissions import ANYONE, Actor
from app.record.models import Entry
from tests.making import AFTER, Made, curate, make, make_person, say
from tests.moderation.inviting import WORDS, invite, readers, speak

pytestmark = pytest.mark.anyio
QUESTION = f"{AFTER}.a"


async def refuse(database: Database, actor: Actor, *consultations: Any, all_letters: bool = False) -> None:
    async with database.writing() as session:
        await inviting.refuse(session, actor, consultations, all_letters=all_letters)


async def entries(database: Database, kind: str) -> list[Entry]:
    async with database.writing() as session:
        return list(await session.scalars(select(Entry).where(Entry.kind == kind).order_by(Entry.seq)))


async def test_a_letter_to_one_author_tells_nothing_of_who_it_is(database: Database) -> None:
    made = await make(database)
    hidden = await say(database, made, byline="anonymous")
    sent = await invite(database, made, To(contribution=hidden.id))
    assert await readers(database, sent) == {made.participant.person}
    assert (sent.named, sent.withheld, sent.reached, sent.not_reached) == (0, None, None, None)
    (entry,) = await entries(database, "invitation.sent")
    assert entry.record_id == record.log_id("staff", made.id)
    assert entry.payload == {
        "invitation": str(sent.id), "contribution": str(hidden.id), "person": str(made.moderator.person),
    }  # fmt: skip
    # Suspended, refusing, or gone: the answer is the same, and nobody gets anything.
    await refuse(database, made.participant, made.id)
    again = await invite(database, made, To(contribution=hidden.id))
    told = [(each.named, each.withheld, each.reached, each.not_reached) for each in (sent, again)]
    assert told[0] == told[1] and await readers(database, again) == set()


async def test_letters_to_a_name_and_to_what_withholds_it_are_limited_apart(database: Database) -> None:
    """Otherwise a letter that does not arrive would tell that both texts are by one person."""
    made = await make(database)
    named = await say(database, made)
    withheld = await say(database, made, byline="organisation")
    for _ in range(inviting.PER_WEEK):
        assert await readers(database, await invite(database, made, To(contribution=withheld.id)))
    assert not await readers(database, await invite(database, made, To(contribution=withheld.id)))
    for _ in range(inviting.PER_WEEK):
        assert await readers(database, await invite(database, made, To(contribution=named.id)))
    assert not await readers(database, await invite(database, made, To(contribution=named.id)))
    async with database.writing() as session:
        await session.execute(update(Invited).values(sent=now() - timedelta(days=8)))
    assert await readers(database, await invite(database, made, To(contribution=named.id)))


async def test_a_letter_to_all_who_answered_a_question(database: Database) -> None:
    made = await make(database)
    names = [f"Speaker {letter}" for letter in "EFGHIJ"]
    named = await speak(database, made, *names, questions=(QUESTION,))
    hidden = await speak(
        database, made, *(f"Quiet {letter}" for letter in "KLMNO"), questions=(QUESTION,), byline="anonymous"
    )
    await say(database, made, actor=named[0], questions=(QUESTION,), byline="anonymous")  # the sixth without a name
    await speak(database, made, "Elsewhere P")  # no answer to this question
    await say(database, made, actor=made.moderator, questions=(QUESTION,))  # the sender
    suspended = (await speak(database, made, "Speaker Q", questions=(QUESTION,)))[0]
    await suspend(database, made, suspended)
    await refuse(database, named[1], all_letters=True)
    await refuse(database, named[2], new_consultation := made.id)
    assert new_consultation == made.id
    sent = await invite(database, made, To(question=QUESTION))
    expected = {each.person for each in (named[0], *named[3:], *hidden)}
    assert await readers(database, sent) == expected
    assert (sent.named, sent.withheld, sent.reached, sent.not_reached) == (7, 5, 4, 3)
    async with database.writing() as session:  # one letter each, also to who wrote with and without a name
        assert await session.scalar(select(func.count()).select_from(Invited)) == len(expected)


async def suspend(database: Database, made: Made, person: Actor) -> None:
    said = await say(database, made, actor=person)
    await curate(database, made, "suspend", said.id, Options(until=now() + timedelta(days=2)))


async def test_few_are_not_counted(database: Database) -> None:
    made = await make(database)
    await speak(database, made, "Speaker E", "Speaker F")
    await speak(database, made, "Quiet G", byline="anonymous")
    sent = await invite(database, made, To(topic=AFTER))
    assert (sent.named, sent.withheld, sent.reached, sent.not_reached) == (2, None, None, None)
    assert len(await readers(database, sent)) == 3


async def test_the_same_form_is_sent_once(database: Database) -> None:
    made, id = await make(database), new_id()
    said = await say(database, made)
    first, second = [await invite(database, made, To(contribution=said.id), id=id) for _ in range(2)]
    assert first.id == second.id == id and len(await entries(database, "invitation.sent")) == 1
    with pytest.raises(errors.Conflict):
        await invite(database, made, To(contribution=said.id), id=id, actor=made.organiser)


async def test_who_may_not_and_what_cannot_be_sent(database: Database) -> None:
    made = await make(database)
    said, own = await say(database, made), await say(database, made, actor=made.moderator)
    gone, waiting = await say(database, made), await say(database, made, topic="inclusion")
    await curate(database, made, "hide", gone.id)
    spoken = await say(database, made)
    async with database.writing() as session:  # as a report of a meeting makes it
        await session.execute(update(Contribution).where(Contribution.id == spoken.id).values(channel="meeting"))
    to, refused = To(contribution=said.id), list[tuple[type[Exception], dict[str, Any]]]()
    refused += [(errors.Unauthenticated, {"actor": ANYONE}), (errors.Forbidden, {"actor": made.participant})]
    refused += [(errors.Invalid, {"subject": " "}), (errors.Invalid, {"subject": "x" * 121})]
    refused += [(errors.Invalid, {"words": "\n"}), (errors.Invalid, {"words": "x" * 2_001})]
    refused += [(errors.Conflict, {"to": To(contribution=each.id)}) for each in (own, gone, waiting, spoken)]
    refused += [(errors.NotFound, {"to": To(contribution=new_id())}), (errors.Conflict, {"to": To(topic="inclusion")})]
    refused += [(errors.Invalid, {"to": each}) for each in (
        To(), To(topic="nowhere"), To(question="nowhere.a"), To(question=f"{AFTER}.z"),
        To(topic=AFTER, question=QUESTION),
    )]  # fmt: skip
    for kind, given in refused:
        with pytest.raises(kind) as caught:
            await invite(database, made, given.pop("to", to), **given)
        assert str(caught.value).endswith(".")
    for _ in range(inviting.PER_DAY):
        await invite(database, made, to)
    with pytest.raises(errors.RateLimited):
        await invite(database, made, to)
    await invite(database, made, to, actor=made.organiser)
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).select_from(Invitation)) == inviting.PER_DAY + 1
        with pytest.raises(errors.Unauthenticated):
            await inviting.refuse(session, ANYONE, [], all_letters=True)


async def test_a_person_changes_their_mind(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await refuse(database, made.participant, made.id, all_letters=True)
    await refuse(database, made.participant, made.id)
    assert not await readers(database, await invite(database, made, To(contribution=said.id)))
    await refuse(database, made.participant)
    assert await readers(database, await invite(database, made, To(contribution=said.id)))
    assert [entry.subject for entry in await entries(database, "profile.changed")] == [made.participant.person] * 3


async def test_what_goes_with_erasure(database: Database) -> None:
    made = await make(database)
    said, other = await say(database, made), await say(database, made, actor=made.other)
    about_one = await invite(database, made, To(contribution=said.id))
    about_all = await invite(database, made, To(topic=AFTER))
    await refuse(database, made.participant, all_letters=True)
    async with database.writing() as session:
        await erasing.erase(session, made.participant, said.id)
    assert await words(database, about_one) is None and await readers(database, about_one) == set()
    assert await words(database, about_all) == WORDS
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, made.participant, made.participant.person)  # type: ignore[arg-type]
        await erase_account(session, made.participant, made.participant.person)  # type: ignore[arg-type]
    assert await readers(database, about_all) == {made.other.person}
    about_other = await invite(database, made, To(contribution=other.id))
    await curate(database, made, "redact", other.id, Options(passage="Text"))
    assert await words(database, about_other) is None
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).select_from(Refusal)) == 0
        await erasing.erase_all_by(session, made.moderator, made.moderator.person)  # type: ignore[arg-type]
    assert await words(database, about_all) is None and await readers(database, about_all) == {made.other.person}


async def words(database: Database, sent: Invitation) -> str | None:
    async with database.writing() as session:
        return await session.scalar(select(Invitation.words).where(Invitation.id == sent.id))


async def test_nobody_who_leaves_meanwhile_is_written_to(database: Database) -> None:
    made = await make(database)
    leaving = await make_person(database, "Speaker E")
    said = await say(database, made, actor=leaving, byline="anonymous")
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, leaving, leaving.person)  # type: ignore[arg-type]
        await erase_account(session, leaving, leaving.person)  # type: ignore[arg-type]
    sent = await invite(database, made, To(contribution=said.id))
    assert await readers(database, sent) == set() and (sent.named, sent.withheld) == (0, None)
