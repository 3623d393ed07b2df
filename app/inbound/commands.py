"""`EDIT 42` and `WITHDRAW 42`: what one wrote is changed, or taken back, by mail."""

from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions import actions
from app.inbound import writers
from app.inbound.arrival import Arrival
from app.inbound.writers import Known
from app.language import gettext as _
from app.mailed.asking import ACCOUNT, BYLINE, IDENTITY, WITHDRAWAL
from app.mailed.settling import About, Outcome, dropped, part, refused
from app.notifications.mailboxes import LASTS, Commands, Rewriting
from app.readings import mail_places
from app.readings.mail_places import Own


async def change(session: AsyncSession, arrival: Arrival, _box: Commands, about: About) -> tuple[About, Outcome]:
    """What came to the address that takes commands alone."""
    if arrival.command is not None:
        return await obey(session, arrival, await writers.of_stranger(session, arrival), about, None)
    return about, refused("no_command", _("This address takes two things in the subject: EDIT 42 with a new text, and "
                                          "WITHDRAW 42. The number is that of your contribution."))  # fmt: skip


async def rewrite(session: AsyncSession, arrival: Arrival, box: Rewriting, about: About) -> tuple[About, Outcome]:
    """A new text in place of the one that the address was made for, which may never have been public."""
    known = await writers.of_reply(session, arrival, box)
    if known is None:
        return About(), dropped("gone")
    text = await mail_places.own_text(session, box.person, box.contribution)
    if text is None or text.consultation in known.actor.shut_out:
        return about, refused("no_place", _("What you answer is not there any more."))
    about = replace(about, consultation=text.consultation)
    if box.over:
        return about, over()
    if arrival.command is not None:
        return await obey(session, arrival, known, about, text.slug)
    return about, await _edit(session, arrival, known, text)


def over() -> Outcome:
    """What somebody hears who writes to an address that was for a while."""
    return refused("over", _("This address worked for %(days)s days. Please answer on the page, or to a newer mail.",
                             days=LASTS))  # fmt: skip


async def obey(
    session: AsyncSession, arrival: Arrival, known: Known, about: About, slug: str | None
) -> tuple[About, Outcome]:  # fmt: skip
    """Do what a command says, in the consultation with this slug where the mail names none."""
    assert arrival.command is not None  # the caller has seen it
    command, mine = arrival.command, list[Own]()
    if known.account is not None:
        slug = command.consultation or slug
        mine += await mail_places.own(session, known.account.id, command.number, slug)
    if len(mine) > 1:
        named = ", ".join(f"{command.verb.upper()} {each.slug}/{each.number}" for each in mine)
        which = _("You have several contributions with this number. Please write which one you mean: %(commands)s.",
                  commands=named)  # fmt: skip
        return about, refused("several", which)
    if not mine or mine[0].consultation in known.actor.shut_out:
        return about, refused("not_yours", _("You have no contribution %(number)s here.", number=command.number))
    act = _edit if command.verb == "edit" else _withdraw
    return replace(about, consultation=mine[0].consultation), await act(session, arrival, known, mine[0])


async def _edit(session: AsyncSession, arrival: Arrival, known: Known, text: Own) -> Outcome:
    body = arrival.opening.rest
    if not body.strip():
        return refused("no_text", _("Your mail has no text. Please write the whole new text into it."))
    asked = writers.to_ask(arrival, known, text.byline, body)
    if asks := [each for each in asked.asks if each not in (ACCOUNT, BYLINE)]:
        shown = part(text.title, body, text.byline, edits=text.number)
        return Outcome("asked", asks[0], parts=[shown], asks=asks, told=asked.told)
    changes: dict[str, Any] = {"body": body, "files": arrival.files, "untrimmed": not arrival.own.sure}
    changed = await actions.edit(session, known.actor, text.id, text.latest, changes)
    waits = "edit_waits" if text.number is not None else "waits"  # without a number it was never public
    return Outcome("done", waits if changed.waits_since is not None else "edited", contributions=[text.id])


async def _withdraw(session: AsyncSession, _arrival: Arrival, known: Known, text: Own) -> Outcome:
    if not known.sure:
        shown = part(text.title, text.body, text.byline, withdraws=text.number)
        return Outcome("asked", WITHDRAWAL, parts=[shown], asks=[IDENTITY, WITHDRAWAL])
    await actions.withdraw(session, known.actor, text.id)
    return Outcome("done", "withdrawn", contributions=[text.id])
