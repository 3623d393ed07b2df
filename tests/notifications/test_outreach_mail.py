"""Mail to people on organisers' lists that a server does not take: for good, for now, and for too long."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.notifications.models import Delivery
from app.worker import catch_up
from tests.making import make
from tests.notifications.conftest import MailServer
from tests.outreach.listing import invite, invitees

pytestmark = pytest.mark.anyio
BASE = "https://plenary.example.org"


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        ("550 5.1.1 no such user", "bounced", "unknown"),
        ("552 5.2.2 mailbox full", "bounced", "full"),
        ("554 5.7.1 go away", "bounced", "refused"),
        ("451 4.7.1 later", "waiting", None),
    ],
)
async def test_what_a_server_refuses_for_good_is_not_tried_again(
    database: Database, mail_server: MailServer, answer: str, state: str, why: str | None
) -> None:
    made = await make(database)
    mail_server.refuse["RCPT"] = answer
    await invite(database, made, "one@sample.example")
    await catch_up(database, BASE)
    [one] = await invitees(database)
    assert (one.state, one.bounced, one.email) == (state, why, "one@sample.example")
    async with database.writing() as session:
        [delivery] = await session.scalars(select(Delivery))
        assert (delivery.due is None) == (state == "bounced") and "sample.example" not in (delivery.error or "")
    if state == "waiting":
        async with database.writing() as session:
            await session.execute(update(Delivery).values(due=clock.now(), created=clock.now() - timedelta(days=4)))
        await catch_up(database, BASE)
        [one] = await invitees(database)
        assert (one.state, one.bounced) == ("bounced", "unreachable")
