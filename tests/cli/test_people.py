"""`person`, `key` and `sign-in`, and the first start."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.accounts.actors import actor_of_key, actor_of_person
from app.accounts.people import find_person
from app.accounts.sign_in import SignedIn, peek_link, sign_in_with_link
from app.cli.first_start import prepare
from app.cli.sample import add_sample
from app.config import settings
from app.consultations.models import Consultation
from app.database import Database
from app.errors import OperatorError
from tests.making import AFTER, DEFINITIONS, SLUG, make
from tests.running import command

pytestmark = pytest.mark.anyio


async def test_person_makes_an_account_and_grants_the_role(database: Database) -> None:
    made = await make(database)
    for _ in range(2):
        ended = await command("person", "New@Example.org", "--role", "moderator", "--consultation", SLUG)
        assert (ended.code, ended.out) == (0, "")
    async with database.writing() as session:
        person = await find_person(session, "new@example.org")
        assert person is not None
        assert (await actor_of_person(session, person)).roles == {made.id: frozenset({"moderator"})}
    for arguments in (
        ("not an address", "--role", "moderator", "--consultation", SLUG),
        ("a@example.org", "--role", "king", "--consultation", SLUG),
        ("a@example.org", "--role", "moderator", "--consultation", "nowhere"),
    ):
        ended = await command("person", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "Traceback" not in ended.error


async def test_a_key_is_printed_alone_and_can_post_at_once(database: Database, client: AsyncClient) -> None:
    await make(database)
    ended = await command("key", "bot@example.org", "--scope", "read,write", "--name", "Mirror of a coalition")
    secret = ended.out.strip()
    assert ended.code == 0
    assert "\n" not in secret
    assert secret not in ended.error
    async with database.writing() as session:
        actor = await actor_of_key(session, secret)
        assert actor is not None
        assert (actor.complete, actor.scopes) == (True, frozenset({"read", "write"}))
    answer = await client.post(
        f"/api/v1/consultations/{SLUG}/contributions",
        json={"topic": AFTER, "kind": "proposal", "title": "From a key", "body": "Text.", "language": "en"},
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "1"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["author"]["name"] == "Mirror of a coalition"
    refused = await command("key", "another@example.org", "--scope", "everything")
    assert (refused.code, refused.out) == (2, "") and "is named" not in refused.error


async def test_a_key_leaves_a_complete_profile_as_it_is(database: Database, client: AsyncClient) -> None:
    made = await make(database)
    ended = await command("key", "participant-a@example.org", "--scope", "read", "--name", "Another name")
    assert (ended.code, ended.error) == (0, "")
    async with database.writing() as session:
        actor = await actor_of_key(session, ended.out.strip())
    assert actor is not None
    assert actor.person == made.participant.person


async def test_a_printed_link_signs_in_once(database: Database) -> None:
    ended = await command("sign-in", "somebody@example.org")
    found = re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/([0-9a-f-]{36})/(\w+)\n", ended.out)
    assert ended.code == 0
    assert found is not None
    challenge, token = UUID(found[1]), found[2]
    async with database.writing() as session:
        assert (await peek_link(session, challenge, token, None)).email == "somebody@example.org"
        assert isinstance(await sign_in_with_link(session, challenge, token, None, "Test"), SignedIn)
        assert not isinstance(await sign_in_with_link(session, challenge, token, None, "Test"), SignedIn)


async def test_links_lead_to_where_the_server_listens(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/address").write_text("http://[::1]:9000")
    assert (await command("sign-in", "a@example.org")).out.startswith("http://[::1]:9000/sign-in/")
    monkeypatch.setenv("PLENARY_BASE_URL", "https://consult.example.org/")
    assert (await command("sign-in", "a@example.org")).out.startswith("https://consult.example.org/sign-in/")


async def test_the_first_start_loads_the_founding_consultation_and_lets_the_organiser_in(database: Database) -> None:
    await add_sample(database)  # somebody had a look before the first start
    loaded, link = await prepare(database)
    assert SLUG in loaded
    assert re.search(r"organiser@localhost.*http://127\.0\.0\.1:8000/sign-in/", link)
    async with database.writing() as session:
        person = await find_person(session, "organiser@localhost")
        founding = await session.scalar(select(Consultation.id).where(Consultation.slug == SLUG))
        assert person is not None
        assert (await actor_of_person(session, person)).roles == {founding: frozenset({"organiser"})}
    assert await prepare(database) == []


async def test_the_first_start_takes_a_consultation_that_is_there(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await command("load", definition_without_sample(tmp_path))
    monkeypatch.setenv("PLENARY_ORGANISER", f"{'x' * 300}@example.org")
    with pytest.raises(OperatorError, match="PLENARY_ORGANISER"):
        await reprepared(database)
    monkeypatch.setenv("PLENARY_ORGANISER", "anna@example.org")
    (link,) = await reprepared(database)
    assert "anna@example.org" in link
    async with database.writing() as session:
        assert list(await session.scalars(select(Consultation.slug))) == ["own"]


async def reprepared(database: Database) -> list[str]:
    settings.cache_clear()
    return await prepare(database)


def definition_without_sample(folder: Path) -> Path:
    file = folder / "own.toml"
    text = (DEFINITIONS / "sample.toml").read_text()
    file.write_text(text.replace('slug = "sample"', 'slug = "own"').replace("sample = true", "sample = false"))
    return file
