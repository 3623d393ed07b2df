"""What stands around contributions on the site that holds everything: translations, mandates, what somebody follows."""

from sqlalchemy import update

from app.accounts import mandate_links, mandates
from app.clock import new_id
from app.contributions.models import Contribution
from app.database import Database
from app.endorsements.actions import endorse
from app.notifications.following.actions import follow
from app.outreach import answering
from app.outreach.delivering import note_bounced, note_sent
from app.outreach.models import Invitee
from app.readings.followed import Followable
from tests.contributions.offering import offer
from tests.making import SLUG, Made, make_person
from tests.outreach.listing import LIST, WORDS, invite, invitees, token_of


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
    async with database.writing() as session:
        await follow(session, made.participant, Followable(made.id, "consultation", made.id, "All", f"/c/{SLUG}", 3))
    await _invite(database, made, at)


async def _invite(database: Database, made: Made, at: dict[str, object]) -> None:
    """A round of invitations with somebody in each state, their links, and the form of another round."""
    people = "\n".join(f"Sample {n} <sample-{n}@sample.example>" for n in range(6))
    at["round"] = (await invite(database, made, f"{people}\nno address")).id
    waiting, sent, bounced, answered, declined, left = await invitees(database)
    async with database.writing() as session:
        await note_sent(session, sent.id)
        await note_bounced(session, bounced.id, "full")
        await answering.accept(session, answered.id, token_of(answered.id))
        await answering.decline(session, declined.id, token_of(declined.id))
        await session.execute(update(Invitee).where(Invitee.id == left.id).values(email=None, state="stopped"))
    states = {"open": waiting, "answered": answered, "declined": declined, "over": left}
    at |= {f"invitation_{state}": answering.link_path(each.id) for state, each in states.items()}
    texts = {f"{part}_en": getattr(WORDS["en"], part) for part in ("subject", "words", "source")}
    form = {"id": new_id(), "list": LIST.replace("fr", "").replace("ar", ""), "language": "en", "kept_days": "60"}
    at["invitations"] = form | texts | {"do": "preview"}
