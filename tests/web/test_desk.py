"""The desk: counts, filters, what is overdue, one item in context, several at once, and what bylines withhold."""

import re
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import update

from app import clock
from app.contributions.models import Contribution
from app.database import Database
from app.moderation import claims
from app.moderation.models import Flag
from tests.making import AFTER, BEFORE, SLUG, Made, make_person, say
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
DESK = f"{C}/moderate"


def counts(answer: Response) -> dict[str, int]:
    """The number beside the name of each tab."""
    tabs = answer.text.split('<nav class="tabs"')[1].split("</nav>")[0]
    return {label: int(count) for label, count in re.findall(r">([A-Z][a-z ]+) <b>(\d+)</b>", tabs)}


async def _flag(database: Database, made: Made, text: Contribution, note: str = "It names me.") -> None:
    async with database.writing() as session:
        session.add(
            Flag(consultation_id=made.id, contribution_id=text.id, person_id=made.other.person, rule="4", note=note)
        )


async def test_counts_filters_and_what_is_overdue(browse: Browse, database: Database, made: Made) -> None:
    old = await say(database, made, topic=BEFORE, title="Old text", language="fr")
    await say(database, made, topic=BEFORE, title="Young text", actor=made.other)
    await _flag(database, made, await say(database, made, topic=AFTER, title="Flagged text"))
    async with database.writing() as session:
        long_ago = clock.now() - timedelta(hours=50)
        await session.execute(update(Contribution).where(Contribution.id == old.id).values(waits_since=long_ago))
    moderator = await browse(made.moderator)
    page = await moderator.get(DESK)
    assert counts(page) == {"All": 3, "New": 2, "Edits": 0, "Flagged": 1, "Appeals": 0, "Held by a check": 0}
    assert "an answer within 48 hours" in page.text and "One is overdue." in page.text
    assert page.text.count('class="late"') == 1 and "for 2 days" in page.text
    for query, shown in (
        ("reason=flag", ["Flagged text"]), ("topic=inclusion", ["Old text", "Young text"]), ("language=fr", ["Old"]),
        ("age=overdue", ["Old text"]), ("age=24", ["Old text"]), ("organisation=Sample+network", ["Old", "Flagged"]),
        ("reason=nonsense&topic=%00", ["Old text", "Young text", "Flagged text"]), ("topic=nowhere", []),
    ):  # fmt: skip
        text = (await moderator.get(f"{DESK}?{query}")).text
        for title in ("Old text", "Young text", "Flagged text"):
            assert (title in text) == any(title.startswith(each) for each in shown), (query, title)
    assert (await moderator.get(f"{DESK}?cursor=x")).status_code == 400


async def test_an_item_in_context_is_taken_decided_and_the_next_one_opened(
    browse: Browse, database: Database, made: Made
) -> None:
    first = await say(database, made, topic=BEFORE, title="First")
    second = await say(database, made, topic=BEFORE, title="Second")
    moderator = await browse(made.moderator)
    taken = await moderator.post(f"{DESK}/{first.id}/claim", data={"x": ""})
    assert taken.headers["location"] == f"{DESK}/{first.id}?done=claimed"
    page = await moderator.get(f"{DESK}/{first.id}")
    assert "in your hands until" in page.text and "Waits for a moderator: 1" in page.text  # the author's other text
    organiser = await browse(made.organiser)
    assert "in hand with Moderator C until" in (await organiser.get(DESK)).text
    refused = await organiser.post(f"{DESK}/{first.id}/claim", data={"x": ""})
    assert refused.status_code == 409 and "Moderator C has this in hand until" in refused.text

    sent = {"act": "reject", "revision": hidden(page, "revision"), "held": "1", "place": hidden(page, "place")}
    without = await moderator.post(f"{DESK}/{first.id}", data=sent | {"note": "Mind the tone."})
    assert without.status_code == 422 and "Please give a reason" in without.text and "Mind the tone." in without.text
    done = await moderator.post(f"{DESK}/{first.id}", data=sent | {"rule": "4", "words": "1", "note": "Tone."})
    assert done.headers["location"] == f"{DESK}/{second.id}?done=reject"
    assert "in your hands until" in (await moderator.get(f"{DESK}/{second.id}")).text
    after = (await organiser.get(f"{DESK}/{first.id}")).text
    assert "Rule 4, Protect third persons:" in after and "Note: Tone." in after and "Moderator C" in after

    late = await organiser.post(f"{DESK}/{first.id}", data=sent | {"held": "", "reason": "My long reason."})
    assert late.status_code == 409 and "Nothing waits here any more" in late.text and "My long reason." in late.text


