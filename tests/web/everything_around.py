"""What stands around contributions on the site that holds everything: translations, mandates, what somebody follows,
and meetings to come."""

from dataclasses import replace

from app.accounts import mandate_links, mandates
from app.contributions.models import Contribution
from app.database import Database
from app.endorsements.actions import endorse
from app.meetings import planning, registering
from app.notifications.following.actions import follow
from app.readings.followed import Followable
from tests.contributions.offering import offer
from tests.making import SLUG, Made, make_person
from tests.meetings.planning import BOTH, announce, register
from tests.meetings.planning import decide as decide_places


async def add_around(database: Database, made: Made, root: Contribution, at: dict[str, object]) -> None:
    """Translations that stand and one that waits, a mandate that is confirmed and one that is asked for, a follower."""
    standing = await offer(database, made, root.id, made.other, "fr", revision=2)
    await offer(database, made, root.id, made.moderator, "ar", revision=2, title="اقتراح", body="كلمات.")
    await offer(database, made, root.id, made.other, "es", revision=2, trapped=True)
    at["translation"] = standing.id
    speaker = await make_person(database, "Participant M", organisation="Sample union of unions")
    async with database.writing() as session:
        claim = await mandates.ask(session, speaker, made.id, "Our assembly said so.")
        await mandates.confirm(session, made.organiser, made.id, claim.id)
        await endorse(session, speaker, root.id, "organisation")
    async with database.writing() as session:
        asked = await mandates.ask(session, made.participant, made.id, "Please confirm it.")
        await mandate_links.pass_on(session, made.organiser, made.id, asked.id, "office@example.org", "en")
    await _meetings(database, made, at)
    at["mandate"] = mandate_links.link_path(asked.id, 1)
    async with database.writing() as session:
        await follow(session, made.participant, Followable(made.id, "consultation", made.id, "All", f"/c/{SLUG}", 3))


async def _meetings(database: Database, made: Made, at: dict[str, object]) -> None:
    """A meeting for which people registered, each with another answer, and one that is cancelled."""
    planned = await announce(database, made, replace(BOTH, places="decided", capacity=25))
    people = [await make_person(database, f"Participant R{n}", organisation=f"Sample group {n}") for n in range(4)]
    for actor in (made.participant, *people):
        await register(database, made, planned, actor)
    await decide_places(database, made, planned, "place", made.participant, people[0])
    await decide_places(database, made, planned, "wait", people[1])
    await decide_places(database, made, planned, "refuse", people[2], reason="Sample reason.")
    cancelled = await announce(database, made)
    async with database.writing() as session:
        await registering.decline(session, made.other, made.id, planned.id)
        await planning.cancel(session, made.organiser, made.id, cancelled.id, "The hall is flooded.")
    at["planned"], at["cancelled"] = planned.id, cancelled.id
