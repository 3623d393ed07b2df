"""Screening on pages: to the author an honest word, to moderators the reasons, to the public nothing."""

import re

import pytest
from httpx import AsyncClient

from app.database import Database
from tests.contributions.screened import LINKS, screen_with
from tests.making import AFTER, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_writing import FORM, filled

pytestmark = pytest.mark.anyio
QUEUE = f"/c/{SLUG}/moderate/queue"


def plain(page: str) -> str:
    """A page without what differs between any two texts: identifiers, the text, the moment."""
    return re.sub(r'[0-9a-f]{8}-[0-9a-f-]{27}|<div class="text".*?</div>|<time.*?</time>', "", page, flags=re.DOTALL)


async def test_a_field_that_people_do_not_see_is_in_every_form(browse: Browse, database: Database, made: Made) -> None:
    said = await say(database, made)
    author = await browse(made.participant)
    for address in (f"{FORM}?topic={AFTER}", f"/c/{SLUG}/{said.number}", f"/c/{SLUG}/{said.number}/edit"):
        page = (await author.get(address)).text
        [field] = re.findall(r'<div class="aside" aria-hidden="true">.*?</div>', page)
        assert 'name="website" value="" tabindex="-1" autocomplete="off"' in field


async def test_what_a_program_filled_in_waits_and_looks_like_all_that_waits(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    author = await browse(made.participant)
    trapped = await author.post(FORM, data=filled(website="https://shop.example", body="What we learned."))
    linked = await author.post(FORM, data=filled(body=LINKS))
    assert trapped.status_code == linked.status_code == 303
    assert trapped.headers["location"].endswith("done=waits")
    pages = [(await author.get(answer.headers["location"])).text for answer in (trapped, linked)]
    assert plain(pages[0]) == plain(pages[1])
    assert "An automatic check" in pages[0] and "honeypot" not in pages[0]
    moderator = await browse(made.moderator)
    queue = (await moderator.get(QUEUE)).text
    assert "a field was filled in that people do not see" in queue
    assert "4 links, and 1 words beside them" in queue
    for page in (f"/c/{SLUG}", f"/c/{SLUG}/topics/{AFTER}", f"/c/{SLUG}/record", "/"):
        shown = (await stranger.get(page)).text
        assert "Five years" not in shown and "automatic check noticed" not in shown


async def test_a_filled_in_field_is_kept_through_a_draft(browse: Browse, database: Database, made: Made) -> None:
    author = await browse(made.participant)
    kept = await author.post(FORM, data=filled(website="x", do="draft"))
    assert 'name="website" value="x"' in (await author.get(kept.headers["location"])).text


async def test_an_edit_that_waits_is_said_to_while_the_public_text_stays(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    said = await say(database, made)
    author, address = await browse(made.participant), f"/c/{SLUG}/{said.number}"
    sent = filled(body=LINKS, title="A proposal", based_on="1")
    assert (await author.post(f"{address}/edit", data=sent)).status_code == 303
    assert "An automatic check lets your edit wait" in (await author.get(address)).text
    shown = (await stranger.get(address)).text
    assert "shop1.example" not in shown and "automatic check lets" not in shown


async def test_first_contributions_are_said_to_wait_as_everyones_do(
    browse: Browse, database: Database, made: Made
) -> None:
    await screen_with(database, "first_waits = true")
    author = await browse(made.participant)
    answer = await author.post(FORM, data=filled())
    page = (await author.get(answer.headers["location"])).text
    assert "as everyone’s first contributions here do" in page and "unwanted" not in page
