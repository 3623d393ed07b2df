"""Every read gives an entity tag, and is not sent again to who has it; what changed since is."""

import pytest

from app.database import Database
from app.synthesis import reporting
from tests.api.document import PREFIX, document
from tests.api.talk import Talk
from tests.api.test_cursors_and_fields import something_in_each_list
from tests.api.test_report import WHY
from tests.making import BEFORE
from tests.synthesis.opinions import ask
from tests.synthesis.test_reporting import WORDS

pytestmark = pytest.mark.anyio


async def every_address(said: Talk, database: Database) -> list[str]:
    """An address with something behind it for each operation of the document that reads."""
    id = await something_in_each_list(said, database)
    await ask(database, said.made)
    async with database.writing() as session:
        await reporting.save(session, said.made.organiser, said.made.id, WORDS, 0)
        await reporting.publish(session, said.made.organiser, said.made.id, 1, WHY)
    file = (await said.read(said.at(id, "/attachments")))["items"][0]["id"]
    first = {
        name: (await said.read(f"{said.home}/{name}", "organiser"))["items"][0]["id"]
        for name in ("meetings", "webhooks", "appeals", "drafts")
    }
    known = {
        "/meetings/{id}": f"/meetings/{first['meetings']}", "/appeals/{id}": f"/appeals/{first['appeals']}",
        "{webhook}": first["webhooks"], "{draft}": first["drafts"], "{attachment}": file,
        "{number}": "1", "{level}": "0", "{index}": "000.p/1", "{slug}": said.made.slug, "{id}": id,
    }  # fmt: skip
    addresses = [PREFIX + path for path, operations in document()["paths"].items() if "get" in operations]
    for name, value in known.items():
        addresses = [address.replace(name, value) for address in addresses]
    return [*addresses, f"{PREFIX}/openapi.json"]


async def test_every_read_gives_a_tag_and_is_not_sent_again(said: Talk, database: Database) -> None:
    addresses = await every_address(said, database)
    assert len(addresses) > 50
    for address in addresses:
        first = await said.get(address, "organiser")
        assert first.status_code == 200 and first.headers.get("etag"), (address, first.text[:300])
        for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}'):
            again = await said.ask("GET", address, "organiser", {"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b""), address
            for name in ("etag", "cache-control", "vary"):
                assert again.headers.get(name) == first.headers.get(name), (address, name)
        other = await said.ask("GET", address, "organiser", {"If-None-Match": '"other"', "Accept-Language": "ru"})
        assert (other.status_code, other.headers["etag"]) == (200, first.headers["etag"]), address
        assert other.content == first.content, f"{address} depends on the reader's language"


async def test_what_only_moderators_read_is_sent_again_once_it_changed(said: Talk) -> None:
    queue = f"{said.home}/queue"
    known = {"If-None-Match": (await said.get(queue, "moderator")).headers["etag"]}
    assert (await said.ask("GET", queue, "moderator", known)).status_code == 304
    await said.posted(topic=BEFORE)
    assert len((await said.ask("GET", queue, "moderator", known)).json()["items"]) == 1


async def test_a_write_is_answered_whatever_the_client_knows(said: Talk) -> None:
    posted = await said.post(headers={"If-None-Match": "*"})
    assert posted.status_code == 201 and posted.json()["title"]
    edit = {"If-Match": "*", "If-None-Match": "*"}
    edited = await said.ask("PATCH", said.at(posted.json()["id"]), "participant", edit, json={"body": "Edited."})
    assert edited.json()["body"] == "Edited."
