"""The public moderation log through the API."""

import hashlib
from typing import Any

import pytest
import rfc8785

from app.database import Database
from app.moderation.actions import hide
from app.moderation.deciding import Grounds
from tests.api.talk import Talk
from tests.making import BEFORE
from tests.moderation.appealing import appeal, newest_decision

pytestmark = pytest.mark.anyio


def matches(commitment: dict[str, Any], **content: Any) -> bool:
    """Whether the hash is of this content."""
    return bool(
        hashlib.sha256(bytes.fromhex(commitment["salt"]) + rfc8785.dumps(content)).hexdigest() == commitment["hash"]
    )


async def test_a_decision_with_its_reason_can_be_checked(said: Talk) -> None:
    text = await said.posted()
    await said.decide(text["id"], "hide", reason="It names somebody.", rule="4", note="For us.")
    (found,) = (await said.read(f"{said.home}/decisions"))["items"]
    entry = (await said.read(f"{said.home}/changes", after=found["seq"] - 1, limit=1))["items"][0]
    assert (found["act"], found["rule"], found["reason"]) == ("hide", "4", "It names somebody.")
    assert (found["number"], found["contribution"]) == (1, text["id"]) and found["contribution_url"] == text["url"]
    assert (found["role"], found["decider_name"], found["reason_is"]) == ("moderator", None, "shown")
    assert found["commitment"]["hash"] == entry["hash"] and entry["subject"] == found["id"]
    assert matches(found["commitment"], act="hide", rule="4", reason="It names somebody.")
    assert "For us." not in str(found)
    assert found["url"].endswith(f"/c/{said.made.slug}/decisions/{found['seq']}")


async def test_of_what_was_never_public_it_says_only_that(said: Talk) -> None:
    text = await said.posted(topic=BEFORE, title="Quagga", body="Quagga.")
    await said.decide(text["id"], "reject", reason="Quagga.", revision=text["waiting"]["revision"])
    (found,) = (await said.read(f"{said.home}/decisions"))["items"]
    assert "Quagga" not in str(found) and text["id"] not in str(found)
    assert found["reason_is"] == "withheld" and found["commitment"]["salt"] is None and found["commitment"]["hash"]
    assert [found[name] for name in ("number", "contribution", "contribution_url", "reason", "appeal")] == [None] * 5
    assert (await said.read(f"{said.home}/decisions", "moderator"))["items"] == [found]  # whatever the key


async def test_an_approval_needs_no_reason(said: Talk) -> None:
    text = await said.posted(topic=BEFORE)
    await said.decide(text["id"], "approve", revision=text["waiting"]["revision"])
    (found,) = (await said.read(f"{said.home}/decisions"))["items"]
    assert (found["act"], found["reason"], found["reason_is"], found["number"]) == ("approve", None, "none", 1)
    assert matches(found["commitment"], act="approve", rule=None, reason=None)


async def test_pages_stay_where_they_are_while_more_is_decided(said: Talk) -> None:
    text = await said.posted()
    for act in ("hide", "restore") * 3:
        await said.decide(text["id"], act)
    whole = [each["seq"] for each in (await said.read(f"{said.home}/decisions"))["items"]]
    assert whole == sorted(whole, reverse=True) and len(whole) == 6
    for sort, order in (("-seq", whole), ("seq", whole[::-1])):
        page = await said.read(f"{said.home}/decisions", limit=4, sort=sort)
        assert [each["seq"] for each in page["items"]] == order[:4]
        await said.decide(text["id"], "hide")
        await said.decide(text["id"], "restore")
        rest = await said.read(page["next"])
        assert [each["seq"] for each in rest["items"]][:2] == order[4:]
        other = page["next"].replace(f"sort={sort}", f"sort={'seq' if sort == '-seq' else '-seq'}")
        assert (await said.get(other)).status_code == 400  # a cursor is good for one order
    assert (await said.get(f"{said.home}/decisions", cursor="none")).status_code == 400
    assert (await said.get(f"{said.home}/decisions", act="burn")).status_code == 422


async def test_one_contribution(said: Talk) -> None:
    for _ in range(2):
        await said.decide((await said.posted())["id"], "hide")
    found = (await said.read(f"{said.home}/decisions", number=2))["items"]
    assert [each["number"] for each in found] == [2]
    assert (await said.read(f"{said.home}/decisions", number=3))["items"] == []
    await said.decide(found[0]["contribution"], "restore")
    found = (await said.read(f"{said.home}/decisions", act="restore"))["items"]
    assert [(each["act"], each["number"]) for each in found] == [("restore", 2)]


async def test_appeals(said: Talk, database: Database) -> None:
    text = await said.posted()
    async with database.writing() as session:
        await hide(session, said.made.moderator, text["id"], None, Grounds("Too long.", "1", signed=True))
    await appeal(database, said.made, await newest_decision(database), "overturned", by_same=True)
    (found,) = (await said.read(f"{said.home}/decisions"))["items"]
    assert found["decider_name"] == "Moderator C"
    told = found["appeal"]
    assert (told["outcome"], told["by_same"], told["role"]) == ("overturned", True, "organiser")
    assert matches(told["commitment"], outcome="overturned", reason="It broke no rule.")
    assert told["reason"] == "It broke no rule." and told["commitment"]["seq"] > found["seq"]


async def test_what_has_not_changed_is_not_sent_again(said: Talk) -> None:
    for address in (f"{said.home}/decisions", f"{said.home}/decisions/figures"):
        first = await said.get(address)
        assert first.headers["cache-control"] == "public, max-age=0, s-maxage=2"
        known = {"If-None-Match": first.headers["etag"]}
        assert (await said.ask("GET", address, None, headers=known)).status_code == 304
        await said.decide((await said.posted())["id"], "hide")
        assert (await said.ask("GET", address, None, headers=known)).status_code == 200
    assert (await said.get("/api/v1/consultations/none/decisions")).status_code == 404
    assert (await said.get("/api/v1/consultations/none/decisions/figures")).status_code == 404


async def test_figures_of_this_month(said: Talk) -> None:
    text = await said.posted()
    await said.decide(text["id"], "hide")
    found = await said.read(f"{said.home}/decisions/figures")
    assert found["next"] is None and found["through"] is None
    (month,) = found["items"]
    assert (month["published"], month["hidden"], month["received"], month["median_hours"]) == (1, 1, None, None)
