"""Roles on pages: offered by mail, answered by who has the address, listed, laid down; and what is refused, and why."""

import re

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.accounts.actions import change_profile
from app.accounts.models import RoleOffer
from app.accounts.offers import link_path
from app.accounts.profile_form import ProfileForm
from app.database import Database
from app.web.organising import people
from tests.making import AFTER, SLUG, Made, make_person
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PEOPLE = f"/c/{SLUG}/organise/people"
FORM = {"email": "participant-b@example.org", "role": "moderator", "topic": AFTER, "language": "es"}


async def link_of_offer(database: Database) -> str:
    """The link that the mail about the newest offer holds."""
    async with database.writing() as session:
        id = await session.scalar(select(RoleOffer.id).order_by(RoleOffer.id.desc()).limit(1))
    assert id is not None
    return link_path(id)


async def test_from_the_offer_to_laying_it_down(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    organiser, other, mine = [await browse(each) for each in (made.organiser, made.participant, made.other)]
    answer = await organiser.post(PEOPLE, data=FORM)
    assert answer.headers["location"] == f"{PEOPLE}?done=offered", answer.text
    assert "participant-b@example.org" in (await organiser.get(PEOPLE)).text
    link = await link_of_offer(database)
    seen = (await stranger.get(link)).text
    assert "decide what is published" in seen and "/sign-in?onward=/role/" in seen and "Participant B" not in seen
    assert "Accept the role" not in seen and "Accept the role" not in (seen := (await other.get(link)).text)
    assert "another address" in seen
    refused = await other.post(link, data={"answer": "accept", "listing": "full"})
    assert refused.status_code == 403 and "another address" in refused.text
    assert (await stranger.post(link, data={"answer": "accept", "listing": "full"})).status_code == 401
    assert "Read what it means" in (await mine.get("/me/roles")).text
    assert (await mine.get(f"/c/{SLUG}/moderate")).status_code == 403
    wrong = await mine.post(link, data={"answer": "accept"})
    assert wrong.status_code == 422 and "choose how you want to be listed" in wrong.text
    taken = await mine.post(link, data={"answer": "accept", "listing": "full"})
    assert taken.headers["location"] == "/me/roles?done=accepted"
    assert (await mine.get(f"/c/{SLUG}/moderate")).status_code == 200
    for path in (f"/c/{SLUG}", f"/c/{SLUG}/topics/{AFTER}"):
        assert "Participant B" in (await stranger.get(path)).text
    assert "Participant B" not in (await stranger.get(f"/c/{SLUG}/topics/inclusion")).text
    assert (await stranger.get(link)).status_code == 410
    page = (await mine.get("/me/roles")).text
    leave = re.search(r"/me/roles/[0-9a-f-]+/leave", page)
    assert leave is not None and "The public reads:" in page
    assert (await other.post(leave[0])).status_code == 404
    assert (await mine.post(leave[0].replace("leave", "listing"), data={"listing": "none"})).status_code == 303
    assert "Participant B" not in (await stranger.get(f"/c/{SLUG}")).text
    assert (await mine.post(leave[0])).headers["location"] == "/me/roles?done=left"
    assert (await mine.get(f"/c/{SLUG}/moderate")).status_code == 403


async def test_nobody_is_offered_roles_again_and_again_however_their_address_is_written(
    browse: Browse, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "_TO_AN_ADDRESS", {"most": 1, "per_seconds": 86_400})
    organiser, emails = await browse(made.organiser), ("b@example.org", " B@EXAMPLE.org", "b@ｅxample。org")
    answers = [await organiser.post(PEOPLE, data=FORM | {"email": email}) for email in emails]
    assert [answer.status_code for answer in answers] == [303, 429, 429]
    assert (await organiser.post(PEOPLE, data=FORM | {"email": "none"})).status_code == 422


async def test_taken_back_with_a_reason(browse: Browse, database: Database, made: Made) -> None:
    organiser = await browse(made.organiser)
    page = (await organiser.get(PEOPLE)).text
    [moderator] = re.findall(rf'action="({PEOPLE}/[0-9a-f-]+)"', page)  # one's own is not there
    wrong = await organiser.post(moderator, data={"reason": "x" * 1_001})
    assert wrong.status_code == 422 and "at most 1,000 fit" in wrong.text and "x" * 1_001 in wrong.text
    assert (await organiser.post(moderator, data={"reason": "Thank <b>you</b>."})).status_code == 303
    assert "Moderator C" not in (await organiser.get(PEOPLE)).text


async def test_what_is_refused_is_said_beside_it(browse: Browse, database: Database, made: Made) -> None:
    organiser, moderator = await browse(made.organiser), await browse(made.moderator)
    for given, said in (
        ({"email": "organiser-d@example.org"}, "Nobody gives a role to themselves"),
        ({"email": "nobody<b>"}, "This is not a mail address"),
        ({"email": "moderator-c@example.org"}, "holds this role already"),
        ({"role": "organiser"}, "choose no topic"),
        ({"role": "queen"}, "The role is one of"),
        ({"topic": "none"}, "There is no such topic"),
    ):
        answer = await organiser.post(PEOPLE, data=FORM | given)
        assert answer.status_code == 422 and said in answer.text, given
        assert "nobody<b>" not in answer.text
    mine = re.findall(r"/me/roles/[0-9a-f-]+/leave", (await organiser.get("/me/roles")).text)
    last = await organiser.post(mine[0])
    assert last.status_code == 409 and "Appoint another organiser first." in last.text
    last = await organiser.post("/me/data/erase", data={"texts": "keep", "sure": "yes"})
    assert last.status_code == 409 and "organises “Civil society and cities on migration: " in last.text
    for path in (PEOPLE, f"/c/{SLUG}/organise/balance", f"/c/{SLUG}/organise/organisations"):
        assert (await moderator.get(path)).status_code == 403
    assert (await moderator.post(PEOPLE, data=FORM)).status_code == 403
    async with database.writing() as session:
        assert (await session.scalars(select(RoleOffer.id))).all() == []


async def test_who_has_no_name_yet_gives_one_first(browse: Browse, database: Database, made: Made) -> None:
    organiser = await browse(made.organiser)
    await organiser.post(PEOPLE, data=FORM | {"email": "participant-n@example.org", "topic": "", "language": "en"})
    link = await link_of_offer(database)
    new = await make_person(database, "Participant N")
    async with database.writing() as session:
        await change_profile(session, new, ProfileForm(name="Participant N", organisation="Sample union",
                                                       organisation_kind="union"))  # fmt: skip
    browser = await browse(new)
    assert "by name and organisation" in (await browser.get(link)).text
    declined = await (await browse(made.other)).post(link, data={"answer": "decline"})  # who has the link can
    assert declined.status_code == 200 and "You have declined" in declined.text
    assert "declined" in (await organiser.get(PEOPLE)).text and (await browser.get(link)).status_code == 410
