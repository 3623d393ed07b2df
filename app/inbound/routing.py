"""Which kind of address has which handler. Each returns what is known of the mail and what became of it.

A handler raises what the action raises; `processing.py` makes an answer of it. Bounces, and what
wants no more mail, are dealt with before.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.inbound import answering, commands, posting
from app.inbound.arrival import Arrival
from app.mailed.settling import About, Outcome
from app.notifications.mailboxes import Commands, Question, Reply, Rewriting, TopicBox

Handler = Callable[[AsyncSession, Arrival, Any, About], Awaitable[tuple[About, Outcome]]]

HANDLERS: dict[type, Handler] = {
    Reply: posting.reply,
    Rewriting: commands.rewrite,
    TopicBox: posting.to_topic,
    Question: answering.answer,
    Commands: commands.change,
}


async def route(session: AsyncSession, arrival: Arrival, about: About) -> tuple[About, Outcome]:
    """Do what the mail asks for. Raises what the action raises."""
    return await HANDLERS[type(arrival.box)](session, arrival, arrival.box, about)
