"""What stands around contributions on the site that holds everything: translations, mandates, outcome, followers."""

from app.accounts import mandate_links, mandates
from app.contributions.models import Contribution
from app.contributions.submissions import Submission
from app.database import Database
from app.endorsements.actions import endorse
from app.notifications.following.actions import follow
from app.readings.followed import Followable
from app.synthesis import actions, setting_aside
from app.synthesis.commenting import comment
from tests.contributions.offering import offer
from tests.making import SLUG, Made, decide, make_person, say
from tests.synthesis import outcome


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
    await _outcome(database, made, root, at)
    async with database.writing() as session:
        await follow(session, made.participant, Followable(made.id, "consultation", made.id, "All", f"/c/{SLUG}", 3))


async def _outcome(database: Database, made: Made, root: Contribution, at: dict[str, object]) -> None:
    """A final recommendation in two versions, one open for comment, and drafts: an empty one, and one that cites what
    is gone."""
    gone = await say(database, made, actor=made.other, title="Cited, then hidden", body="Not so.")
    aside = await say(database, made, actor=made.other, title="Read, not used", language="ar", body="نعم.")
    first = await outcome.published(database, made.organiser, made, root)
    at["draft_of_first"], at["aside"] = first.id, aside.number
    for stage in ("final", "draft"):
        async with database.writing() as session:
            await actions.revise(session, made.organiser, first.id)
        await outcome.cite(database, made.organiser, first.id, gone, stance="dissent")
        if stage != "draft":
            await outcome.publish(database, made.organiser, first.id, stage, acknowledged=True)
    arabic = {"title": "احتساب الساعات", "statement": "تحتسب المدن ساعات الجمعيات.", "language": "ar"}
    second = await outcome.begin(database, made.organiser, made, **arabic)
    await outcome.cite(database, made.organiser, second.id, root, passage="A quotation of what was said")
    await outcome.publish(database, made.organiser, second.id, "open")
    async with database.writing() as session:
        given = Submission(body="Count the mornings, too.", language="en", title="Mornings", kind="proposal")
        said = await comment(session, made.participant, made.id, 2, given)
    at["comment"] = said.number
    at["new_draft"] = (await outcome.begin(database, made.organiser, made, title="", statement="")).id
    async with database.writing() as session:
        await setting_aside.mark(session, made.organiser, made.id, [aside.id], "general")
    await decide(database, made, "hide", gone.id)
