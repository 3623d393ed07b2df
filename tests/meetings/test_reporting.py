"""A report: one meeting of so many people, and as many contributions as points were made."""

from dataclasses import replace

import pytest

from app import errors
from app.clock import new_id
from app.contributions import actions as writing
from app.contributions.transcripts import Speaker
from app.database import Database
from app.meetings.reports import Consent, Point, Report
from app.moderation import actions as moderation
from app.permissions import ANYONE
from app.readings.meetings import meetings as readings
from tests.contributions.stored import document, kinds, stored
from tests.making import AFTER, BEFORE, Made, make
from tests.meetings.reporting import BACK, GROUP, NAMED, PAPER, REPORT, points, report, transcribe, waiting, with_point

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def test_a_moderators_report_is_public_at_once_each_point_in_its_topic(database: Database, made: Made) -> None:
    meeting = await report(database, made)
    back, named, group = await points(database, meeting)
    assert [each.status for each in (back, named, group)] == ["published"] * 3
    assert await kinds(database, made) == ["contribution.published"] * 3
    assert await kinds(database, made, "staff") == []
    first, second, third = [await document(database, each.id) for each in (back, named, group)]
    assert first and second and third
    assert (first["topic"], second["topic"], third["topic"]) == (BEFORE, AFTER, AFTER)
    assert first["questions"] == ["inclusion.a"] and first["kind"] == "proposal" and first["channel"] == "meeting"
    assert first["title"] == "City desks for newcomers."
    assert first["provenance"] == {
        "meeting": {
            "id": str(meeting.id), "title": "Meeting in Quezon City", "date": "2016-09-13",
            "place": "Quezon City, Philippines", "attendance": 22, "organisations": 11, "held_by": None,
        },
        "said": "report-back", "date": "2016-09-13", "place": "Quezon City, Philippines",
        "consent": {"given": "none", "how": None}, "transcribed_by": {"role": "moderator", "name": None},
        "source": None, "confirmation": {"state": "transcribed", "date": None, "revision": None},
    }  # fmt: skip
    assert first["author"] is None and first["byline"] == "anonymous"
    assert second["author"]["name"] == "Sample speaker" and second["organisation"]["country"] == "PH"
    assert third["byline"] == "organisation" and third["author"] is None
    assert third["organisation"]["name"] == "Sample union" and third["organisation"]["mandate"] is None


async def test_a_meeting_counts_its_people_and_its_points_apart(database: Database, made: Made) -> None:
    meeting = await report(database, made)
    async with database.reading() as connection:
        [found] = await readings.meetings(connection, made.id)
        assert found == await readings.meeting(connection, made.id, meeting.id)
        assert (found.attendance, found.organisations) == (22, 11)
        assert (found.contributions, found.report_back, found.floor) == (3, 1, 2)
        said = await readings.said_there(connection, meeting.id)
    assert [view.number for view, _said in said] == [1, 2, 3]


async def test_the_same_name_is_one_author_and_has_no_row_of_its_own(database: Database, made: Made) -> None:
    meeting = await report(database, made, replace(REPORT, points=(NAMED, NAMED)))
    one, other = [await document(database, each.id) for each in await points(database, meeting)]
    assert one and other and one["author"] == other["author"]
    assert one["author"]["id"] != str((await points(database, meeting))[0].author_id)


