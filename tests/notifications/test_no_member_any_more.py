"""Who is no member of a private consultation any more is told nothing of it, whatever they had a part in before."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from app.accounts import team
from app.accounts.actions import grant_role
from app.accounts.models import Membership
from app.accounts.private_consultations import make_private
from app.database import Database
from app.moderation.audience import To
from app.permissions import OPERATOR
from app.worker import catch_up
from tests.making import AFTER, Made, decide, make, say
from tests.meetings.planning import BOTH, COMING, LINK, announce, change, register
from tests.moderation.asking import flag
from tests.moderation.inviting import invite
from tests.notifications.conftest import MailFolder

pytestmark = pytest.mark.anyio
BASE = "https://plenary.example"
ONLINE = replace(BOTH, capacity=9)


@dataclass(frozen=True)
class Circle:
    """A private consultation with two members, who both wrote, and the mails that they get."""

    database: Database
    made: Made
    folder: MailFolder

    async def leaves(self) -> None:
        """An organiser takes the participant's membership back."""
        async with self.database.writing() as session:
            mine = Membership.person_id == self.made.participant.person
            held = (await session.scalars(select(Membership.id).where(mine))).one()
            await team.revoke(session, self.made.organiser, self.made.id, held)

    async def told(self, who: str = "participant-a") -> list[str]:
        """The subjects of the mails to somebody, but for the one that says that a membership is over."""
        await catch_up(self.database, BASE)
        mails = [mail for mail in self.folder.mails() if mail["To"] == f"{who}@example.org"]
        return [str(mail["Subject"]) for mail in mails if "role" not in str(mail["Subject"]).lower()]


@pytest.fixture
async def circle(database: Database, mail_folder: MailFolder) -> Circle:
    made = await make(database)
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
        for who in ("participant-a", "participant-b"):
            await grant_role(session, OPERATOR, f"{who}@example.org", "participant", made.id)
    for actor in (made.participant, made.other):
        await say(database, made, actor=actor)
    return Circle(database, made, mail_folder)


async def test_where_a_meeting_is(circle: Circle) -> None:
    planned = await announce(circle.database, circle.made, ONLINE)
    for actor in (circle.made.participant, circle.made.other):
        await register(circle.database, circle.made, planned, actor, replace(COMING, attends="online"))
    before = {who: await circle.told(who) for who in ("participant-a", "participant-b")}
    await circle.leaves()
    await change(circle.database, circle.made, planned, replace(ONLINE, link=f"{LINK}-2"), planned.sequence)
    assert await circle.told() == before["participant-a"]
    assert len(await circle.told("participant-b")) == len(before["participant-b"]) + 1


@pytest.mark.parametrize("first", ["sent", "left"])
async def test_what_moderators_write_to_its_authors(circle: Circle, first: str) -> None:
    before = await circle.told()
    if first == "left":
        await circle.leaves()
    await invite(circle.database, circle.made, To(topic=AFTER))
    if first == "sent":
        await circle.leaves()
    assert await circle.told() == before
    assert any("A moderator writes to you" in subject for subject in await circle.told("participant-b"))


async def test_what_became_of_a_report(circle: Circle) -> None:
    theirs = await say(circle.database, circle.made, actor=circle.made.other)
    await flag(circle.database, circle.made.participant, theirs.id)
    before = await circle.told()
    await circle.leaves()
    await decide(circle.database, circle.made, "hide", theirs.id)
    assert await circle.told() == before
