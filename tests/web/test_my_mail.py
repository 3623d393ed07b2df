"""What one chooses to be mailed about, the next digest, the last mails, an address that fails: for oneself alone."""

import pytest
from sqlalchemy import func, select

from app import clock, errors
from app.clock import new_id
from app.config import settings
from app.database import Database
from app.notifications.bouncing import address_failed
from app.notifications.mailboxes import commands_address
from app.notifications.models import Delivery, Digest, DigestMark, FailingAddress, NotificationSettings
from app.notifications.preferences import Preferences, choose
from app.permissions import ANYONE
from app.worker import catch_up
from tests.making import AFTER, SLUG, Made, decide, say
from tests.people import ServiceLog
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
MINE = "/me/notifications"
CHOSEN = {"do": "mail", "digest": "daily", "replies": "weekly", "dates": "never", "outcome": "at_once", "hour": "17"}


async def test_one_chooses_and_what_is_no_choice_is_refused(
    browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, moderator, log = await browse(made.other), await browse(made.moderator), ServiceLog(database)
    page = (await other.get(MINE)).text
    assert 'value="8" selected>08:00' in page and "as a moderator" not in page
    assert "What waits for you as a moderator" in (await moderator.get(MINE)).text
    for wrong in ({"hour": "24"}, {"hour": "-1"}, {"hour": "٣"}, {"hour": "9" * 50}, {"replies": "hourly"},
                  {"dates": ""}, {"outcome": "daily"}, {"digest": "\x00"}, {"waiting": "weekly"}):  # fmt: skip
        assert (await other.post(MINE, data=CHOSEN | wrong)).status_code == 422, wrong
    kinds = await log.kinds()
    assert (await other.post(MINE, data=CHOSEN)).headers["location"] == f"{MINE}?done=saved#mail"
    assert (await other.post(MINE, data=CHOSEN)).status_code == 303
    assert await log.kinds() == [*kinds, "subscription.changed"], "a second time changes nothing"
    page = (await other.get(MINE)).text
    assert 'value="17" selected' in page and 'value="weekly" selected' in page
    assert 'value="8" selected' in (await moderator.get(MINE)).text
    assert "WITHDRAW" not in page
    monkeypatch.setenv("PLENARY_MAIL_DOMAIN", "mail.example.org")
    settings.cache_clear()
    page = (await other.get(MINE)).text
    assert "WITHDRAW" in page and (commands_address() or "") in page
    async with database.writing() as session:
        with pytest.raises(errors.Unauthenticated):
            await choose(session, ANYONE, Preferences())


async def test_the_next_digest_is_seen_before_it_is_sent(browse: Browse, database: Database, made: Made) -> None:
    other = await browse(made.other)
    await other.post(f"/c/{SLUG}/follow", data={"topic": AFTER})
    assert "none would be sent" in (await other.get(MINE)).text
    said, hidden = await say(database, made, title="Language classes"), await say(database, made, title="Soon hidden")
    await decide(database, made, "hide", hidden.id)
    page = (await other.get(MINE)).text
    assert "What it would say now" in page and "Language classes" in page and "Soon hidden" not in page
    async with database.writing() as session:
        for kind in ("news", "decision"):
            session.add(Delivery(key=f"{kind}-{new_id()}", kind=kind, subject=said.id, person_id=made.other.person,
                                 due=None, sent=said.created))  # fmt: skip
    page = (await other.get(MINE)).text
    assert f'A new contribution: <a href="/c/{SLUG}/1"' in page and "A decision about what you wrote" in page
    assert "A new contribution:" not in (await (await browse(made.participant)).get(MINE)).text
    assert (await other.post(MINE, data={"do": "seen"})).status_code == 303
    assert "none would be sent" in (await other.get(MINE)).text


async def test_an_address_that_fails_is_told_of_and_all_goes_with_the_account(
    browse: Browse, database: Database, made: Made
) -> None:
    other = await browse(made.other)
    assert made.other.person is not None
    async with database.writing() as session:
        await address_failed(session, made.other.person, "complaint", permanent=False)
    assert "No mail is sent to this address" in (await other.get("/me")).text
    assert "was reported as unwanted" in (await other.get(MINE)).text
    held = (await other.get("/me/data/download")).json()["mail"]
    assert held["address"]["why"] == "complaint" and held["replies"] == "at_once"
    assert (await other.post(MINE, data={"do": "again"})).headers["location"] == f"{MINE}?done=again"
    assert "No mail is sent to this address" not in (await other.get("/me")).text
    await say(database, made, actor=made.other)
    await other.post(MINE, data=CHOSEN)  # from here on replies count for digests
    async with database.writing() as session:
        await address_failed(session, made.other.person, "bounce", permanent=True)
        session.add(Digest(person_id=made.other.person, day=clock.now().date()))
        assert await session.scalar(select(func.count()).select_from(DigestMark)) == 2
    assert (await other.post("/me/data/erase", data={"texts": "keep", "sure": "yes"})).status_code == 303
    await catch_up(database, "https://plenary.example.org")
    async with database.writing() as session:
        for table in (NotificationSettings, FailingAddress, Digest, DigestMark):
            query = select(func.count()).select_from(table).where(table.person_id == made.other.person)
            assert await session.scalar(query) == 0, table
