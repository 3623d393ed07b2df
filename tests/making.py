"""Things that tests need: the founding consultation, people with roles, contributions."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Membership, Person
from app.accounts.organisations import organisation_id
from app.clock import new_id, now
from app.contributions import actions
from app.contributions.models import Contribution, Revision
from app.contributions.submissions import Submission
from app.database import Database
from app.moderation import actions as moderation
from app.moderation.deciding import NO_OPTIONS, Grounds, Options
from app.moderation.models import Decision
from app.permissions import Actor
from tests.founding import put_in

DEFINITIONS = Path(__file__).parents[1] / "app/consultations/definitions"
SLUG = "mayoral-forum-2016"
BEFORE, AFTER = "inclusion", "diasporas"  # its topics, by policy


@dataclass(frozen=True, slots=True)
class Made:
    """A consultation with one person in each role, and a stranger to all of them."""

    id: UUID
    slug: str
    participant: Actor
    other: Actor
    moderator: Actor
    organiser: Actor


async def make(database: Database) -> Made:
    """The founding consultation with a participant, another one, a moderator and an organiser."""
    async with database.writing() as session:
        id = await put_in(session, DEFINITIONS / f"{SLUG}.toml")
        return Made(
            id, SLUG,
            participant=await _add_person(session, "Participant A", organisation="Sample network"),
            other=await _add_person(session, "Participant B"),
            moderator=await _add_person(session, "Moderator C", consultation=id, role="moderator"),
            organiser=await _add_person(session, "Organiser D", consultation=id, role="organiser"),
        )  # fmt: skip


async def make_person(
    database: Database, name: str, *, organisation: str | None = None, consultation: UUID | None = None,
    role: str | None = None, new: bool = False,
) -> Actor:  # fmt: skip
    """Somebody with a complete profile, as an actor; with an account of years ago, unless it is `new`."""
    async with database.writing() as session:
        return await _add_person(session, name, organisation, consultation, role, new=new)


async def _add_person(
    session: AsyncSession, name: str, organisation: str | None = None, consultation: UUID | None = None,
    role: str | None = None, *, new: bool = False,
) -> Actor:  # fmt: skip
    person = Person(
        id=new_id() if new else id_of_years_ago(), email=f"{name.lower().replace(' ', '-')}@example.org", name=name,
        consented=now(), capacity="organisation" if organisation else "personal",
    )  # fmt: skip
    if organisation:
        person.organisation_id, person.organisation_name = organisation_id(organisation), organisation
        person.organisation_kind, person.organisation_country, person.organisation_region = "diaspora", "PH", "Asia"
        person.mandate = "claimed"
    session.add(person)
    await session.flush()
    if role:
        session.add(Membership(person_id=person.id, consultation_id=consultation, role=role))
    roles = {consultation: frozenset({role})} if consultation and role else {}
    return Actor(person=person.id, complete=True, roles=roles)


async def confirm_mandate(database: Database, actor: Actor) -> None:
    """As if an organiser had answered for it that they speak for the organisation that they name."""
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.id == actor.person).values(mandate="confirmed"))


async def make_speaker(database: Database, name: str, organisation: str) -> Actor:
    """Somebody with a confirmed mandate."""
    actor = await make_person(database, name)
    await speak_for(database, actor, organisation)
    return actor


async def speak_for(database: Database, actor: Actor, organisation: str) -> None:
    """Give somebody a confirmed mandate, as if an organiser had answered for it."""
    columns = {
        "organisation_id": organisation_id(organisation), "organisation_name": organisation, "mandate": "confirmed",
        "organisation_kind": "union", "organisation_country": "ES", "organisation_region": "Europe",
    }  # fmt: skip
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.id == actor.person).values(columns))


def id_of_years_ago() -> UUID:
    """An identifier as one that was made in 2015: accounts tell their age by it."""
    return UUID(int=(new_id().int & ((1 << 80) - 1)) | (1_420_070_400_000 << 80))


async def say(database: Database, made: Made, *, actor: Actor | None = None, **fields: object) -> Contribution:
    """Post as the participant: a public proposal in the topic that publishes at once, unless `fields` say otherwise."""
    given: dict[str, object] = {
        "topic": AFTER,
        "kind": "proposal",
        "title": "A proposal",
        "body": "Text.",
        "language": "en",
    }
    if "parent" in fields:
        given = {"body": "A reply.", "language": "en"}
    async with database.writing() as session:
        return await actions.post(session, actor or made.participant, made.id, Submission(**(given | fields)))  # type: ignore[arg-type]


async def decide(database: Database, made: Made, act: str, id: UUID, revision: UUID | None = None) -> None:
    """Decide as the moderator, with a reason."""
    async with database.writing() as session:
        grounds = Grounds(reason="Because of a rule.", rule="1")
        await moderation.VERBS[act](session, made.moderator, id, revision, grounds)


async def curate(
    database: Database, made: Made, act: str, id: UUID, options: Options = NO_OPTIONS, actor: Actor | None = None
) -> Decision:
    """Decide as the moderator, with a reason and what the act needs; approve what waits."""
    async with database.writing() as session:
        revision = await session.scalar(
            select(Revision.id).where(Revision.contribution_id == id, Revision.state == "waiting")
        )
        grounds = Grounds(reason="Because of a rule.", rule="1")
        revision = revision if act in ("approve", "ask", "reject") else None
        return await moderation.VERBS[act](session, actor or made.moderator, id, revision, grounds, options)
