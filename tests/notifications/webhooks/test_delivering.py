"""In order, once each when all is well, at least once whatever happens, and until the receiver is given up."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts import team
from app.accounts.models import Membership
from app.accounts.private_consultations import make_private
from app.clock import now
from app.notifications.webhooks import listing, progress
from app.notifications.webhooks.actions import replay
from app.notifications.webhooks.asked_pause import LONGEST, asked_pause
from app.notifications.webhooks.courier import Courier
from app.worker import catch_up
from tests.making import decide
from tests.notifications.conftest import MailFolder
from tests.notifications.webhooks.conftest import BASE, Hooks
from tests.notifications.webhooks.receiving import OK, Receiver, receiving

pytestmark = pytest.mark.anyio
FAILED = b"HTTP/1.1 500 Oh\r\nContent-Length: 5\r\n\r\nA\x00<b>"
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 3600\r\n\r\n"
GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"


def steps(receiver: Receiver) -> list[int]:
    """The entries that came, counted from the first one."""
    return [seq - receiver.seqs[0] for seq in receiver.seqs]


def plain_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_in_order_once_each_signed_and_as_changes_gives_them(hooks: Hooks) -> None:
    await hooks.say()
    async with receiving() as whole, receiving() as decisions:
        webhook = await hooks.to(whole)
        await hooks.to(decisions, "decision.made")
        await hooks.bring()
        assert whole.seqs == []  # what was there before is not sent
        await hooks.say(4)
        first = webhook.cursor + 1
        await hooks.bring()
        await decide(hooks.database, hooks.made, "hide", whole.bodies[0]["contribution"]["id"])
        await hooks.bring()
        await hooks.bring()
        assert whole.seqs == list(range(first, first + 6))
        assert [body["kind"] for body in decisions.bodies] == ["decision.made"]
        assert len(set(whole.ids)) == 6
        assert whole.bodies[0]["contribution"]["url"].startswith(f"{BASE}/c/{hooks.made.slug}/")
        assert {body["kind"]: body["contribution"] for body in whole.bodies}["contribution.hidden"] is None
        assert f"Host: 127.0.0.1:{whole.port}\r\n" in whole.heads[0]
        assert whole.heads[0].startswith("POST /hook?of=ours ")
        view = await hooks.view(webhook)
        oldest = view.attempts[-1]
        assert (oldest.seq, oldest.status, oldest.answer) == (first, 200, "Thanks")
        assert (view.cursor, view.failing_since, view.paused) == (first + 5, None, None)
        async with hooks.database.writing() as session:
            await replay(session, hooks.made.organiser, hooks.made.id, webhook.id, first)
        await hooks.bring()
        assert whole.ids[6:] == whole.ids[:6]


async def test_after_a_crash_it_comes_again_with_the_same_id(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(*_given: Any) -> bool:
        raise RuntimeError("the process dies before the outcome is kept")

    async with receiving() as receiver:
        await hooks.to(receiver)
        await hooks.say(2)
        with monkeypatch.context() as dying:
            dying.setattr(progress, "note", crash)
            await hooks.bring()
            await hooks.bring()  # not at once, over and over
        hooks.courier = Courier(hooks.database, BASE)  # that of the next process
        await hooks.bring()
    assert steps(receiver) == [0, 0, 1]
    assert receiver.ids[0] == receiver.ids[1] != receiver.ids[2]


async def test_what_is_not_taken_is_tried_again_later_and_nothing_overtakes_it(hooks: Hooks) -> None:
    async with receiving(FAILED, FAILED, OK) as receiver:
        webhook = await hooks.to(receiver)
        await hooks.say(2)
        await hooks.bring()
        await hooks.bring()  # not before it is due
        first = await hooks.view(webhook)
        assert [(each.status, each.answer) for each in first.attempts] == [(500, "A <b>")]
        assert first.due is not None and timedelta(0) < first.due - now() <= timedelta(seconds=5)
        await hooks.wait_is_over(webhook)
        await hooks.bring()
        second = await hooks.view(webhook)
        assert second.due is not None and second.due - now() > timedelta(seconds=20)
        assert second.failing_since == first.failing_since
        await hooks.wait_is_over(webhook)
        await hooks.bring()
        assert steps(receiver) == [0, 0, 0, 1]
        assert (await hooks.view(webhook)).failing_since is None


async def test_a_busy_one_is_left_alone_for_as_long_as_it_asks(hooks: Hooks) -> None:
    async with receiving(BUSY) as receiver:
        webhook = await hooks.to(receiver)
        await hooks.say()
        await hooks.bring()
        due = (await hooks.view(webhook)).due
        assert due is not None and timedelta(seconds=3500) < due - now() <= timedelta(hours=1)


def test_only_a_pause_that_is_said_clearly_is_kept_and_none_is_endless() -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    expected = {
        b"120": timedelta(minutes=2), b"Wed, 25 Nov 2026 12:30:00 GMT": timedelta(minutes=30), b"0": timedelta(0),
        b"Wed, 25 Nov 2026 11:00:00 GMT": timedelta(0), b"9" * 5_000: LONGEST, b"999999999": LONGEST,
        b"-5": timedelta(0), b"soon": timedelta(0), b"\xb2": timedelta(0), b"": timedelta(0),
        b"Mon, 31 Dec 9999 23:59:59 -2359": LONGEST,
    }  # fmt: skip
    for value, pause in expected.items():
        for status in (429, 503):
            assert asked_pause(status, [(b"Retry-After", value)], noon) == pause, value
    assert asked_pause(500, [(b"Retry-After", b"120")], noon) == timedelta(0)
    assert asked_pause(503, [(b"retry-after", b"120")] * 2, noon) == timedelta(0)


async def test_a_dead_one_is_paused_and_its_owner_told(hooks: Hooks, mail_folder: MailFolder) -> None:
    async with receiving(FAILED) as receiver, receiving(GONE) as leaving:
        dead, gone = await hooks.to(receiver), await hooks.to(leaving)
        await hooks.say()
        await hooks.bring()
        almost = now() - progress.GIVEN_UP_AFTER + timedelta(minutes=1)
        await hooks.wait_is_over(dead, failing_since=almost, failures=9)
        await hooks.bring()
        view = await hooks.view(dead)
        assert view.paused is None and view.due is not None and view.due - now() <= timedelta(minutes=1)
        await hooks.wait_is_over(dead, failing_since=now() - progress.GIVEN_UP_AFTER)
        await hooks.bring()
        assert (await hooks.view(dead)).paused and (await hooks.view(gone)).paused
        await hooks.say()
        await hooks.bring()
        assert len(receiver.seqs) == 3 and len(leaving.seqs) == 1
        await catch_up(hooks.database, BASE)
        mails = mail_folder.mails()
        assert [mail["To"] for mail in mails] == ["moderator-c@example.org"] * 2
        texts = [plain_text(mail) for mail in mails]
        assert all(f"{BASE}/c/{hooks.made.slug}/moderate/webhooks" in text for text in texts)
        assert any(receiver.url in text for text in texts)
        receiver.answers = [OK]
        async with hooks.database.writing() as session:
            await replay(session, hooks.made.moderator, hooks.made.id, dead.id)
        await hooks.bring()
        assert steps(receiver) == [0, 0, 0, 0, 1]


async def test_one_of_a_private_consultation_brings_nothing_to_who_is_no_member_any_more(
    hooks: Hooks, mail_folder: MailFolder
) -> None:
    async with hooks.database.writing() as session:
        await make_private(session, hooks.made.id, "invited", None)
    async with receiving() as receiver:
        webhook = await hooks.to(receiver)
        await hooks.say()
        await hooks.bring()
        had = len(receiver.seqs)
        assert had > 0
        async with hooks.database.writing() as session:
            held = (await session.scalars(select(Membership.id).where(Membership.role == "moderator"))).one()
            await team.revoke(session, hooks.made.organiser, hooks.made.id, held)
        await hooks.say()
        await hooks.bring()
        assert len(receiver.seqs) == had
    async with hooks.database.writing() as session:
        view = await listing.webhook_of(session, hooks.made.organiser, hooks.made.id, webhook.id)
    assert view.paused is not None
    await catch_up(hooks.database, BASE)
    assert not any("webhook" in str(mail["Subject"]) for mail in mail_folder.mails())
