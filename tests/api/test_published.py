"""Documents and notices through the API: what the pages say, to be held against the record."""

import hashlib

import pytest

from app.consultations import document_files as files
from app.consultations import documents, notices
from app.consultations.notices import Wording
from app.database import Database
from app.record import commitments
from tests.api.talk import Talk
from tests.consultations.publishing import announced, filed, of_text, posted

pytestmark = pytest.mark.anyio


async def test_documents_are_listed_with_their_hashes(said: Talk, database: Database) -> None:
    made, home = said.made, f"{said.home}/documents"
    assert await said.read(home) == {"items": [], "next": None}
    document = await announced(database, made)
    first = await filed(database, made, document.id, of_text("a.pdf", b"first", "authors"))
    await announced(database, made)
    answer = await said.get(home)
    [listed, _other] = answer.json()["items"]
    assert (listed["state"], listed["versions"], listed["title"]) == ("announced", [], "Sample paper")
    again = await said.ask("GET", home, None, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    async with database.writing() as session:
        await documents.publish(session, made.organiser, made.id, document.id)
    second = await filed(database, made, document.id, of_text("a.pdf", b"second"))
    async with database.writing() as session:
        await files.take_file(session, made.organiser, made.id, document.id, first.id, "It named somebody.")
    page = await said.read(home, limit=1)
    [listed] = page["items"]
    assert listed["titles"] == {"en": "Sample paper", "fr": "Document d’exemple"} and listed["author"]
    newer, older = listed["versions"]
    assert (newer["version"], newer["current"], newer["size"]) == (2, True, 6)
    assert newer["url"].endswith(f"/documents/{second.id}") and newer["sha256"] == hashlib.sha256(b"second").hexdigest()
    assert older["withdrawn"]["reason"] == "It named somebody." and "tells" not in older
    entries = (await said.read(f"{said.home}/changes", limit=1000))["items"]
    assert entries[newer["seq"] - 1]["hash"] == newer["sha256"] and entries[-1]["contribution"] is None
    taken = older["withdrawn"]["commitment"]
    made_hash = commitments.commitment(bytes.fromhex(taken["salt"]), {"reason": "It named somebody."}).hex()
    assert entries[taken["seq"] - 1]["hash"] == taken["hash"] == made_hash
    assert len((await said.read(page["next"].partition(".example")[2]))["items"]) == 1
    assert (await said.get(home, cursor="x")).status_code == 400
    assert (await said.get("/api/v1/consultations/none/documents")).status_code == 404
    assert set((await said.read(home, fields="id,state"))["items"][0]) == {"id", "state"}


async def test_notices_are_listed_with_what_they_commit_to(said: Talk, database: Database) -> None:
    made, home = said.made, f"{said.home}/notices"
    notice, other = await posted(database, made), await posted(database, made)
    async with database.writing() as session:
        french = Wording("Date déplacée", "C’est le 13.", "fr")
        await notices.revise(session, made.organiser, made.id, notice.id, french)
        await notices.take_back(session, made.organiser, made.id, other.id, "It was not so.")
    gone, listed = (await said.read(home))["items"]
    assert (gone["title"], gone["commitment"], gone["removed"]["reason"]) == (None, None, "It was not so.")
    assert (listed["title"], listed["language"], listed["revised"] is None) == ("The date moved", "en", False)
    [translation] = listed["translations"]
    entries = (await said.read(f"{said.home}/changes", limit=1000))["items"]
    for words in (listed, translation):
        commitment = words["commitment"]
        content = {name: words[name] for name in ("title", "body", "language")}
        assert entries[commitment["seq"] - 1]["hash"] == commitment["hash"]
        assert commitments.commitment(bytes.fromhex(commitment["salt"]), content).hex() == commitment["hash"]
    assert (await said.get(home, unknown="x")).status_code == 422
    # A key changes nothing: who may publish does so on pages.
    assert (await said.ask("POST", home, "organiser", json={})).status_code == 405