async def test_a_claim_that_lapsed_keeps_what_was_written(browse: Browse, database: Database, made: Made) -> None:
    text = await say(database, made, topic=BEFORE)
    other = await make_person(database, "Moderator E", consultation=made.id, role="moderator")
    moderator = await browse(made.moderator)
    page = await moderator.get(f"{DESK}/{text.id}")
    async with database.writing() as session:
        await claims.claim(session, other, text.id)
    sent = {"act": "reject", "revision": hidden(page, "revision"), "held": "1", "reason": "My long reason."}
    refused = await moderator.post(f"{DESK}/{text.id}", data=sent)
    assert refused.status_code == 409 and "Your claim lapsed meanwhile. Moderator E has this" in refused.text
    assert "My long reason." in refused.text and 'name="held"' not in refused.text


@pytest.mark.parametrize("byline", ["organisation", "anonymous"])
async def test_what_a_byline_withholds_is_withheld_everywhere(
    browse: Browse, database: Database, made: Made, byline: str
) -> None:
    await say(database, made, topic=BEFORE, title="Signed")
    text = await say(database, made, topic=BEFORE, title="Unsigned", byline=byline)
    moderator = await browse(made.moderator)
    page = (await moderator.get(f"{DESK}/{text.id}")).text
    assert "Withheld by the byline" in page and "Participant A" not in page
    assert ("Sample network" in page) == (byline == "organisation")
    signed = (await moderator.get(DESK)).text.split("Signed")[0]
    id = re.findall(r'id="q([0-9a-f-]{36})"', signed)[-1]
    assert "nothing else under this name" in (await moderator.get(f"{DESK}/{id}")).text


async def test_several_at_once_with_a_preview_and_one_undo(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    texts = [await say(database, made, title=f"Text {n}") for n in (1, 2)]
    for text in texts:
        await _flag(database, made, text)
    waiting = await say(database, made, topic=BEFORE, title="Waits")
    moderator = await browse(made.moderator)
    items = re.findall(r'name="item" value="([^"]+)"', (await moderator.get(DESK)).text)
    assert len(items) == 3
    preview = await moderator.post(f"{DESK}/batch", data={"together": "hide", "item": items})
    assert "2 contributions are hidden" in preview.text and "All of it can be undone together." in preview.text
    assert "It is not public" in preview.text and (await stranger.get(f"{C}/1")).status_code == 200
    again = {"together": "hide", "do": "do", "item": items[:2]}
    without = await moderator.post(f"{DESK}/batch", data=again)
    assert without.status_code == 422 and "Please give a reason" in without.text
    done = await moderator.post(f"{DESK}/batch", data=again | {"reason": "Off topic."})
    assert done.status_code == 303
    assert [(await stranger.get(f"{C}/{n}")).status_code for n in (1, 2)] == [410, 410]
    batch = done.headers["location"].partition("?")[0]
    assert "Undo all 2" in (await moderator.get(batch)).text
    undone = await moderator.post(f"{batch}/undo", data={"reason": "By mistake."})
    assert undone.status_code == 303
    assert [(await stranger.get(f"{C}/{n}")).status_code for n in (1, 2)] == [200, 200]
    assert (await moderator.post(f"{batch}/undo", data={"reason": "Again."})).status_code == 409

    value = next(item for item in items if item.startswith(str(waiting.id)))
    approve = {"together": "approve", "item": value}
    assert "This cannot be undone." in (await moderator.post(f"{DESK}/batch", data=approve)).text
    assert (await moderator.post(f"{DESK}/batch", data=approve | {"do": "do"})).status_code == 303
    assert (await stranger.get(f"{C}/3")).status_code == 200


async def test_the_desk_is_for_moderators(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    text = await say(database, made, topic=BEFORE, title="Waits")
    participant = await browse(made.participant)
    for browser, status in ((participant, 403), (stranger, 303)):
        for path in (DESK, f"{DESK}/{text.id}", f"{DESK}/{text.id}/next", f"{DESK}/batch/{text.id}"):
            answer = await browser.get(path)
            assert answer.status_code == status and "Waits" not in heading(answer), path
    sent = {"together": "approve", "item": f"{text.id}:{text.id}", "act": "approve", "revision": str(text.id)}
    for path in (f"{DESK}/{text.id}", f"{DESK}/{text.id}/claim", f"{DESK}/{text.id}/release", f"{DESK}/batch"):
        assert (await participant.post(path, data=sent)).status_code == 403, path
