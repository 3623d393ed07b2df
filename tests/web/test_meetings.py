"""Meetings on pages: forms that keep what is typed and post once, provenance in words, the source's own page."""

from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from app.clock import new_id
from app.contributions.models import Contribution, Draft
from app.database import Database
from app.meetings import sources
from app.meetings.models import Meeting, Source
from tests.contributions.stored import kinds
from tests.making import AFTER, SLUG, Made, decide
from tests.meetings.reporting import points, report, transcribe, waiting
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
HOME = f"/c/{SLUG}"
FORM, ONE = f"{HOME}/meetings/new", f"{HOME}/moderate/transcribe"


def point(at: int, **more: str) -> dict[str, str]:
    given = {"about": "inclusion.a", "body": f"Sample point {at}.", "kind": "proposal", "said": "report-back",
             "consent": "none", "name": "", "organisation": "", "organisation_kind": "other", "title": ""}  # fmt: skip
    return {f"points.{at}.{name}": value for name, value in (given | more).items()}


def filled(*more: dict[str, str], **fields: str) -> dict[str, str]:
    meeting = {"id": str(new_id()), "title": "Meeting in Quezon City", "date": "2016-09-13",
               "place": "Quezon City, Philippines", "attendance": "22", "organisations": "11", "language": "en",
               "do": "send"}  # fmt: skip
    for each in more or (point(0),):
        meeting |= each
    return meeting | fields


async def count(database: Database, table: Any) -> int:
    async with database.writing() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_report_is_sent_once_and_stands_on_pages(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient
) -> None:
    moderator = await browse(made.moderator)
    speaker = {"consent": "name:spoken", "name": "Sample speaker", "said": "floor", "about": AFTER}
    form = filled(point(0), point(2, body=" "), point(5, **speaker), id=hidden(await moderator.get(FORM), "id"))
    first, second = await moderator.post(FORM, data=form), await moderator.post(FORM, data=form)
    assert first.status_code == second.status_code == 303, first.text
    assert first.headers["location"] == second.headers["location"]
    assert (await count(database, Meeting), await count(database, Contribution)) == (1, 2)
    page = await stranger.get(first.headers["location"].partition("?")[0])
    assert page.status_code == 200 and heading(page) == "Meeting in Quezon City"
    for words in ("22 people", "from 11 organisations", "13 September 2016", "From the floor", "In the report-back"):
        assert words in page.text, words
    listed = (await stranger.get(f"{HOME}/meetings")).text
    assert "22 people" in listed and "2 contributions" in listed and "moderate" not in listed
    one, two = [(await stranger.get(f"{HOME}/{number}")).text for number in (1, 2)]
    assert "A participant" in one and "as transcribed" in one and "in a report-back" in one
    assert "Sample speaker" in two and "from the floor" in two and "Quezon City, Philippines" in two


async def test_a_refused_report_comes_back_with_everything_typed(
    browse: Browse, database: Database, made: Made
) -> None:
    moderator = await browse(made.moderator)
    bad = {"name": "Sample speaker", "title": "A title to keep"}
    answer = await moderator.post(FORM, data=filled(point(0), point(3, **bad), date="soon", attendance="many"))
    assert answer.status_code == 422
    for words in ("Meeting in Quezon City", "Sample point 0.", "Sample point 3.", "Sample speaker", "A title to keep",
                  "many", "Please write a whole number from 1 to 1,000,000"):  # fmt: skip
        assert words in answer.text, words
    answer = await moderator.post(FORM, data=filled(point(0), point(3, **bad)))
    assert "Nobody is named without a recorded consent" in answer.text and 'id="e-points.1.consent"' in answer.text
    answer = await moderator.post(FORM, data=filled(point(0, about="")))
    assert 'href="#f-points.0.about"' in answer.text and "choose a guiding question" in answer.text
    assert await count(database, Meeting) == 0


