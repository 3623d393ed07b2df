"""Setting a consultation up in the browser, from an empty page to the announcement."""

from dataclasses import replace

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.consultations.actions import load_definition
from app.consultations.definition import Definition, parse
from app.consultations.models import Consultation
from app.database import Database
from app.permissions import OPERATOR
from tests.making import DEFINITIONS, SLUG, make_person
from tests.web.conftest import ORIGIN, Browse
from tests.web.filling import fill_in, save

pytestmark = pytest.mark.anyio

SETUP = f"/c/{SLUG}/organise/setup"
START = {
    "way": "scratch", "do": "save", "title": "Housing for newcomers", "slug": SLUG, "holder": "Sample network",
    "contact": "housing@example.org", "languages.0": "fr", "languages.1": "ar", "languages.2": "",
    "time_zone": "Europe/Paris", "opens.date": "2031-03-01", "opens.time": "", "closes.date": "2031-03-21",
    "closes.time": "18:00",
}  # fmt: skip


@pytest.fixture
async def organiser(client: AsyncClient, database: Database, browse: Browse) -> AsyncClient:
    """Somebody who organises the sample."""
    async with database.writing() as session:
        await load_definition(session, OPERATOR, parse((DEFINITIONS / "sample.toml").read_text()))
        id = await session.scalar(select(Consultation.id))
    return await browse(await make_person(database, "Organiser D", consultation=id, role="organiser"))


async def test_the_founding_case_from_an_empty_page(client: AsyncClient, organiser: AsyncClient) -> None:
    wanted = parse((DEFINITIONS / f"{SLUG}.toml").read_text())
    made = await organiser.post("/organise/new", data=START)
    assert (made.status_code, made.headers["location"]) == (303, f"{SETUP}?done=made"), made.text
    await fill_in(organiser, wanted)
    file = await organiser.get(f"{SETUP}/definition.toml")
    assert parse(file.text) == wanted
