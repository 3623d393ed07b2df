"""The summary through the API: nothing before it is published, every version after, and how to check it."""

import pytest

from app.database import Database
from app.record import commitments
from app.synthesis import summarising
from tests.api.talk import Talk
from tests.making import say
from tests.synthesis.outcome import make_rapporteur, published
from tests.synthesis.test_summarising import WORDS

pytestmark = pytest.mark.anyio


async def test_every_version_and_how_to_check_it(said: Talk, database: Database) -> None:
    rapporteur, made = await make_rapporteur(database, said.made), said.made
    await published(database, rapporteur, made, await say(database, made))
    async with database.writing() as session:
        await summarising.save(session, rapporteur, made.id, WORDS, 0)
    url = f"{said.home}/summary"
    for who in (None, "organiser"):
        assert (await said.get(url, who)).status_code == 404
    async with database.writing() as session:
        await summarising.publish(session, rapporteur, made.id, 1)
    one = await said.read(url)
    assert (one["version"], one["kind"], one["recommendations"], len(one["files"])) == (1, "interim", [1], 4)
    names = ("version", "kind", "language", "title", "body", "recommendations", "speech", "reason")
    salt = bytes.fromhex(one["commitment"]["salt"])
    content = {name: one[name] for name in names}
    assert commitments.commitment(salt, content).hex() == one["commitment"]["hash"]
    assert str(rapporteur.person) not in str(one)
    assert (await said.read(url, version=1, fields="title")) == {"title": WORDS.title}
    for version, status in ((2, 404), (0, 422), (10**30, 422), ("x", 422)):
        assert (await said.get(url, version=version)).status_code == status