async def test_more_points_without_a_script(browse: Browse, database: Database, made: Made) -> None:
    moderator = await browse(made.moderator)
    form = filled(point(0), point(1), point(2, body=""))
    page = await moderator.post(FORM, data=form | {"do": "more"})
    assert page.status_code == 200 and page.text.count('.body" rows') == 6
    assert "Sample point 0." in page.text and hidden(page, "id") == form["id"]
    assert await count(database, Meeting) == 0
    many: dict[str, str] = {}
    for at in range(50):
        many |= point(at)
    page = await moderator.post(FORM, data=filled(many) | {"do": "more"})
    assert page.text.count('.body" rows') == 50 and 'value="more"' not in page.text
    assert (await moderator.post(FORM, data=filled(many))).status_code == 303
    assert await count(database, Contribution) == 50


async def test_a_draft_of_a_report_is_kept_and_found_again(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient
) -> None:
    author = await browse(made.participant)
    kept = await author.post(FORM, data=filled(do="draft"))
    address = kept.headers["location"].replace("&done=draft", "")
    assert address in (await author.get("/me")).text
    page = await author.get(address)
    assert "Sample point 0." in page.text
    sent = await author.post(FORM, data=filled(id=hidden(page, "id")))
    assert sent.status_code == 303 and await count(database, Draft) == 0
    lost = await stranger.post(FORM, data=filled())
    assert lost.status_code == 303 and lost.headers["location"].startswith("/sign-in?onward=")
    assert await count(database, Draft) == 1
    assert (await stranger.get(FORM)).headers["location"].startswith("/sign-in")


async def test_a_participants_report_waits_and_is_theirs_to_see(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient
) -> None:
    author = await browse(made.participant)
    sent = await author.post(FORM, data=filled())
    address = sent.headers["location"].partition("?")[0]
    assert "Waits for a moderator" in (await author.get(address)).text
    for other in (stranger, await browse(made.other)):
        assert (await other.get(address)).status_code == 404
        assert "Quezon" not in (await other.get(f"{HOME}/meetings")).text
    moderator = await browse(made.moderator)
    assert (await moderator.get(address)).status_code == 200
    desk = (await moderator.get(f"{HOME}/moderate")).text
    assert "Said at:" in desk and "22 people" in desk and "becomes public with the first point" in desk
    refused = await (await browse(made.other)).post(FORM, data=filled())
    assert refused.status_code == 403 and "Sample point 0." in refused.text
    async with database.writing() as session:
        id = await session.scalar(select(Contribution.id))
    assert isinstance(id, UUID)
    await decide(database, made, "approve", id, (await waiting(database, await _text(database, id))).id)
    page = await stranger.get(address)
    assert page.status_code == 200 and "Sample network" in page.text


async def test_one_text_is_entered_and_only_by_moderators(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient
) -> None:
    moderator = await browse(made.moderator)
    form = {"id": hidden(await moderator.get(ONE), "id"), "channel": "paper", "date": "2016-09-01", "place": "Manila",
            "source_title": "Form 7", "source_url": "https://example.org/7", "language": "en"} | point(0)  # fmt: skip
    bad = await moderator.post(ONE, data=form | {"date": "", "points.0.about": ""})
    assert bad.status_code == 422 and "Sample point 0." in bad.text and 'href="#f-points.0.about"' in bad.text
    for _time in range(2):
        sent = await moderator.post(ONE, data=form)
        assert sent.headers["location"] == f"{HOME}/1?done=transcribed"
    changed = await moderator.post(ONE, data=form | {"points.0.body": "Read once more."})
    assert changed.status_code == 409 and "\nRead once more.</textarea>" in changed.text
    assert "This was sent already; you changed it since." in changed.text
    assert "for a stated reason" not in (await moderator.get(f"{HOME}/1/edit")).text, "nobody here said it"
    page = (await stranger.get(f"{HOME}/1")).text
    for words in ("sent on paper: 1 September 2016", "Manila", 'href="https://example.org/7" rel="nofollow"'):
        assert words in page, words
    meeting = await report(database, made)
    assert str(meeting.id) in (await moderator.get(f"{ONE}?meeting={meeting.id}")).text
    participant = await browse(made.participant)
    assert (await participant.get(ONE)).status_code == (await participant.post(ONE, data=form)).status_code == 403
    assert (await stranger.get(ONE)).status_code == 303


