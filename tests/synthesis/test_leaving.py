"""Whatever takes a text out of the public takes its words out of every recommendation: a number and a state remain."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select

from app.contributions import actions as texts
from app.contributions.models import Contribution
from app.database import Database
from app.moderation import erasing
from app.moderation.deciding import Options
from app.readings.consultations import consultation
from app.readings.outcome import coverage
from app.readings.outcome import recommendations as readings
from app.readings.outcome.coverage import Asked
from app.readings.record import changes
from app.synthesis import forgetting, setting_aside
from app.synthesis.models import RecommendationVersion, SetAside
from app.worker import CONSUMERS
from tests.making import Made, curate, decide, make, say
from tests.synthesis.outcome import begin, cite, make_rapporteur, publish

pytestmark = pytest.mark.anyio
WORDS = "unpaid mornings of the tuesday desk"
Leave = Callable[[Database, Made, Contribution], Awaitable[None]]


async def withdrawn(database: Database, made: Made, text: Contribution) -> None:
    async with database.writing() as session:
        await texts.withdraw(session, made.participant, text.id)


async def hidden(database: Database, made: Made, text: Contribution) -> None:
    await decide(database, made, "hide", text.id)


async def merged(database: Database, made: Made, text: Contribution) -> None:
    into = await say(database, made, title="The other")
    await curate(database, made, "merge", text.id, Options(into=into.number))


async def erased(database: Database, made: Made, text: Contribution) -> None:
    async with database.writing() as session:
        await erasing.erase(session, made.participant, text.id)


async def redacted(database: Database, made: Made, text: Contribution) -> None:
    await curate(database, made, "redact", text.id, Options(passage=WORDS))


async def left(database: Database, made: Made, text: Contribution) -> None:
    async with database.writing() as session:
        assert made.participant.person is not None
        await erasing.erase_all_by(session, made.participant, made.participant.person)


@pytest.mark.parametrize(
    ("leave", "state"),
    [(withdrawn, "withdrawn"), (hidden, "hidden"), (merged, "merged"), (erased, "erased"), (redacted, "erased"),
     (left, "erased")],
)  # fmt: skip
async def test_no_words_stay_of_what_left_the_public(database: Database, leave: Leave, state: str) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text = await say(database, made, body=f"We know the {WORDS}, and others.")
    stays = await say(database, made, actor=made.other, title="Stays")
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, text, passage=WORDS)
    await cite(database, rapporteur, begun.id, text)
    await cite(database, rapporteur, begun.id, stays)
    await publish(database, rapporteur, begun.id, "final")
    async with database.reading() as connection:
        before = await readings.recommendation(connection, made.id, 1)
    assert [each.state for each in before.cited] == ["current"] * 3 and WORDS in before.cited[0].words
    assert before.support.contributions == 2 and before.support.organisations == 1

    await leave(database, made, text)
    async with database.reading() as connection:
        view = await readings.recommendation(connection, made.id, 1)
        told = await changes.changes(connection, made.id, "", 0, 1_000)
        versions = await readings.versions(connection, begun.id)
    assert [each.state for each in view.cited] == [state, state, "current"]
    assert [(each.words, each.view) for each in view.cited[:2]] == [("", None)] * 2
    shown = orjson.dumps(view.json("", made.slug)) + b"".join(told.items) + repr((view, versions)).encode()
    assert WORDS.encode() not in shown and b"Sample network" not in orjson.dumps(view.json("", made.slug))
    assert view.support.contributions == 1 and view.support.organisations == 0
    [first, *_] = view.json("", made.slug)["citations"]
    assert first["url"] == f"/c/{made.slug}/{text.number}" and first["number"] == text.number
    assert view.hash == before.hash


async def test_what_was_read_and_not_used_is_public_with_the_outcome_and_goes_with_the_text(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    cited, used, aside = [await say(database, made, title=f"Text {n}") for n in range(3)]
    note = await say(database, made, actor=made.moderator, kind="note", body="Said.", title=None)
    async with database.writing() as session:
        assert await setting_aside.mark(session, rapporteur, made.id, [used.id, aside.id], "general") == (2, 0, 0)
        assert await setting_aside.mark(session, rapporteur, made.id, [used.id], None) == (1, 0, 0)
        assert await setting_aside.mark(session, rapporteur, made.id, [aside.id], "general") == (0, 0, 1)
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, cited)
    async with database.writing() as session:  # what is cited is used
        assert await setting_aside.mark(session, rapporteur, made.id, [cited.id, aside.id], "general") == (0, 1, 1)
    await publish(database, rapporteur, begun.id, "open")
    assert await fates(database, made, cited, used, aside) == [None] * 3
    async with database.reading() as connection:
        assert (await connection.execute(select(SetAside.reason))).all() == []
    await publish_again(database, made, begun.id)
    assert await fates(database, made, cited, used, aside) == [([1], None), ([], None), ([], "general")]
    async with database.reading() as connection:
        found = await coverage.covered(connection, made.id)
        shares = coverage.shares(await coverage.counts(connection, made.id), await consultation(connection, made.slug))
        for asked, numbers in (
            (Asked(state="cited"), [1]), (Asked(state="neither", region="Asia", language="en", kind="proposal"), [2]),
            (Asked(after=1), [2, 3]), (Asked(region="Europe"), []), (Asked(question="inclusion.a"), []),
        ):  # fmt: skip
            assert [each.number for each in await coverage.covered(connection, made.id, asked)] == numbers, asked
            assert sum(each.asked for each in await coverage.counts(connection, made.id, asked)) == len(numbers), asked
        assert [each.number for each in await coverage.covered(connection, made.id, among=[aside.id])] == [3]
    assert {each.number: each.state for each in found} == {1: "cited", 2: "neither", 3: "set_aside"}
    assert note.number not in {each.number for each in found}
    [whole], kinds = shares["all"], shares["kind"]
    assert (whole.cited, whole.set_aside, whole.neither) == (1, 1, 1) and [each.key for each in kinds] == ["proposal"]
    assert [each.key for each in shares["region"]] == ["Asia"] and shares["question"][-1].key is None

    async with database.reading() as connection:
        size = (await changes.changes(connection, made.id, "", 0, 1)).size
    async with database.writing() as session:
        await setting_aside.mark(session, rapporteur, made.id, [used.id, aside.id], "scope")
    async with database.reading() as connection:
        told = [orjson.loads(item) for item in (await changes.changes(connection, made.id, "", size, 10)).items]
    assert [(each["kind"], each["number"], each["mark"]) for each in told] == [
        ("coverage.marked", used.number, "scope"), ("coverage.marked", aside.number, "scope"),
    ]  # fmt: skip
    await hidden(database, made, used)
    async with database.reading() as connection:
        assert (await connection.execute(select(SetAside.contribution_id))).scalars().all() == [aside.id]


async def test_who_wrote_is_forgotten_and_what_they_wrote_stays(database: Database) -> None:
    from app.record.following import Seen

    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text, aside = await say(database, made), await say(database, made)
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, text)
    await publish(database, rapporteur, begun.id, "final")
    async with database.writing() as session:
        await setting_aside.mark(session, rapporteur, made.id, [aside.id], "said")
    assert CONSUMERS["outcome"].react is forgetting.follow

    def seen(kind: str, subject: UUID | None) -> Seen:
        assert subject is not None
        return Seen(made.id, made.id, 1, text.created, kind, subject, {})

    async with database.writing() as session:
        assert await session.scalar(select(RecommendationVersion.written_by)) == rapporteur.person
        await forgetting.follow(session, [seen("account.erased", rapporteur.person)])
        assert await session.scalar(select(RecommendationVersion.written_by)) is None
        assert (await session.execute(select(SetAside.reason, SetAside.marked_by))).all() == [("said", None)]
        await forgetting.follow(session, [seen("contribution.erased", aside.id)])
        assert await session.scalar(select(SetAside.reason)) is None
    async with database.reading() as connection:
        assert (await readings.recommendation(connection, made.id, 1)).title == "Count the hours"
    async with database.writing() as session:
        await forgetting.remove_outcome(session, made.id)
    async with database.reading() as connection:
        assert not await readings.is_there(connection, made.id)


async def fates(database: Database, made: Made, *which: Contribution) -> list[tuple[list[int], str | None] | None]:
    async with database.reading() as connection:
        if not await coverage.is_public(connection, made.id):
            return [None for _each in which]
    found = [await coverage.fate(database, each.id) for each in which]
    return [([*each.cited], each.reason) for each in found]


async def publish_again(database: Database, made: Made, id: UUID) -> None:
    """The same as a final version."""
    from app.synthesis import actions

    async with database.writing() as session:
        await actions.revise(session, made.organiser, id)
    await publish(database, made.organiser, id, "final")
