"""Rounds that the tests send. Who is on their lists is sample data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.config import settings
from app.database import Database
from app.language import LANGUAGES
from app.outreach import actions, lists, texts
from app.outreach.actions import Plan
from app.outreach.answering import link_path
from app.outreach.models import Invitee, Round
from app.outreach.texts import Wording
from app.permissions import Actor
from app.record.log import log_id
from app.record.models import Entry
from tests.making import Made

LIST = """name;email;language;organisation
Sample One;one@sample.example;fr;Sample network
Sample Two;Two@Sample.example
not an address
;three@sample.example;ar"""
SOURCE = "You came to our meeting in May."
WORDS = {
    language: Wording(texts.default(language).subject, texts.default(language).words, SOURCE) for language in LANGUAGES
}


def plan(words: str = LIST, **more: Any) -> Plan:
    """A plan with this list, for everybody who can be read in it."""
    given: dict[str, Any] = {"texts": WORDS, "language": "en", "without_faulty": True}
    return Plan(lists.parse(words), **(given | more))


async def invite(
    database: Database, made: Made, words: str = LIST, *, actor: Actor | None = None, id: UUID | None = None,
    **more: Any,
) -> Round:  # fmt: skip
    """Invite as the organiser."""
    async with database.writing() as session:
        return await actions.invite(session, actor or made.organiser, made.id, plan(words, **more), id)


async def invitees(database: Database) -> Sequence[Invitee]:
    """Everybody in all rounds, in the order of the lists."""
    async with database.writing() as session:
        return (await session.scalars(select(Invitee).order_by(Invitee.id))).all()


async def states(database: Database) -> list[tuple[str, str | None]]:
    """The state of everybody, and the address as far as it is kept."""
    return [(each.state, each.email) for each in await invitees(database)]


async def told(database: Database, made: Made) -> list[tuple[str, dict[str, Any]]]:
    """What the staff log says of rounds and of who was invited."""
    query = select(Entry).where(Entry.record_id == log_id("staff", made.id)).order_by(Entry.seq)
    async with database.writing() as session:
        return [
            (each.kind, each.payload)
            for each in await session.scalars(query)
            if each.kind.startswith(("round.", "invitee."))
        ]


def token_of(invitee: UUID) -> str:
    """The secret part of somebody's link."""
    return link_path(invitee).rpartition("/")[2]


def mails() -> list[Path]:
    """The files of the invitations that were sent."""
    return sorted(settings().mail_folder.glob("invitee-*.eml"))
