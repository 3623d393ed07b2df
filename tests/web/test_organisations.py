"""Nobody learns from a profile form whether an organisation is registered: some are at risk, and nothing names them."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import update

from app.accounts.actions import change_profile
from app.accounts.models import Person
from app.accounts.profile_form import ProfileForm
from app.database import Database
from tests.making import Made, say
from tests.web.conftest import Browse
from tests.web.test_writing import FORM, filled

pytestmark = pytest.mark.anyio
AT_RISK, UNKNOWN = "House of the Vanished", "House of the Invented"
SECRET: dict[str, Any] = {
    "organisation_kind": "faith",
    "organisation_country": "SY",
    "organisation_website": "https://hidden.example",
}
Probe = Callable[[AsyncClient, dict[str, str]], Awaitable[Response]]


async def on_own_page(browser: AsyncClient, form: dict[str, str]) -> Response:
    return await browser.post("/me", data=form)


async def on_welcome_page(browser: AsyncClient, form: dict[str, str]) -> Response:
    return await browser.post("/me/welcome", data=form | {"consent": "yes", "onward": "/me"})


def plain(answer: Response, name: str) -> tuple[int, str, str]:
    """An answer without the name that was asked for, and without what differs every time."""
    body = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", answer.text.replace(name, "NAME"))
    return answer.status_code, answer.headers.get("location", ""), body


@pytest.fixture
async def registered(database: Database, made: Made) -> None:
    """An organisation that only its member's profile names."""
    form = ProfileForm(name="Participant B", organisation=AT_RISK, capacity="organisation", **SECRET)
    async with database.writing() as session:
        await change_profile(session, made.other, form)


@pytest.mark.parametrize("probe", [on_own_page, on_welcome_page])
@pytest.mark.parametrize(
    "said", [{}, {"organisation_kind": "union"}, {"organisation_kind": "union", "organisation_country": "PH"}]
)
async def test_known_and_unknown_names_are_answered_alike(
    browse: Browse, database: Database, made: Made, registered: None, probe: Probe, said: dict[str, str]
) -> None:
    browser = await browse(made.participant)
    seen: list[Any] = []
    for name in (AT_RISK, UNKNOWN, AT_RISK.upper()):
        if probe is on_welcome_page:
            async with database.writing() as session:
                await session.execute(
                    update(Person).where(Person.id == made.participant.person).values(name=None, consented=None)
                )
        form = {
            "name": "Ana",
            "organisation": name,
            "capacity": "personal",
            "language": "en",
            "time_zone": "UTC",
        } | said
        saved = await probe(browser, form)
        held = (await browser.get("/me/data/download")).json()
        organisation = {
            field: value for field, value in (held["organisation"] or {}).items() if field not in ("id", "name")
        }
        seen.append([plain(saved, name), plain(await browser.get("/me"), name), organisation])
        assert saved.status_code == (303 if said else 422)
        assert not said or held["organisation"]["name"] == name
    assert seen[0] == seen[1] == seen[2]
    for secret in ("hidden.example", "SY", "faith"):
        assert secret not in str(seen[0][2])


async def test_a_text_shows_what_its_author_said_and_groups_by_name(
    browse: Browse, database: Database, made: Made, registered: None
) -> None:
    theirs = await say(database, made, actor=made.other, capacity="organisation")
    browser = await browse(made.participant)
    profile = {"name": "Ana", "organisation": AT_RISK.lower(), "organisation_kind": "union", "language": "en",
               "organisation_country": "PH", "capacity": "organisation", "time_zone": "UTC"}  # fmt: skip
    assert (await browser.post("/me", data=profile)).status_code == 303
    assert (await browser.post(FORM, data=filled(capacity="organisation", byline="organisation"))).status_code == 303
    found = (await browser.get(f"/api/v1/consultations/{made.slug}/contributions")).json()["items"]
    first, second = (each["organisation"] for each in found)
    assert theirs.number == 1 and first["id"] == second["id"]
    assert (first["name"], first["kind"], first["country"]) == (AT_RISK, "faith", "SY")
    assert (second["name"], second["kind"], second["country"]) == (AT_RISK.lower(), "union", "PH")
