"""The report is out, and all is archived: what stays possible, what is refused, and what a later load makes of it."""

from datetime import timedelta
from typing import Any

import pytest

from app import errors
from app.contributions import actions
from app.database import Database
from app.endorsements.actions import endorse
from app.moderation import erasing
from app.moderation.actions import VERBS
from app.moderation.deciding import Grounds
from app.permissions import Actor
from tests.consultations.test_actions import OPENS, _people, at, entries, load
from tests.consultations.test_phasing import act, view
from tests.making import Made, make_person, say

pytestmark = pytest.mark.anyio
__all__ = ["at"]
DAY = timedelta(days=1)


@pytest.fixture
async def closed(database: Database, at: Any) -> Made:
    """A small consultation that was closed the day after its opening."""
    await load(database)
    made = await _people(database)
    await say(database, made, topic="one")
    await say(database, made, topic="one", title="Another")
    await act(database, made, "close", reason="All is said.")
    at(OPENS + 2 * DAY)
    return made


async def test_reported_then_archived_and_still_so_after_loading(database: Database, at: Any, closed: Made) -> None:
    before = len(await entries(database))
    await act(database, closed, "report", reason="It is printed.")
    assert (await view(database)).phase == "reported"
    at(OPENS + 3 * DAY)
    await act(database, closed, "archive", reason="All is done.")
    now = await view(database)
    assert (now.phase, [each.act for each in now.extensions]) == ("archived", ["close", "report", "archive"])
    phases = [(kind, payload["phase"], "hash" in payload) for kind, payload in (await entries(database))[before:]]
    assert phases == [
        ("phase.closed", "closed", False), ("phase.opened", "reported", True),
        ("phase.closed", "reported", False), ("phase.opened", "archived", True),
    ]  # fmt: skip
    await load(database)
    assert (await view(database)).phase == "archived"
    with pytest.raises(errors.Closed, match="archived"):
        await load(database, title="Renamed")
    for again in ("archive", "report", "reopen", "close", "open"):
        with pytest.raises(errors.PlenaryError):
            await act(database, closed, again, closes=OPENS + 9 * DAY if again == "reopen" else None)


async def test_nothing_in_an_archive_changes_but_what_is_ones_own(database: Database, closed: Made) -> None:
    moderator = await make_person(database, "Moderator C", consultation=closed.id, role="moderator")
    first, second = [(await view_of(database, number)) for number in (1, 2)]
    await act(database, closed, "archive", reason="All is done.")
    before = len(await entries(database))
    grounds = Grounds(reason="Because.")

    async def refused(work: Any) -> None:
        with pytest.raises(errors.Closed):
            async with database.writing() as session:
                await work(session)

    for verb in ("hide", "feature", "lock"):
        await refused(lambda session, verb=verb: VERBS[verb](session, moderator, first, None, grounds))
    await refused(lambda session: endorse(session, moderator, first))
    await refused(lambda session: actions.edit(session, closed.participant, first, 1, {"body": "Other."}))
    async with database.writing() as session:
        await actions.withdraw(session, closed.participant, first)
        await erasing.erase(session, closed.participant, second)
    assert [kind for kind, _ in (await entries(database))[before:]] == [
        "contribution.withdrawn", "contribution.erased",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "topic"), [("report", None), ("archive", None), ("report", "one"), ("archive", "one")]
)
async def test_only_what_is_closed_and_whole(database: Database, at: Any, name: str, topic: str | None) -> None:
    await load(database)
    made = await _people(database)
    with pytest.raises(errors.Invalid if topic else errors.Conflict):
        await act(database, made, name, topic=topic)
    with pytest.raises(errors.Forbidden):
        await act(database, made, name, actor=Actor(person=made.participant.person, complete=True))


async def view_of(database: Database, number: int) -> Any:
    """The id of contribution `number`."""
    from app.readings.discussion import thread

    return (await thread.page(database, "small", number))[1].focus.id
