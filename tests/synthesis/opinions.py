"""Positions for tests: a consultation that asks for them, recommendations open for comment, people who say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.consultations.actions import load_definition
from app.consultations.stored import definition_of
from app.database import Database
from app.permissions import OPERATOR, Actor
from app.synthesis import positions
from app.synthesis.position_models import OpinionMap
from tests.making import Made, make_person, say
from tests.synthesis.outcome import begin, cite, publish

SAYS = {"+": "agree", "-": "disagree", "0": "pass"}


async def ask(database: Database, made: Made, **fields: Any) -> None:
    """Let the consultation ask for positions, or change other fields of its definition."""
    async with database.writing() as session:
        definition = await definition_of(session, made.id)
        await load_definition(session, OPERATOR, definition.model_copy(update=fields or {"opinion": True}))


async def open_for_comment(database: Database, made: Made, many: int = 1) -> list[UUID]:
    """So many recommendations, numbered from 1."""
    text = await say(database, made)
    opened = []
    for n in range(many):
        begun = await begin(database, made.organiser, made, title=f"Sample {n + 1}")
        await cite(database, made.organiser, begun.id, text)
        await publish(database, made.organiser, begun.id, "open")
        opened.append(begun.id)
    return opened


async def people(database: Database, many: int, first: int = 0) -> list[Actor]:
    """So many people with complete profiles."""
    return [await make_person(database, f"Sample {first + n}") for n in range(many)]


async def take(database: Database, actor: Actor, made: Made, number: int, value: str) -> None:
    """One position."""
    async with database.writing() as session:
        await positions.take(session, actor, made.id, number, value)


async def say_all(database: Database, made: Made, those: Sequence[Actor], *said: str) -> None:
    """Each person's positions on the recommendations, as in "+-0 ": agree, disagree, pass, nothing."""
    async with database.writing() as session:
        for actor, row in zip(those, said, strict=True):
            for number, sign in enumerate(row, 1):
                if sign != " ":
                    await positions.take(session, actor, made.id, number, SAYS[sign])


async def stored(database: Database) -> Any:
    """What the public reads, None while there is no map."""
    async with database.writing() as session:
        return await session.scalar(select(OpinionMap.found))
