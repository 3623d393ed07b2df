"""The page of webhooks: made with a form, shown with attempts and answers, let go on and removed without a script."""

import re

import pytest
from httpx import AsyncClient

from app.database import Database
from app.notifications.webhooks.models import WebhookAttempt
from app.worker import catch_up
from tests.making import SLUG, Made
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PAGE = f"/c/{SLUG}/moderate/webhooks"
URL = "https://hooks.invalid/plenary"


async def test_a_webhook_from_its_form_to_its_end(browse: Browse, database: Database, made: Made) -> None:
    browser = await browse(made.moderator)
    assert f'href="{PAGE}"' in (await browser.get(f"/c/{SLUG}/moderate")).text
    shown = await browser.post(PAGE, data={"url": URL, "kinds": ["decision.made"]})
    secret = re.search(r"whsec_[\w+/=]{40,}", shown.text)
    assert secret and shown.headers["cache-control"] == "private, no-store"
    page = (await browser.get(PAGE)).text
    assert URL in page and "decision.made" in page and secret[0] not in page
    found = re.search(r'id="w([0-9a-f-]{36})"', page)
    assert found
    async with database.writing() as session:
        answer = "<script>alert(1)</script>"
        session.add(WebhookAttempt(webhook_id=found[1], seq=7, status=500, answer=answer))
    page = (await browser.get(PAGE)).text
    assert "Entry 7: <b>500</b>" in page and "&lt;script&gt;alert(1)" in page
    async with database.writing() as session:
        session.add(WebhookAttempt(webhook_id=found[1], seq=8, status=None, answer="There is no connection."))
    assert "Il n’y a pas de connexion." in (await browser.get(f"{PAGE}?lang=fr")).text
    assert "There is no connection." in (await browser.get(f"{PAGE}?lang=en")).text
    for seq, status in (("soon", 422), ("99", 422), ("3", 303), ("", 303)):
        assert (await browser.post(f"{PAGE}/{found[1]}/replay", data={"seq": seq})).status_code == status, seq
    assert "up to 2 of" in (await browser.get(PAGE)).text
    refused = await browser.post(PAGE, data={"url": "http://10.0.0.1/kept"})
    assert refused.status_code == 422 and "10.0.0.1/kept" in refused.text and "https://" in refused.text
    held = (await browser.get("/me/data/download")).json()
    assert [each["url"] for each in held["webhooks"]] == [URL]
    assert (await browser.post(f"{PAGE}/{found[1]}/remove")).status_code == 303
    assert URL not in (await browser.get(PAGE)).text


async def test_it_goes_with_the_account_of_who_made_it(browse: Browse, database: Database, made: Made) -> None:
    moderator = await browse(made.moderator)
    assert (await moderator.post(PAGE, data={"url": URL})).status_code == 200
    assert (await moderator.post("/me/data/erase", data={"texts": "keep", "sure": "yes"})).status_code == 303
    await catch_up(database, "http://testserver")
    assert URL not in (await (await browse(made.organiser)).get(PAGE)).text


async def test_only_moderators_see_it(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    assert (await stranger.get(PAGE)).headers["location"].startswith("/sign-in")
    browser = await browse(made.participant)
    for answer in (await browser.get(PAGE), await browser.post(PAGE, data={"url": URL})):
        assert answer.status_code == 403
