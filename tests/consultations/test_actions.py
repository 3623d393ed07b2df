"""Setting a consultation up, changing and extending it; phases that come by their dates."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock, errors
from app.consultations import actions
from app.consultations.definition import parse
from app.consultations.models import Consultation
from app.consultations.phasing import PhaseChange, change_phase
from app.database import Database
from app.language import speaking
from app.permissions import ANYONE, OPERATOR
from app.readings.consultations import consultation
from app.record.models import Entry
from tests.making import AFTER, SLUG, Made, make, say

pytestmark = pytest.mark.anyio

OPENS, CLOSES = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)

FILE = """
slug = "small"
title = "{title}"
summary = "A small consultation."
purpose = "To *test*."
expected_outcome = "None."
how_input_is_used = "It is not."
time_zone = "UTC"
languages = ["en"]
contact = "contact@example.org"
retention = "A day."
organisers = [{{name = "Sample organisers"}}]
licence = {{name = "CC BY 4.0", url = "https://creativecommons.org/licenses/by/4.0/", statement = "Others may use it."}}
controller = {{name = "Sample controller", mail = "privacy@example.org"}}
phases = [{{name = "open", starts = 2026-03-01}}, {{name = "closed", starts = {closes}}}]
rules = [{{number = 1, title = "Be kind", text = "Be kind to each other."}}]
"""
TOPICS = """
[[topics]]
slug = "one"
title = "One"
background = "About one."
policy = "after"
questions = [{key = "a", text = "What?"}]
[[topics]]
slug = "two"
title = "Two"
background = "About two."
policy = "before"
"""


async def load(database: Database, topics: str = TOPICS, title: str = "Small", closes: str = "2026-04-01") -> list[str]:
    async with database.writing() as session:
        return await actions.load_definition(session, OPERATOR, parse(FILE.format(title=title, closes=closes) + topics))


async def entries(database: Database, slug: str = "small") -> list[tuple[str, dict[str, Any]]]:
    async with database.reading() as connection:
        rows = await connection.execute(
            select(Entry.kind, Entry.payload).join(Consultation, Consultation.id == Entry.record_id)
            .where(Consultation.slug == slug).order_by(Entry.seq))  # fmt: skip
        return [(row.kind, row.payload) for row in rows]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(OPENS + timedelta(days=1))
    return set_to


async def test_a_file_makes_a_consultation_and_tells_the_record(database: Database, at: Any) -> None:
    report = await load(database)
    assert report[0] == "small: created"
    kinds = [kind for kind, _ in await entries(database)]
    assert kinds == [
        "consultation.updated",
        "topic.updated",
        "topic.updated",
        "phase.opened",
        "topic.opened",
        "topic.opened",
    ]
    async with database.reading() as connection:
        view = await consultation(connection, "small")
    assert (view.phase, view.opens, view.closes, view.days_left) == ("open", OPENS, CLOSES, 29)
    assert [question.full_key for question in view.topic("one").questions] == ["one.a"]
    assert "<em>test</em>" in view.details["purpose_html"]


async def test_loading_the_same_again_changes_nothing(database: Database, at: Any) -> None:
    await load(database)
    before = await entries(database)
    assert await load(database) == []
    assert await entries(database) == before


async def test_a_changed_file_says_what_it_changed(database: Database, at: Any) -> None:
    await load(database)
    report = await load(database, TOPICS.replace("What?", "What exactly?"), title="Small but changed")
    assert report == ["small: title changed", "topic one: question a changed"]
    assert (await entries(database))[-2:] == [
        ("consultation.updated", {"changed": ["title"]}),
        ("topic.updated", {"topic": "one", "changed": ["question a"]}),
    ]


async def test_a_topic_that_left_the_file_stays_if_it_has_contributions(database: Database) -> None:
    made = await make(database)
    await say(database, made)
    text = (await _founding()).replace('slug = "diasporas"', 'slug = "diaspora-engagement"')
    text = text.replace(".topics.diasporas]", ".topics.diaspora-engagement]")
    async with database.writing() as session:
        report = await actions.load_definition(session, OPERATOR, parse(text))
    assert any("topic diasporas" in line and "it stays" in line for line in report)
    async with database.reading() as connection:
        assert (await consultation(connection, SLUG)).topic(AFTER)


async def test_a_topic_that_nobody_used_is_removed(database: Database, at: Any) -> None:
    await load(database)
    report = await load(database, TOPICS[: TOPICS.rindex("[[topics]]")])
    assert report == ["topic two: removed, it had no contributions"]


async def test_a_closed_topic_refuses_with_its_date_and_what_remains(database: Database, at: Any) -> None:
    await load(database)
    made = await _people(database)
    at(CLOSES + timedelta(hours=1))
    with pytest.raises(errors.Closed, match=r"closed on 1 April 2026, 00:00 UTC\. .*withdraw or erase"):
        await say(database, made, topic="one")
    at(OPENS - timedelta(days=1))
    with pytest.raises(errors.Closed, match="opens on 1 March 2026"):
        await say(database, made, topic="one")
    with speaking("ru"), pytest.raises(errors.Closed, match="1 марта 2026"):
        await say(database, made, topic="one")


async def test_phases_are_entered_when_their_time_comes_once(database: Database, at: Any) -> None:
    await load(database)
    before = len(await entries(database))
    at(CLOSES)
    for _ in range(2):
        async with database.writing() as session:
            await actions.enter_due_phases(session)
    assert [kind for kind, _ in (await entries(database))[before:]] == [
        "phase.closed", "phase.opened", "topic.closed", "topic.closed",
    ]  # fmt: skip


async def test_an_extension_opens_again_and_survives_the_old_file(database: Database, at: Any) -> None:
    await load(database)
    made = await _people(database)
    at(CLOSES + timedelta(days=2))
    async with database.writing() as session:
        await actions.enter_due_phases(session)
        await change_phase(
            session, OPERATOR, made.id, PhaseChange("extend", "Many asked for it.", CLOSES + timedelta(days=14))
        )
    await say(database, made, topic="one")
    kinds = [kind for kind, _ in await entries(database)]
    assert "phase.extended" in kinds
    await load(database, title="Still small")
    async with database.reading() as connection:
        view = await consultation(connection, "small")
    assert view.closes == CLOSES + timedelta(days=14)
    assert [extension.reason for extension in view.extensions] == ["Many asked for it."]
    payload = next(payload for kind, payload in await entries(database) if kind == "phase.extended")
    assert "Many" not in str(payload) and len(payload["hash"]) == 64


@pytest.mark.parametrize(
    ("closes", "reason", "field"),
    [(CLOSES + timedelta(days=1), " ", "reason"), (CLOSES - timedelta(days=1), "Because.", "closes"),
     (CLOSES + timedelta(days=1), "x" * 1_001, "reason")],
)  # fmt: skip
async def test_an_extension_without_sense_is_refused(
    database: Database, at: Any, closes: datetime, reason: str, field: str
) -> None:
    await load(database)
    made = await _people(database)
    with pytest.raises(errors.Invalid) as caught:
        async with database.writing() as session:
            await change_phase(session, OPERATOR, made.id, PhaseChange("extend", reason, closes))
    assert list(caught.value.fields) == [field]


async def test_only_operators_and_organisers_define_and_extend(database: Database) -> None:
    made = await make(database)
    definition = parse(await _founding())
    for actor in (ANYONE, made.participant, made.moderator):
        with pytest.raises((errors.Unauthenticated, errors.Forbidden)):
            async with database.writing() as session:
                await actions.load_definition(session, actor, definition)
        with pytest.raises((errors.Unauthenticated, errors.Forbidden)):
            async with database.writing() as session:
                await change_phase(session, actor, made.id, PhaseChange("extend", "x", CLOSES))
    async with database.writing() as session:
        assert await actions.load_definition(session, made.organiser, definition) == []


async def _founding() -> str:
    from tests.making import DEFINITIONS

    return (DEFINITIONS / f"{SLUG}.toml").read_text()


async def _people(database: Database) -> Made:
    from tests.making import make_person

    async with database.writing() as session:
        id = await session.scalar(select(Consultation.id).where(Consultation.slug == "small"))
    assert id is not None
    one = await make_person(database, "Participant A")
    return Made(id, "small", one, one, one, one)
