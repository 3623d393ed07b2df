"""From the desk everything that moderators have is within reach: no link on it leads nowhere."""

import re

import pytest

from app.database import Database
from app.moderation.appeals import appeal
from tests.making import BEFORE, SLUG, Made, curate, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"


async def test_every_link_of_the_desk_leads_somewhere(browse: Browse, database: Database, made: Made) -> None:
    said = await say(database, made)
    await say(database, made, topic=BEFORE)
    await curate(database, made, "hide", said.id)
    async with database.writing() as session:
        await appeal(session, made.participant, said.id, "Please look again.")
    organiser = await browse(made.organiser)
    for page in (f"{C}/moderate", f"{C}/moderate/{said.id}"):
        text = (await organiser.get(page)).text
        links = {link.partition("#")[0] for link in re.findall(r'href="(/c/[^"]*)"', text)}
        assert f"{C}/moderate/appeals" in links
        for link in sorted(links):
            answer = await organiser.get(link.replace("&amp;", "&"))
            assert answer.status_code in (200, 303, 410), (page, link, answer.status_code)
