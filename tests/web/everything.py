"""A site that holds everything a page can show: threads deep and long, gaps, notes, files, meetings, a full desk."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from app import clock
from app.accounts.actions import make_key
from app.accounts.people import find_or_register
from app.accounts.sessions import start_session
from app.accounts.sign_in import ask_sign_in, link_path
from app.cli.sample import add_sample
from app.contributions import actions, drafts
from app.contributions.models import Contribution
from app.database import Database
from app.endorsements.actions import endorse
from app.files.apart import upload
from app.meetings import sources
from app.moderation import claims, erasing
from app.moderation.audience import To
from app.moderation.deciding import Grounds, Options
from app.moderation.models import MonthlyFigures
from app.notifications.webhooks.actions import make as make_webhook
from app.notifications.webhooks.models import WebhookAttempt
from tests.files import samples
from tests.making import AFTER, BEFORE, Made, curate, decide, make, make_person, say
from tests.meetings.reporting import BACK, PAPER, report, transcribe, waiting
from tests.moderation.asking import act, answer, appeal, flag
from tests.moderation.inviting import invite
from tests.web.everything_around import add_around

BROWSER = "browser-of-the-tests"  # the token of the browser that all of them are
LINKS = 20  # to sources, each of which answers once: for one list of all pages
LONG = "https://example.org/" + "a-very-long-address/" * 12
RICH = f"""One **two** _three_ `four`, see <{LONG}>.

### Deep, first

# A heading

> A quotation of what was said before.

1. first
2. second
   - beneath

## Another

    {"code" * 40}

