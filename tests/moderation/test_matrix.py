"""Every act of moderators, on a text in every state, by everybody: exactly who may, and only where it fits."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app import errors
from app.clock import new_id, now
from app.contributions import actions
from app.database import Database
from app.moderation import actions as moderation
from app.moderation import erasing
from app.moderation.acts import ACTS
from app.moderation.deciding import Grounds, Options
from app.permissions import ANYONE, Actor, Thing, may
from tests.making import AFTER, BEFORE, Made, curate, make, say

pytestmark = pytest.mark.anyio

PERMISSION = {"reveal": "contribution.reveal", "suspend": "author.suspend", "lift": "author.suspend"}
UNDOING = ("unpin", "unfeature", "unlock", "lift")  # there is nothing to undo: refused, whoever asks
STATES = ("pending", "published", "hidden", "rejected", "withdrawn", "erased")
GROUNDS = Grounds(reason="Because of a rule.", rule="1")


class RolledBack(Exception):
    """It worked, and is undone for the next to try."""


def people(made: Made) -> dict[str, Actor]:
    return {
        "anyone": ANYONE,
        "author": made.participant,
        "other": made.other,
        "moderator": made.moderator,
        "organiser": made.organiser,
        "moderator elsewhere": replace(made.moderator, person=new_id(), roles={new_id(): frozenset({"moderator"})}),
        "suspended moderator": replace(made.moderator, suspended=frozenset({made.id})),
        "moderator’s key to write": replace(made.moderator, scopes=frozenset({"read", "write"})),
        "moderator’s key to moderate": replace(made.moderator, scopes=frozenset({"moderate"})),
    }


async def texts(database: Database, made: Made) -> dict[str, UUID]:
    """A reply in every state, beneath a thread; the first public one has number 2."""
    root = await say(database, made, title="Root", topic=BEFORE)
    await curate(database, made, "approve", root.id)
    await say(database, made, title="Another thread", topic=AFTER)
    found = {}
    for state in STATES:
        found[state] = (await say(database, made, parent=root.id, body="A reply, in words.")).id
        if state not in ("pending", "rejected"):
            await curate(database, made, "approve", found[state])
    await curate(database, made, "hide", found["hidden"])
    await curate(database, made, "reject", found["rejected"])
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, found["withdrawn"])
    async with database.writing() as session:
        await erasing.erase(session, made.participant, found["erased"])
    return found


@pytest.mark.parametrize("act", [act for act in moderation.VERBS if act != "dismiss"])
async def test_who_may_do_what_in_which_state(database: Database, act: str) -> None:
    made = await make(database)
    found = await texts(database, made)
    options = Options(
        passage="in words", title="A title", parent=2, into=2, kind="question", until=now() + timedelta(days=1)
    )
    for who, actor in people(made).items():
        allowed = may(actor, PERMISSION.get(act, "contribution.decide"), Thing(made.id, made.participant.person))
        for state, id in found.items():
            came = await attempt(database, made, act, id, actor, options)
            assert came in expected(act, state, allowed), (who, state, came)


async def attempt(
    database: Database, made: Made, act: str, id: UUID, actor: Actor, options: Options
) -> type[Exception]:  # fmt: skip
    from app.contributions.writing import waiting_revision

    try:
        async with database.writing() as session:
            waiting = await waiting_revision(session, id)
            revision = waiting.id if waiting and act in ("approve", "ask", "reject") else None
            await moderation.VERBS[act](session, actor, id, revision, GROUNDS, options)
            raise RolledBack
    except (errors.PlenaryError, RolledBack) as outcome:
        return type(outcome)


def expected(act: str, state: str, allowed: bool) -> set[type[Exception]]:
    if not allowed:
        return {errors.Unauthenticated, errors.Forbidden, errors.NotFound}
    fits = not ACTS[act].states or state in ACTS[act].states
    if act in ("approve", "ask", "reject"):
        fits = state == "pending"
    if state == "erased" or not fits or act in UNDOING or act == "lock":  # a reply is not a thread's first
        return {errors.Conflict}
    return {RolledBack}