async def test_the_source_reads_confirms_once_and_the_page_says_so(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient
) -> None:
    text = await transcribe(database, made)
    moderator, address = await browse(made.moderator), f"{HOME}/{text.number}"
    assert f'href="{address}/source"' in (await moderator.get(address)).text
    assert f'href="{address}/source"' not in (await stranger.get(address)).text
    assert (await moderator.get(f"{address}/source")).status_code == 200
    assert (await (await browse(made.participant)).get(f"{address}/source")).status_code == 403
    bad = await moderator.post(f"{address}/source", data={"email": "nobody", "language": "en"})
    assert bad.status_code == 422 and "not a mail address" in bad.text
    sent = await moderator.post(f"{address}/source", data={"email": "source@example.org", "language": "en"})
    assert sent.headers["location"] == f"{address}/source?done=asked"
    asked = await moderator.get(f"{address}/source")
    assert "not answered yet" in asked.text and "source@example.org" not in asked.text
    link = await _link(database)
    for _look in range(2):
        page = await stranger.get(link)
        assert page.status_code == 200 and "City desks for newcomers." in page.text
        assert page.headers["referrer-policy"] == "same-origin" and "no-store" in page.headers["cache-control"]
    assert (await stranger.get(link[:-1] + ("0" if link[-1] != "0" else "1"))).status_code == 404
    answer = {"revision": hidden(page, "revision"), "answer": "right"}
    assert (await stranger.post(link, data=answer | {"answer": "perhaps"})).status_code == 400
    assert (await stranger.post(link, data=answer | {"revision": str(new_id())})).status_code == 409
    assert heading(await stranger.post(link, data=answer)) == "Thank you"
    assert heading(await stranger.post(link, data=answer)) == "This link is over"
    over = await stranger.get(link)
    assert over.status_code == 410 and "City desks" not in over.text
    assert "confirmed by the source on" in (await stranger.get(address)).text
    assert await kinds(database, made) == ["contribution.published", "contribution.updated"]


async def test_moderators_read_what_a_source_says_is_wrong(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient
) -> None:
    [text, *_others] = await points(database, await report(database, made))
    moderator = await browse(made.moderator)
    await moderator.post(f"{HOME}/{text.number}/source", data={"email": "source@example.org", "language": "en"})
    link = await _link(database)
    page = await stranger.get(link)
    answer = {"revision": hidden(page, "revision"), "answer": "wrong", "words": "I said <b>two</b> desks."}
    assert (await stranger.post(link, data=answer | {"words": "x" * 2_001})).status_code == 422
    assert (await stranger.post(link, data=answer)).status_code == 200
    listed = (await moderator.get(f"{HOME}/moderate/sources")).text
    assert "says that it is wrong" in listed and "I said &lt;b&gt;two&lt;/b&gt; desks." in listed
    assert (await (await browse(made.participant)).get(f"{HOME}/moderate/sources")).status_code == 403
    assert "as transcribed" in (await stranger.get(f"{HOME}/{text.number}")).text


async def test_addresses_of_nothing(stranger: AsyncClient, made: Made) -> None:
    for path in (f"{HOME}/meetings/{new_id()}", f"{HOME}/meetings/x", f"/source/{new_id()}/x", "/source/x/y",
                 "/c/nothing/meetings"):  # fmt: skip
        answer: Response = await stranger.get(path)
        assert answer.status_code == 404, path


async def _text(database: Database, id: UUID) -> Contribution:
    async with database.writing() as session:
        found = await session.get(Contribution, id)
        assert found is not None
        return found


async def _link(database: Database) -> str:
    async with database.writing() as session:
        id = await session.scalar(select(Source.id))
    assert id is not None
    return sources.link_path(id)
