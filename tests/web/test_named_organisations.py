"""Pages of organisations: of what is public alone, under one name where organisers say so; and who is missing."""

import re

import pytest
from httpx import AsyncClient

from app import errors
from app.accounts.organisations import organisation_id
from app.accounts.private_consultations import make_private
from app.contributions.actions import lower_byline
from app.contributions.naming import merge_organisations
from app.database import Database
from app.endorsements.actions import endorse
from app.permissions import ANYONE
from tests.making import AFTER, BEFORE, SLUG, Made, make_person, make_speaker, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
LIST, MERGE, BALANCE = f"{C}/organisations", f"{C}/organise/organisations", f"{C}/organise/balance"


def address(name: str) -> str:
    return f"{LIST}/{organisation_id(name)}"


async def test_only_what_is_public_is_there(stranger: AsyncClient, database: Database, made: Made) -> None:
    assert "No organisation is named in public yet." in (await stranger.get(LIST)).text
    hidden = await make_person(database, "Participant H", organisation="House of the Withheld")
    await say(database, made, actor=hidden, byline="anonymous")
    await say(database, made, actor=hidden, topic=BEFORE)  # waits
    text = await say(database, made, byline="organisation")
    speaker = await make_speaker(database, "Participant S", "Sample union")
    async with database.writing() as session:
        await endorse(session, speaker, text.id, "organisation")
    listed = (await stranger.get(LIST)).text
    assert "Sample network" in listed and "Sample union" in listed and "Withheld" not in listed
    assert (await stranger.get(address("House of the Withheld"))).status_code == 404
    its = (await stranger.get(address("SAMPLE NETWORK e.V."))).text
    assert f'href="{C}/{text.number}"' in its and "mandate not confirmed" in its and "Participant A" not in its
    union = (await stranger.get(address("Sample union"))).text  # which only endorsed
    assert f'href="{C}/{text.number}"' in union and "mandate confirmed" in union
    assert (await stranger.get(f"{address('Sample union')}?before=1&show=endorsed")).text.count("<li class") == 0
    async with database.writing() as session:
        await lower_byline(session, made.participant, text.id, "anonymous")
    assert "Sample network" not in (await stranger.get(LIST)).text
    assert (await stranger.get(address("Sample network"))).status_code == 404
    for bad in ("x", "0", str(made.id)):
        assert (await stranger.get(f"{LIST}/{bad}")).status_code == 404
    assert (await stranger.get(f"{LIST}?before=%00")).status_code == 200


async def test_two_names_become_one(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    first = await make_speaker(database, "Participant S", "Sample Network of Unions")
    second = await make_speaker(database, "Participant T", "SNU")
    text, other = await say(database, made), await say(database, made, actor=second, capacity="organisation")
    async with database.writing() as session:
        await endorse(session, first, text.id, "organisation")
    organiser = await browse(made.organiser)
    page = (await organiser.get(MERGE)).text
    assert "One organisation, called “Sample Network of Unions”" in page
    ids = {"alias": str(organisation_id("SNU")), "into": str(organisation_id("Sample Network of Unions"))}
    for wrong in ({"alias": ""}, {"into": ids["alias"]}, {"alias": str(organisation_id("Unknown"))}, {"into": "\x00"}):
        assert (await organiser.post(MERGE, data=ids | wrong)).status_code in (400, 422)
    async with database.writing() as session:
        for actor, error in ((made.moderator, errors.Forbidden), (ANYONE, errors.Unauthenticated)):
            with pytest.raises(error):
                await merge_organisations(session, actor, made.id, None, None)
    assert (await organiser.post(MERGE, data=ids)).headers["location"] == f"{MERGE}?done=merged"
    listed = (await stranger.get(LIST)).text
    assert "SNU" not in listed and "Sample Network of Unions" in listed
    assert (await stranger.get(address("SNU"))).headers["location"] == address("Sample Network of Unions")
    its = (await stranger.get(address("Sample Network of Unions"))).text
    suggested = (await organiser.get("/me/organisations", params={"begins": "snu"})).json()
    assert suggested == {"names": ["Sample Network of Unions"]}
    assert "Also called here:" in its and f'href="{C}/{other.number}"' in its
    assert "SNU" in (await stranger.get(f"{C}/{other.number}")).text  # signed is signed
    async with database.writing() as session:
        with pytest.raises(errors.Conflict, match="has endorsed it already"):
            await endorse(session, second, text.id, "organisation")
        with pytest.raises(errors.Forbidden, match="own text"):
            await endorse(session, first, other.id, "organisation")
    [apart] = re.findall(rf'action="({MERGE}/[^"]+/take-apart)"', (await organiser.get(MERGE)).text)
    assert (await (await browse(made.moderator)).post(apart)).status_code == 403
    assert (await organiser.post(apart)).headers["location"] == f"{MERGE}?done=apart"
    assert (await organiser.post(apart)).status_code == 404
    assert "SNU" in (await stranger.get(LIST)).text
    changes = (await stranger.get(f"/api/v1/consultations/{SLUG}/changes?after=0")).json()["items"]
    assert [each["changed"] for each in changes if each.get("changed") == ["organisations"]] == [["organisations"]] * 2


async def test_suggestions_are_of_public_names(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await make_person(database, "Participant H", organisation="Sample secret")
    await say(database, made)
    mine = await browse(made.other)
    ask = "/me/organisations"
    assert (await mine.get(ask, params={"begins": "SAMP"})).json() == {"names": ["Sample network"]}
    assert (await mine.get(ask, params={"begins": "néTw"})).json() == {"names": ["Sample network"]}
    for begins in ("", "s", "secret", "%", "\x00", "x" * 5_000):
        assert (await mine.get(ask, params={"begins": begins})).json() == {"names": []}
    assert (await stranger.get(ask, params={"begins": "samp"})).status_code == 303
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
    assert (await mine.get(ask, params={"begins": "samp"})).json() == {"names": []}
    assert (await mine.get(LIST)).status_code == 404


async def test_the_balance_tells_who_is_missing_and_nobody(browse: Browse, database: Database, made: Made) -> None:
    organiser = await browse(made.organiser)
    await say(database, made, topic=AFTER)
    await make_person(database, "Participant H", organisation="Sample secret")
    seen = (await organiser.get(BALANCE)).text
    assert "Not heard yet: Africa" in seen and "Hardly heard: Asia" in seen and "secret" not in seen
    row = re.search(r"<bdi>Asia</bdi>.*?</tr>", seen, re.DOTALL)
    assert row is not None  # one contribution, by one organisation; of two people nothing
    assert re.findall(r"<td[^>]*>(.*?)</td>", row[0]) == ["1", "1", "under 5", "under 5"]
    for n in range(3):
        await make_person(database, f"Participant {n}", organisation=f"Sample circle {n}")
    row = re.search(r"<bdi>Asia</bdi>.*?</tr>", (await organiser.get(BALANCE)).text, re.DOTALL)
    assert row is not None
    assert re.findall(r"<td[^>]*>(.*?)</td>", row[0]) == ["1", "1", "under 5", "<bdi>5+</bdi>"]
