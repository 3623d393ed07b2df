"""Coding for tests that take it along: a small code book, put on texts by a rapporteur and an organiser."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.consultations.models import Consultation
from app.contributions import actions as texts
from app.contributions.models import Contribution
from app.database import Database
from app.permissions import OPERATOR, Actor
from app.readings.coding import code_files
from app.readings.consultations import consultation
from app.synthesis import code_book, coding, memos
from app.synthesis.code_words import CodeWords
from app.synthesis.coding_models import Code
from app.synthesis.qdpx.model import Project
from tests.making import DEFINITIONS, SLUG, Made, make_person, say
from tests.synthesis.outcome import make_rapporteur

BODIES = ("Count the hours 😀.\n\nThe *host* city pays.", "Cities pay. من يدفع؟", "Nobody asked the markets.")


@dataclass(frozen=True, slots=True)
class Coded:
    """Three texts of a participant, of which two are coded; by whom, and with what."""

    made: Made
    rapporteur: Actor
    texts: list[Contribution]
    pay: Code
    city: Code


async def say_all(database: Database, made: Made) -> list[Contribution]:
    """The three texts, anonymously."""
    return [
        await say(database, made, title=f"Title {n}", body=body, byline="anonymous") for n, body in enumerate(BODIES)
    ]


async def make_coded(database: Database, made: Made) -> Coded:
    """The rapporteur puts two codes on the first text and one on the second, the organiser one on the first."""
    said = await say_all(database, made)
    rapporteur = await make_rapporteur(database, made)
    async with database.writing() as session:
        pay = await code_book.make(session, rapporteur, made.id, CodeWords("Who pays", "=Money", "red"))
        city = await code_book.make(session, rapporteur, made.id, CodeWords("City", "", "teal", pay.id))
        old = await code_book.make(session, rapporteur, made.id, CodeWords("Old"))
        [whole] = await coding.put(session, rapporteur, made.id, said[0].id, [pay.id])
        await coding.put(session, rapporteur, made.id, said[0].id, [city.id, old.id], passage="The host city")
        await coding.put(session, rapporteur, made.id, said[1].id, [pay.id], passage="Cities pay.")
        await coding.put(session, made.organiser, made.id, said[0].id, [pay.id], passage="city pays")
        await memos.on_coding(session, rapporteur, made.id, whole.id, "Is it?")
        await memos.on_code(session, rapporteur, made.id, pay.id, "Split it.")
        await memos.on_text(session, made.organiser, made.id, said[2].id, "Nothing yet.")
        await code_book.retire(session, rapporteur, old.id)
        await texts.edit(session, made.participant, said[1].id, 1, {"body": BODIES[1] + "\n\nOnce more."})
    return Coded(made, rapporteur, said, pay, city)


async def other_consultation(database: Database, made: Made) -> tuple[Made, Actor]:
    """A fresh consultation, with the same participant and a rapporteur of its own."""
    definition = parse((DEFINITIONS / f"{SLUG}.toml").read_text().replace(f'slug = "{SLUG}"', 'slug = "again"'))
    async with database.writing() as session:
        await load_definition(session, OPERATOR, definition)
        id = await session.scalar(select(Consultation.id).where(Consultation.slug == "again"))
    assert id is not None
    again = replace(made, id=id, slug="again")
    return again, await make_person(database, "Rapporteur Again", consultation=id, role="rapporteur")


async def taken_along(database: Database, actor: Actor, slug: str) -> Project:
    """The whole of a consultation, as a file holds it."""
    async with database.reading() as connection:
        view = await consultation(connection, slug)
    async with database.writing() as session:
        return await code_files.project(session, actor, view, "https://example.org")
