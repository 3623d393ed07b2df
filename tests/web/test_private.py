"""A private consultation: its members read it and take part; for everybody else it is not there, on any address."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute
from httpx import AsyncClient, Response
from sqlalchemy import select
from starlette.routing import Route

from app import api
from app.accounts.actions import grant_role
from app.accounts.models import PrivateConsultation
from app.accounts.private_consultations import make_private
from app.api import openapi
from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.database import Database
from app.errors import Invalid
from app.permissions import OPERATOR
from app.web.pages import PAGES
from tests.api.talk import key_for
from tests.making import AFTER, DEFINITIONS, SLUG, Made, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
NOWHERE = "there-is-none"
MORE = {"topic": AFTER, "topic_slug": AFTER, "form": "atom", "number": "1", "which": "1", "language": "fr"}
Ids = dict[str, str]


@pytest.fixture
async def private(database: Database, made: Made) -> UUID:
    """The consultation is private, its participant is a member and has said something. The id of the contribution."""
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
        await grant_role(session, OPERATOR, "participant-a@example.org", "participant", made.id)
    return (await say(database, made)).id


def _addresses() -> Iterator[str]:
    """Every address that somebody may read from, of both surfaces, with its places to be filled in."""
    yield from (route.path for family in PAGES for route in family.router.routes if isinstance(route, Route))
    yield from (openapi.PREFIX + route.path for route in api._described()[0] if isinstance(route, APIRoute))


def _filled(path: str, slug: str, id: str) -> str:
    given = {**MORE, "slug": slug, "id": id}
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda place: given.get(place[1], "1"), path)


def _told(answer: Response, slug: str, id: str) -> tuple[int, str, str]:
    """What an answer tells, whatever was asked for."""
    location, told = (
        each.replace(slug, "SLUG").replace(id, "ID") for each in (answer.headers.get("location", ""), answer.text)
    )
    return answer.status_code, location, told


async def test_no_address_of_either_surface_tells_that_it_is_there(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made, private: UUID
) -> None:
    key = {"Authorization": f"Bearer {await key_for(database, made.other)}"}
    nobody, there = str(uuid4()), str(private)
    asked, telling = 0, []
    for path in sorted({path for path in _addresses() if "{slug}" in path or "{id}" in path}):
        for who in (stranger, await browse(made.other)):
            headers = key if path.startswith(openapi.PREFIX) and who is not stranger else {}
            found = await who.get(_filled(path, SLUG, there), headers=headers)
            other = await who.get(_filled(path, NOWHERE, nobody), headers=headers)
            asked += 1
            if _told(found, SLUG, there) != _told(other, NOWHERE, nobody):
                telling.append((path, found.status_code, other.status_code))
    assert asked > 150
    assert telling == []
    for page in ("/", "/about/privacy", "/about/rules", "/sitemap.xml", "/api/v1/consultations", "/robots.txt"):
        assert SLUG not in (await stranger.get(page)).text


async def test_nobody_else_can_do_anything_in_it(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made, private: UUID
) -> None:
    outsider = await browse(made.other)
    key = {"Authorization": f"Bearer {await key_for(database, made.other)}"}
    text = {"topic": AFTER, "kind": "proposal", "title": "A title", "body": "Text.", "language": "en"}
    writes = [
        ("POST", f"/consultations/{SLUG}/contributions", text),
        ("PUT", f"/contributions/{private}/endorsement", None),
        ("POST", f"/contributions/{private}/flags", {"note": "Not nice."}),
        ("POST", f"/contributions/{private}/translations", {"language": "fr", "body": "Texte.", "revision": 1}),
    ]
    for method, path, body in writes:
        answer = await stranger.request(method, openapi.PREFIX + path, json=body, headers=key)
        nowhere = path.replace(SLUG, NOWHERE).replace(str(private), str(uuid4()))
        other = await stranger.request(method, openapi.PREFIX + nowhere, json=body, headers=key)
        assert (answer.status_code, answer.text) == (other.status_code, other.text) and answer.status_code == 404
    for path in ("contribute", "1/endorse", "1/flag", "follow", "meetings/new", "organise/meetings/new"):
        assert (await outsider.post(f"/c/{SLUG}/{path}", data={**text, "do": "send"})).status_code == 404, path


async def test_members_read_and_write_and_no_cache_keeps_it(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made, private: UUID
) -> None:
    member = await browse(made.participant)
    for path in (
        f"/c/{SLUG}",
        f"/c/{SLUG}/1",
        f"/c/{SLUG}/search?q=Text",
        f"/c/{SLUG}/numbers",
        f"/c/{SLUG}/decisions",
    ):
        answer = await member.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "private, no-store"
        assert (await stranger.get(f"/c/{SLUG}{path}")).status_code == 404
    assert f'href="/c/{SLUG}"' in (await member.get("/", follow_redirects=True)).text
    key = {"Authorization": f"Bearer {await key_for(database, made.participant)}"}
    for path in (f"/consultations/{SLUG}/contributions", f"/consultations/{SLUG}/changes", f"/contributions/{private}"):
        answer = await stranger.get(openapi.PREFIX + path, headers=key)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        assert "access-control-allow-origin" not in answer.headers
    said = {"topic": AFTER, "kind": "proposal", "title": "A title", "body": "Text.", "language": "en"}
    assert (
        await stranger.post(f"{openapi.PREFIX}/consultations/{SLUG}/contributions", json=said, headers=key)
    ).is_success


async def test_a_file_says_so_once_and_for_all(database: Database) -> None:
    text = (DEFINITIONS / "sample.toml").read_text()
    private = text.replace("sample = true", "sample = true\nprivate = true")
    async with database.writing() as session:
        await load_definition(session, OPERATOR, parse(private))
        assert await session.scalar(select(PrivateConsultation.why)) == "invited"
        assert await load_definition(session, OPERATOR, parse(private)) == []
        with pytest.raises(Invalid) as refused:
            await load_definition(session, OPERATOR, parse(text))
    assert set(refused.value.fields) == {"private"}
