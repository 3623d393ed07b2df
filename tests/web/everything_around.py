"""What stands around contributions on the site that holds everything: translations, mandates, roles, who follows."""

from uuid import UUID

from app.accounts import mandate_links, mandates, offers
from app.accounts.organisations import organisation_id
from app.consultations.offering import offer_role
from app.contributions.models import Contribution
from app.contributions.naming import merge_organisations
from app.database import Database
from app.endorsements.actions import endorse
from app.notifications.following.actions import follow
from app.readings.followed import Followable
from tests.contributions.offering import offer
from tests.making import AFTER, SLUG, Made, make_person, say


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
    at["mandate"] = mandate_links.link_path(asked.id, 1)
    await _give_roles(database, made, at)
    async with database.writing() as session:
        await follow(session, made.participant, Followable(made.id, "consultation", made.id, "All", f"/c/{SLUG}", 3))


async def _give_roles(database: Database, made: Made, at: dict[str, object]) -> None:
    """Roles: one that is held and listed, one that is offered, an offer that was declined. Two names of one
    organisation."""
    holder = await make_person(database, "Participant L", organisation="Sample union of unions, Ltd")
    other = await make_person(database, "Participant K", organisation="Sample U of U")
    await say(database, made, actor=other)
    at["organisation"] = union = organisation_id("Sample union of unions")
    async with database.writing() as session:
        over = await offer_role(session, made.organiser, made.id, "nobody@example.org", "rapporteur", AFTER)
        mine = await offer_role(session, made.organiser, made.id, "participant-a@example.org", "moderator")
        held = await offer_role(session, made.organiser, made.id, "participant-l@example.org", "moderator", AFTER)
        await offers.decline(session, over, _secret(over))
        await offers.accept(session, holder, held, _secret(held), "full")
        await merge_organisations(session, made.organiser, made.id, organisation_id("Sample U of U"), union)
    at["offer"], at["offer_over"] = offers.link_path(mine), offers.link_path(over)


def _secret(offer: UUID) -> str:
    return offers.link_path(offer).rsplit("/", 1)[1]
