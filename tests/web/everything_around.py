"""What stands around contributions on the site that holds everything: translations, mandates, what somebody follows."""

from datetime import date

from app.accounts import mandate_links, mandates
from app.consultations.drafting import drafted
from app.consultations.setting_up import create
from app.consultations.starting import Start, from_scratch
from app.contributions.models import Contribution
from app.database import Database
from app.endorsements.actions import endorse
from app.notifications.following.actions import follow
from app.readings.followed import Followable
from tests.contributions.offering import offer
from tests.making import SLUG, Made, make_person

_PREPARED = Start(
    "in-preparation", "Sample in preparation", "Sample network", "sample@example.org", ("fr", "ar"), "Europe/Paris",
    date(2031, 3, 1), date(2031, 3, 21),
)  # fmt: skip


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
    async with database.writing() as session:
        await create(session, made.organiser, drafted(from_scratch(_PREPARED)))
    at["mandate"] = mandate_links.link_path(asked.id, 1)
    async with database.writing() as session:
        await follow(session, made.participant, Followable(made.id, "consultation", made.id, "All", f"/c/{SLUG}", 3))
