"""What stands around contributions on the site that holds everything: translations, mandates, roles, what somebody
follows, what the organisers publish, and meetings to come."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from sqlalchemy import update

from app.accounts import mandate_links, mandates, offers
from app.accounts.organisations import organisation_id
from app.clock import new_id
from app.consultations import document_files as files
from app.consultations import documents, notices
from app.consultations.drafting import drafted
from app.consultations.notices import Wording
from app.consultations.offering import offer_role
from app.consultations.setting_up import create
from app.consultations.starting import Start, from_scratch
from app.contributions.models import Contribution
from app.contributions.naming import merge_organisations
from app.database import Database
from app.endorsements.actions import endorse
from app.mailed import asking, intake
from app.mailed.models import InboundMail
from app.mailed.settling import About, Outcome, dropped, part, refused, settle
from app.meetings import planning, registering
from app.notifications.bouncing import address_failed
from app.notifications.following.actions import follow
from app.notifications.stopping import Stop, set_pace, token
from app.outreach import answering
from app.outreach.delivering import note_bounced, note_sent
from app.outreach.models import Invitee
from app.readings.followed import Followable
from tests.consultations.publishing import PAPER, announced, filed, of_text, posted, published
from tests.contributions.offering import offer
from tests.files import samples
from tests.making import AFTER, SLUG, Made, make_person, say
from tests.meetings.planning import BOTH, announce, register
from tests.meetings.planning import decide as decide_places
from tests.outreach.listing import LIST, WORDS, invite, invitees, token_of
from tests.web.everything_of_outcome import add_outcome

_PREPARED = Start(
    "in-preparation", "Sample in preparation", "Sample network", "sample@example.org", ("fr", "ar"), "Europe/Paris",
    dt.date(2031, 3, 1), dt.date(2031, 3, 21),
)  # fmt: skip


async def add_around(database: Database, made: Made, root: Contribution, at: dict[str, object]) -> None:
    """Translations that stand and one that waits, a mandate that is confirmed and one that is asked for, a follower,
    documents and notices in every state."""
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
    await _meetings(database, made, at)
    at["mandate"] = mandate_links.link_path(asked.id, 1)
    await add_outcome(database, made, root, at)
    await _give_roles(database, made, at)
    async with database.writing() as session:
        await follow(session, made.participant, Followable(made.id, "consultation", made.id, "All", f"/c/{SLUG}", 3))
    await _mail(database, made, at)
    await _documents(database, made, at)
    await _notices(database, made, at)
    await _invite(database, made, at)
    await _mails(database, made, at)


async def _mail(database: Database, made: Made, at: dict[str, object]) -> None:
    """An address that mail does not reach; links of mails: one that stops something, and one that has."""
    assert made.moderator.person is not None and made.other.person is not None
    open_link, stopped = Stop(made.moderator.person, "waiting"), Stop(made.other.person, "dates")
    async with database.writing() as session:
        await address_failed(session, made.moderator.person, "bounce", permanent=True)
        await set_pace(session, stopped, "never")
    at["stop"], at["stopped"] = (f"/stop/{token(each)}" for each in (open_link, stopped))


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


async def _mails(database: Database, made: Made, at: dict[str, object]) -> None:
    """Mails that came in: one about which everything is asked, one that is public, one that was refused, one that is
    forgotten. They were dealt with as soon as they were there, so that no worker finds them."""
    text = part("Sample title", "Sample words of Participant B.", None, ["inclusion.a"])
    asks = (asking.ACCOUNT, asking.BYLINE, asking.ANSWERS)
    outcomes = {
        "asked": Outcome("asked", asks[0], parts=[text], asks=asks, told=["Participant B"]),
        "done": Outcome("done", "published", contributions=[]),
        "refused": refused("closed", "This topic is closed."),
        "over": dropped("gone"),
    }
    for state, outcome in outcomes.items():
        sender = None if state == "over" else "participant-b@example.org"
        async with database.writing() as session:
            id, _new = await intake.keep(session, "", f"sample-{state}@reply.example.org", state.encode())
            about = About(sender=sender, consultation=made.id, text="Sample words.")
            await settle(session, await session.get_one(InboundMail, id), about, outcome)
        at[f"mail_{state}"] = asking.link_path(id)


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


async def _documents(database: Database, made: Made, at: dict[str, object]) -> None:
    """One that is public in several languages and versions, one to come, one that is withdrawn."""
    document = await published(database, made, samples.docx(), name="A sample paper, with a long name of a file.docx")
    for language in ("en", "fr", "ar", "zh"):
        last = await filed(database, made, document.id, of_text("a.pdf", b"%PDF " * 90_000), language=language)
    titles = {
        "en": "Working paper: " + "what cities can do, " * 6,
        "ar": "ورقة عمل نموذجية",
        "fr": "Document d’exemple",
    }
    gone = await announced(database, made)
    await announced(database, made, replace(PAPER, topic=AFTER, expected=dt.date(2016, 9, 12)))
    async with database.writing() as session:
        where = (session, made.organiser, made.id)
        await documents.describe(*where, document.id, replace(PAPER, titles=titles, topic=AFTER))
        await files.take_file(*where, document.id, last.id, "A sample reason: it was the wrong file.")
        await documents.withdraw(*where, gone.id, "A sample reason: it is out of date.")
    at["document"], at["document_gone"] = document.id, gone.id


async def _notices(database: Database, made: Made, at: dict[str, object]) -> None:
    """A notice, a next step in two languages, and one that was taken back."""
    given = Wording("The meeting moved to another day", "Sample: it is *now* on the 13th.\n\n- bring papers", "en")
    gone = await posted(database, made, given)
    await posted(database, made, given)
    step = replace(given, title="The report is sent to the cities", date=dt.date(2016, 9, 29))
    notice = await posted(database, made, step, "next-step")
    async with database.writing() as session:
        where = (session, made.organiser, made.id)
        arabic = Wording("يُرسل التقرير إلى المدن", "نموذج: *غدًا*.", "ar", step.date)
        await notices.revise(*where, notice.id, arabic)
        await notices.take_back(*where, gone.id, "A sample reason: it was not so.")
    at["notice"], at["notice_gone"] = notice.id, gone.id


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
