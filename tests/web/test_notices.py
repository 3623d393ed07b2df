"""Notices on pages and in feeds: posted, previewed, revised, translated, taken back; and who is refused."""

import re

import pytest
from httpx import AsyncClient

from app.clock import new_id
from app.database import Database
from tests.consultations.publishing import posted
from tests.making import SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.pages import heading

pytestmark = pytest.mark.anyio
C, DESK = f"/c/{SLUG}", f"/c/{SLUG}/organise/notices"


def filled(**more: str) -> dict[str, str]:
    return {
        "id": str(new_id()), "kind": "next-step", "title": "The <b>report</b>", "body": "It is *out*.",
        "language": "en", "date": "2016-09-13", "do": "post",
    } | more  # fmt: skip


async def test_the_life_of_a_notice(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:  # fmt: skip
    await say(database, made)
    organiser = await browse(made.organiser)
    preview = await organiser.post(DESK, data=filled(do="preview"))
    assert "<em>out</em>" in preview.text and "not sent yet" in preview.text
    before = await stranger.get(C)
    assert "The &lt;b&gt;report" not in before.text
    sent = filled()
    for _time in range(2):  # a double click
        assert (await organiser.post(DESK, data=sent)).headers["location"] == f"{DESK}?done=posted"
    after = await stranger.get(C)
    assert after.headers["etag"] != before.headers["etag"]
    [address] = set(re.findall(rf'href="({C}/notices/[0-9a-f-]+)"', after.text))
    assert "The &lt;b&gt;report" in after.text and "It is out." in after.text and "13 September 2016" in after.text
    page = await stranger.get(address)
    assert heading(page) == "The <b>report</b>" and "<em>out</em>" in page.text
    feed = (await stranger.get(f"{C}/feed.json")).json()
    assert [item["title"] for item in feed["items"]] == ["The <b>report</b>", "A proposal"]
    assert (
        feed["items"][0]["url"].endswith(address)
        and "The &lt;b&gt;report" in (await stranger.get(f"{C}/feed.atom")).text
    )
    one = f"{DESK}/{address.rpartition('/')[2]}"
    french = filled(title="Le rapport", body="Il est paru.", language="fr", do="save")
    assert "Translate: French" in (await organiser.get(one)).text
    assert (await organiser.post(one, data=french)).headers["location"] == f"{DESK}?done=revised"
    assert heading(await stranger.get(f"{address}?lang=fr")) == "Le rapport"
    assert "Il est paru." in (await organiser.get(f"{one}?language=fr")).text
    refused = await organiser.post(one, data=french | {"body": "", "title": "Kept words"})
    assert refused.status_code == 422 and "Kept words" in refused.text
    assert (await organiser.post(one, data={"do": "remove", "reason": ""})).status_code == 422
    gone = await organiser.post(one, data={"do": "remove", "reason": "It was <not>."})
    assert gone.headers["location"] == f"{DESK}?done=taken-back"
    for path in (address, f"{C}/notices"):
        page = await stranger.get(f"{path}?lang=en")
        assert "It was &lt;not&gt;." in page.text and "report" not in re.sub("<header.*?</header>", "", page.text)
    assert address not in (await stranger.get(C)).text
    assert len((await stranger.get(f"{C}/feed.json")).json()["items"]) == 1
    assert (await organiser.post(one, data=french)).status_code == 409
    assert (await organiser.get(one)).status_code == 200


async def test_who_is_refused_and_what(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:  # fmt: skip
    notice, moderator, organiser = (
        await posted(database, made),
        await browse(made.moderator),
        await browse(made.organiser),
    )
    for path in (DESK, f"{DESK}/{notice.id}"):
        assert (await moderator.get(path)).status_code == (await moderator.post(path, data=filled())).status_code == 403
        assert "/sign-in" in (await stranger.get(path)).headers["location"]
        assert (await stranger.post(path, data=filled())).status_code == 401
    refused = await organiser.post(DESK, data=filled(kind="notice", title="", body="Kept words", date="soon"))
    assert refused.status_code == 422 and "Kept words" in refused.text and 'value="soon"' in refused.text
    refused = await organiser.post(DESK, data=filled(kind="notice"))
    assert "Only a next step has a date" in refused.text
    assert (await organiser.post(DESK, data=filled(id="x"))).status_code == 400
    for path in (f"{C}/notices/{new_id()}", f"{C}/notices/x"):
        assert (await stranger.get(path)).status_code == 404
    assert "announced nothing yet" not in (await stranger.get(f"{C}/notices")).text
