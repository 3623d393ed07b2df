"""Reporting and appealing from the pages: who may, what is said, what others never learn."""

import pytest
from httpx import AsyncClient

from app.database import Database
from tests.making import BEFORE, SLUG, Made, curate, make_person, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"


async def test_a_text_is_reported_and_the_report_dismissed(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    said = await say(database, made)
    other, moderator, author = [await browse(who) for who in (made.other, made.moderator, made.participant)]
    assert (await stranger.get(f"{C}/1/flag")).headers["location"].startswith("/sign-in")
    assert f'href="{C}/1/flag"' in (await stranger.get(f"{C}/1")).text
    assert f'href="{C}/1/flag"' not in (await author.get(f"{C}/1")).text
    empty = await other.post(f"{C}/1/flag", data={"rule": "", "note": " "})
    assert empty.status_code == 422 and "choose the rule" in empty.text
    done = await other.post(f"{C}/1/flag", data={"rule": "4", "note": "It names a neighbour."})
    assert done.headers["location"] == f"{C}/1?done=flagged"
    again = await other.post(f"{C}/1/flag", data={"rule": "4", "note": "Once more."})
    assert again.status_code == 409 and "reported this already" in again.text and "Once more." in again.text
    assert (await author.post(f"{C}/1/flag", data={"rule": "4"})).status_code == 409
    desk = (await moderator.get(f"{C}/moderate/{said.id}")).text
    assert "It names a neighbour." in desk and "Participant B" not in desk
    dismissed = await moderator.post(f"{C}/moderate/{said.id}", data={"act": "dismiss", "reason": "Fine by rule 4."})
    assert dismissed.status_code == 303, dismissed.text
    assert "neighbour" not in (await stranger.get(f"{C}/1")).text


async def test_an_appeal_is_answered_by_somebody_else(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    said = await say(database, made)
    await curate(database, made, "hide", said.id)
    author, moderator, organiser = [await browse(who) for who in (made.participant, made.moderator, made.organiser)]
    assert f'href="{C}/1/appeal"' in (await author.get(f"{C}/1")).text
    assert (await (await browse(made.other)).get(f"{C}/1/appeal")).status_code == 403
    assert (await author.post(f"{C}/1/appeal", data={"words": ""})).status_code == 422
    sent = await author.post(f"{C}/1/appeal", data={"words": "It is a public office."})
    assert sent.headers["location"] == f"{C}/1?done=appealed"
    second = await author.post(f"{C}/1/appeal", data={"words": "Again."})
    assert second.status_code == 409 and "once" in second.text
    assert "waits for another moderator" in (await author.get(f"{C}/1/appeal")).text
    item = (await organiser.get(f"{C}/moderate/{said.id}")).text
    path = item[item.index(f"{C}/moderate/appeals/") :].split('"')[0]
    assert "somebody else answers" in (await moderator.get(path)).text
    assert (await author.get(path)).status_code == 403
    refused = await moderator.post(path, data={"outcome": "upheld", "reason": "As before."})
    assert refused.status_code == 403
    without = await organiser.post(path, data={"outcome": "overturned", "reason": ""})
    assert without.status_code == 422
    done = await organiser.post(path, data={"outcome": "overturned", "reason": "It is one."})
    assert done.status_code == 303, done.text
    assert (await stranger.get(f"{C}/1")).status_code == 200
    assert "It is one." in (await author.get(f"{C}/1/appeal")).text
    assert (await organiser.get(path)).status_code == 404


async def test_who_was_rejected_appeals_too(browse: Browse, database: Database, made: Made) -> None:
    waits = await say(database, made, topic=BEFORE)
    await curate(database, made, "reject", waits.id)
    author = await browse(made.participant)
    assert f'href="{C}/{waits.id}/appeal"' in (await author.get(f"{C}/{waits.id}")).text
    assert (await author.post(f"{C}/{waits.id}/appeal", data={"words": "Please."})).status_code == 303
    stranger_to_it = await browse(await make_person(database, "Participant E"))
    assert (await stranger_to_it.get(f"{C}/{waits.id}/appeal")).status_code == 404
