"""An outcome on its way, for tests: a published summary, an institution on the list, the summary sent to it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from app.database import Database
from app.outreach import addressees
from app.outreach.addressees import Entry
from app.permissions import Actor
from app.synthesis import sending, summarising
from app.synthesis.sending import Parcel
from app.synthesis.sending_models import Sending
from app.synthesis.summary_wording import SummaryWords
from tests.making import Made

CITY = Entry("The city of Quezon", "city", "Mayor@sample.example", "Sample Mayor", "fr")
SUMMARY = SummaryWords("Two pages", "final", "en", "Sample: cities count **hours**.")


async def summarised(database: Database, actor: Actor, made: Made, **words: object) -> int:
    """A summary that is public; its version."""
    async with database.writing() as session:
        draft = await summarising.save(session, actor, made.id, replace(SUMMARY, **words), 0)  # type: ignore[arg-type]
        return (await summarising.publish(session, actor, made.id, draft.saved)).version


async def listed(database: Database, made: Made, entry: Entry = CITY) -> UUID:
    """An institution on the list."""
    async with database.writing() as session:
        return (await addressees.add(session, made.organiser, made.id, entry)).id


async def send(database: Database, made: Made, to: Mapping[UUID, list[int]], version: int = 1) -> list[Sending]:
    """Send the summary as the organiser."""
    async with database.writing() as session:
        return await sending.send(session, made.organiser, made.id, Parcel("summary", version, to))