{"Ein" + "wanderungsbehörden" * 6}"""


@dataclass(frozen=True, slots=True)
class Everything:
    """Where things are. `at` holds the numbers and identifiers that addresses are made of."""

    made: Made
    sessions: dict[str, str]  # the cookie of each who is signed in
    at: dict[str, object]
    links: Iterator[tuple[str, UUID]] = field(default_factory=lambda: iter(()))  # to sources that can still answer


@dataclass(frozen=True, slots=True)
class Site:
    """A server on which everything is."""

    base: str
    everything: Everything

    def cookies(self, who: str, language: str = "en") -> dict[str, str]:
        """The cookies of the browser of this person, who reads in this language; `""` is nobody."""
        session = {"plenary_session": self.everything.sessions[who]} if who else {}
        return session | {"plenary_browser": BROWSER, "plenary_language": language}


async def fill(database: Database) -> Everything:
    """The founding consultation with everything in it, beside the sample."""
    await add_sample(database)
    made = await make(database)
    at: dict[str, object] = {}
    await _thread(database, made, at)
    await _gone(database, made, at)
    await _desk(database, made, at)
    await _figures(database, made)
    links = await _meetings(database, made, at)
    await _own(database, made, at)
    await _sign_in(database, at)
    return Everything(made, await _sessions(database, made), at, iter(links))


async def _thread(database: Database, made: Made, at: dict[str, object]) -> None:
    """A thread that is deep and long, in several scripts, with a note, endorsements, files and revisions."""
    root = await say(
        database, made, title="Count the hours of associations", body=RICH, questions=("diasporas.a",),
        places=({"city": "Quezon City", "country": "PH", "role": "destination"},),
        files=(await upload("Our “paper”.docx", samples.docx()), await upload("a.png", samples.png())),
    )  # fmt: skip
    at["root"], at["root_id"] = root.number, root.id
    parent = root
    for depth in range(6):
        parent = await say(database, made, parent=parent.id, body=f"Beneath, {depth + 1} deep.", byline="anonymous")
    at["deep"] = parent.number
    await say(database, made, parent=root.id, body="نعم، نعدّها أيضًا.", language="ar", byline="organisation")
    await say(database, made, parent=root.id, body="我们也统计这些时间。", language="zh")
    for n in range(100):
        await say(database, made, parent=root.id, actor=made.other, body=f"### Reply {n}\n\nAnd more of it.")
    await say(database, made, parent=root.id, actor=made.moderator, kind="note", body="A summary of this thread.")
    note = await say(
        database, made, actor=made.moderator, kind="note", title=None, body="What is still missing.",
        note="still-missing",
    )  # fmt: skip
    at["note"] = note.number
    for person in (made.other, made.moderator):
        async with database.writing() as session:
            await endorse(session, person, root.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, root.id, 1, {"body": RICH + "\n\nAnd one more paragraph."})
    for what in ("pin", "feature"):
        await curate(database, made, what, root.id)
    await add_around(database, made, root, at)


async def _gone(database: Database, made: Made, at: dict[str, object]) -> None:
    """Texts that are no longer there, each in its way, two of them in the thread."""
    root = at["root_id"]
    hidden = await say(database, made, parent=root, title=None)
    await decide(database, made, "hide", hidden.id)
    asked = await appeal(database, made.participant, hidden.id)
    at["hidden"], at["hidden_id"], at["appeal"] = hidden.number, hidden.id, asked.id
    withdrawn = await say(database, made, parent=root)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, withdrawn.id)
    erased = await say(database, made)
    async with database.writing() as session:
        await erasing.erase(session, made.organiser, erased.id, "It named a person.")
    redacted = await say(database, made, body="Call 555 0100, please.")
    await curate(database, made, "redact", redacted.id, Options(passage="555 0100"))
    locked = await say(database, made, title="Locked", body=RICH)
    for n in range(1, 6):
        await say(database, made, parent=locked.id, actor=made.other, body=f"{n} of them. " + "As one writes. " * 30)
    await curate(database, made, "lock", locked.id)
    merged, survivor = await say(database, made), await say(database, made)
    await curate(database, made, "merge", merged.id, Options(into=survivor.number))
    again = await say(database, made, title="Hidden, and answered")
    at["decision"] = (await act(database, made.moderator, "hide", again.id)).seq
    answered = await appeal(database, made.participant, again.id, "It was meant otherwise.")
    await answer(database, made.organiser, answered.id)
    at |= {
        "withdrawn": withdrawn.number, "erased": erased.number, "redacted": redacted.number, "locked": locked.number,
        "answered": again.number,
    }  # fmt: skip


async def _desk(database: Database, made: Made, at: dict[str, object]) -> None:
    """Texts that wait, flags, a claim, a batch, letters, a webhook."""
    texts = [await say(database, made, topic=BEFORE, title=f"Waits {n}", body=RICH) for n in range(4)]
    await say(database, made, topic=BEFORE, title="Of another", actor=made.other, byline="anonymous")
    at["waiting"], at["waiting_revision"] = texts[0].id, (await waiting(database, texts[0])).id
    at["in_hand"] = texts[1].id
    async with database.writing() as session:
        await claims.claim(session, made.organiser, texts[1].id)
    await curate(database, made, "ask", texts[2].id)
    await curate(database, made, "reject", texts[3].id)
    at["rejected"] = texts[3].id
    reported = await say(database, made, title="Reported")
    reply = await say(database, made, parent=reported.id)
    for each in (reported, reply):
        await flag(database, made.other, each.id)
    at["reply"] = reply.id
    at["reported"] = reported.number
    at["batch"] = batch = clock.new_id()
    for n in range(2):
        text = await say(database, made, title=f"Hidden together {n}")
        await act(database, made.moderator, "hide", text.id, None, Grounds("Off topic.", "4", batch=batch))
    await invite(database, made, To(topic=AFTER))
    async with database.writing() as session:
        webhook = await make_webhook(session, made.moderator, made.id, "https://hooks.invalid/plenary", [])
        session.add(WebhookAttempt(webhook_id=webhook.id, seq=7, status=500, answer="Try later"))


async def _figures(database: Database, made: Made) -> None:
    """Months of the public log, so that its charts have something to show."""
    today = clock.now().date()
    months = [date(today.year - (today.month <= back), (today.month - back - 1) % 12 + 1, 1) for back in (3, 2, 1)]
    async with database.writing() as session:
        for n, month in enumerate(months, 2):
            session.add(
                MonthlyFigures(
                    consultation_id=made.id, month=month, received=9 * n, published=8 * n, hidden=n, appealed=2,
                    overturned=1, median_hours=5 * n, through=today - timedelta(days=1), seq=1,
                )
            )  # fmt: skip


async def _meetings(database: Database, made: Made, at: dict[str, object]) -> list[tuple[str, UUID]]:
    """A meeting, and texts from paper whose sources were asked."""
    at["meeting"] = (await report(database, made)).id
    of_paper: list[Contribution] = []
    links = []
    for n in range(LINKS):
        text = await transcribe(database, made, replace(PAPER, point=replace(BACK, body=f"Desks, {n}.")))
        async with database.writing() as session:
            source = await sources.ask(session, made.moderator, text.id, f"source-{n}@example.org", "en")
        links.append((sources.link_path(source.id), (await waiting(database, text)).id))
        of_paper.append(text)
    at["paper"], (at["source"], _revision), over = of_paper[0].number, links[0], links[1]
    path = over[0].split("/")
    async with database.writing() as session:
        await sources.answer(session, UUID(path[2]), path[3], over[1], right=False, words="I said <b>two</b> desks.")
    at["source_over"] = over[0]
    return links[2:]


async def _own(database: Database, made: Made, at: dict[str, object]) -> None:
    """What only the participant sees: drafts and keys."""
    fields = {"topic": AFTER, "kind": "proposal", "title": "A draft", "body": "Begun.", "language": "en"}
    report = {"title": "A meeting, begun"}
    async with database.writing() as session:
        at["draft"] = (await drafts.keep_draft(session, made.participant, None, made.id, fields)).id
        at["meeting_draft"] = (await drafts.keep_draft(session, made.moderator, None, made.id, report)).id
        await make_key(session, made.participant, made.participant.person, "A mirror", ["read"], None)  # type: ignore[arg-type]


async def _sign_in(database: Database, at: dict[str, object]) -> None:
    """A sign-in that was asked for in this browser; it lasts as long as the tests do."""
    async with database.writing() as session:
        challenge = await ask_sign_in(session, "reader@example.org", BROWSER)
        challenge.expires += timedelta(hours=6)
        other = await ask_sign_in(session, "reader@example.org", "another browser")
        other.expires += timedelta(hours=6)
    at |= {"challenge": challenge.id, "link": link_path(challenge.id), "link_elsewhere": link_path(other.id)}


async def _sessions(database: Database, made: Made) -> dict[str, str]:
    async with database.writing() as session:
        newcomer, _new = await find_or_register(session, "newcomer@example.org")
    suspended = await make_person(database, "Participant S")
    theirs = await say(database, made, actor=suspended)
    until = clock.now() + timedelta(days=9)
    await curate(database, made, "suspend", theirs.id, Options(until=until))
    people = {
        "participant": made.participant.person, "moderator": made.moderator.person, "newcomer": newcomer,
        "organiser": made.organiser.person, "suspended": suspended.person,
    }  # fmt: skip
    return {who: await session_of(database, person) for who, person in people.items() if person is not None}


async def session_of(database: Database, person: UUID) -> str:
    """The cookie of a new session of this person."""
    async with database.writing() as session:
        return (await start_session(session, person, "Chromium on Linux"))[1]