@pytest.mark.parametrize(
    ("point", "field", "said"),
    [
        (replace(NAMED, consent=Consent()), "consent", "Nobody is named without a recorded consent"),
        (replace(NAMED, consent=Consent("words", "spoken")), "consent", "Nobody is named"),
        (replace(NAMED, consent=Consent("organisation", "spoken")), "consent", "Nobody is named"),
        (replace(GROUP, consent=Consent("words", "written")), "consent", "No organisation is named"),
        (replace(NAMED, consent=Consent("name")), "consent", "written or spoken"),
        (replace(NAMED, speaker=Speaker()), "name", "Who agreed to be named?"),
        (replace(GROUP, speaker=Speaker()), "organisation", "Which organisation"),
        (replace(BACK, consent=Consent("shouted")), "consent", "This is one of"),
        (replace(BACK, said="in the corridor"), "said", "report-back, floor"),
        (replace(BACK, questions=()), "topic", "choose a guiding question"),
        (replace(BACK, questions=("inclusion.z",)), "questions", "has no question"),
        (replace(BACK, topic="nothing"), "topic", "no such topic"),
        (replace(BACK, body=" \u200b"), "body", "write your text"),
        (replace(BACK, body="x" * 20_001), "body", "at most 20,000"),
        (replace(BACK, body="a\x00b"), "body", "not text"),
        (replace(BACK, kind="note"), "kind", "experience, proposal"),
        (replace(BACK, language="no tag"), "language", "language tag"),
        (replace(NAMED, speaker=replace(NAMED.speaker, organisation_country="XX")), "organisation_country", "country"),
        (replace(NAMED, speaker=replace(NAMED.speaker, organisation_kind="cult")), "organisation_kind", "one of"),
    ],
)
async def test_each_fault_of_a_point_is_told_beside_its_field(
    database: Database, made: Made, point: Point, field: str, said: str
) -> None:
    with pytest.raises(errors.Invalid) as caught:
        await report(database, made, replace(REPORT, points=(BACK, point)))
    assert said in caught.value.fields[f"points.1.{field}"], caught.value.fields
    async with database.reading() as connection:
        assert await readings.meetings(connection, made.id) == []
    assert await kinds(database, made) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (replace(REPORT, title=" "), "title"), (replace(REPORT, title="x" * 201), "title"),
        (replace(REPORT, date="13.9.2016"), "date"), (replace(REPORT, date="2116-09-13"), "date"),
        (replace(REPORT, date="1016-09-13"), "date"), (replace(REPORT, place=""), "place"),
        (replace(REPORT, attendance=0), "attendance"), (replace(REPORT, organisations=-3), "organisations"),
        (replace(REPORT, points=()), "points"), (replace(REPORT, points=(BACK,) * 51), "points"),
        (replace(REPORT, rapporteur="Sample rapporteur"), "rapporteur"),
    ],
)  # fmt: skip
async def test_each_fault_of_a_meeting_is_told(database: Database, made: Made, given: Report, field: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        await report(database, made, given)
    assert field in caught.value.fields
    assert await kinds(database, made) == []


async def test_a_report_sent_twice_is_one(database: Database, made: Made) -> None:
    id = new_id()
    first, second = [await report(database, made, id=id) for _time in range(2)]
    assert first.id == second.id == id
    assert await kinds(database, made) == ["contribution.published"] * 3
    with pytest.raises(errors.Conflict):
        await report(database, made, actor=made.organiser, id=id)
    paper = new_id()
    one, other = [await transcribe(database, made, id=paper) for _time in range(2)]
    assert one.id == other.id == paper and one.number == other.number


async def test_a_participants_report_waits_whatever_the_topics_policy(database: Database, made: Made) -> None:
    meeting = await report(database, made, actor=made.participant)
    texts = await points(database, meeting)
    assert {each.status for each in texts} == {"pending"}
    assert await kinds(database, made) == []
    assert await kinds(database, made, "staff") == ["text.waiting"] * 3
    async with database.reading() as connection:
        assert await readings.meetings(connection, made.id) == []
        with pytest.raises(errors.NotFound):
            await readings.meeting(connection, made.id, meeting.id)
    named = texts[1]
    revision = await waiting(database, named)
    async with database.writing() as session:
        await moderation.approve(session, made.moderator, named.id, revision.id)
    async with database.reading() as connection:
        [found] = await readings.meetings(connection, made.id)
        assert (found.contributions, found.held_by, found.attendance) == (1, "Sample network", 22)
    shown = await document(database, named.id)
    assert shown and shown["provenance"]["transcribed_by"] == {"role": "participant", "name": None}
    assert shown["author"]["name"] == "Sample speaker"


async def test_who_sees_a_report_that_waits(database: Database, made: Made) -> None:
    meeting = await report(database, made, actor=made.participant)
    async with database.writing() as session:
        for actor in (made.participant, made.moderator, made.organiser):
            _found, texts = await readings.reported(session, actor, made.id, meeting.id)
            assert [point.status for point in texts] == ["pending"] * 3
        for stranger in (made.other, ANYONE):
            with pytest.raises(errors.NotFound):
                await readings.reported(session, stranger, made.id, meeting.id)
        with pytest.raises(errors.NotFound):
            await readings.reported(session, made.moderator, new_id(), meeting.id)


async def test_who_may_not(database: Database, made: Made) -> None:
    suspended = replace(made.participant, suspended=frozenset({made.id}))
    reading = replace(made.moderator, scopes=frozenset({"read"}))
    for actor in (suspended, reading, replace(made.participant, complete=False)):
        with pytest.raises(errors.Forbidden):
            await report(database, made, actor=actor)
    with pytest.raises(errors.Forbidden, match="Your profile names none"):
        await report(database, made, actor=made.other)
    with pytest.raises(errors.Unauthenticated):
        await report(database, made, actor=ANYONE)
    for actor in (made.participant, replace(made.moderator, scopes=frozenset({"write"}))):
        with pytest.raises(errors.Forbidden):
            await transcribe(database, made, actor=actor)


async def test_names_are_shown_by_choice_and_with_consent(database: Database, made: Made) -> None:
    given = replace(REPORT, signed=True, rapporteur="Sample rapporteur", rapporteur_agreed=True, held_by="Sample host")
    meeting = await report(database, made, given)
    [first, *_others] = await points(database, meeting)
    assert first.provenance and first.provenance["transcribed_by"] == {"role": "moderator", "name": "Moderator C"}
    assert first.provenance["meeting"]["held_by"] == "Sample host"
    async with database.reading() as connection:
        assert (await readings.meeting(connection, made.id, meeting.id)).rapporteur == "Sample rapporteur"


async def test_one_text_from_paper_with_its_source_or_from_a_meeting_known_before(
    database: Database, made: Made
) -> None:
    cited = replace(PAPER, source_title="Form 7", source_url="https://example.org/7", confirmed=True)
    text = await transcribe(database, made, cited)
    shown = await document(database, text.id)
    assert shown and shown["channel"] == "paper" and shown["provenance"]["said"] is None
    assert shown["provenance"]["source"] == {"title": "Form 7", "url": "https://example.org/7"}
    assert shown["provenance"]["confirmation"]["state"] == "confirmed"
    meeting = await report(database, made, with_point(BACK))
    later = await transcribe(database, made, replace(PAPER, channel="meeting", meeting=meeting.id, point=NAMED))
    assert [each.id for each in await points(database, meeting)][-1] == later.id
    assert later.provenance and later.provenance["meeting"]["attendance"] == 22
    for bad, field in (
        (replace(PAPER, meeting=meeting.id), "meeting"), (replace(PAPER, channel="web"), "channel"),
        (replace(PAPER, channel="meeting", meeting=new_id()), "meeting"),
        (replace(PAPER, source_title="x", source_url="javascript:alert(1)"), "source_url"),
        (replace(PAPER, source_url="https://example.org"), "source_title"), (replace(PAPER, date=""), "date"),
    ):  # fmt: skip
        with pytest.raises(errors.Invalid) as caught:
            await transcribe(database, made, bad)
        assert field in caught.value.fields


async def test_who_transcribed_may_edit_and_lower_the_byline(database: Database, made: Made) -> None:
    text = await transcribe(database, made, replace(PAPER, point=NAMED))
    async with database.writing() as session:
        await writing.edit(session, made.moderator, text.id, 1, {"body": "We map skills, in two cities."})
        await writing.lower_byline(session, made.moderator, text.id, "anonymous")
    shown = await document(database, text.id)
    assert shown and shown["author"] is None and shown["organisation"] is None
    assert "Sample speaker" not in str(shown) and "Sample association" not in str(shown)
    assert (await stored(database, text.id)).latest == 2
