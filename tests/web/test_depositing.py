"""The choice whether a text goes into a research archive: in the forms, and on one's own pages."""

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.contributions.models import Contribution, Deposit
from app.database import Database
from app.web.me import my_deposits
from tests.making import AFTER, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio
BOX = '<input type="checkbox" name="deposit" value="yes"'


async def agreed(database: Database) -> list[str | None]:
    """The channels of the texts that may be archived, by number."""
    async with database.writing() as session:
        query = select(Contribution.channel).join(Deposit, Deposit.contribution_id == Contribution.id)
        return list(await session.scalars(query.order_by(Contribution.number)))


async def test_it_is_asked_in_each_form(browse: Browse, database: Database, made: Made) -> None:
    mine = await browse(made.participant)
    page = await mine.get(f"/c/{SLUG}/contribute?topic={AFTER}")
    assert f"{BOX}>" in page.text
    form = {"id": hidden(page, "id"), "topic": AFTER, "kind": "proposal", "title": "A proposal", "body": "Words.",
            "language": "en", "deposit": "yes"}  # fmt: skip
    preview = await mine.post(f"/c/{SLUG}/contribute", data=form | {"do": "preview"})
    assert f"{BOX} checked>" in preview.text
    sent = await mine.post(f"/c/{SLUG}/contribute", data=form | {"do": "send"})
    assert sent.status_code == 303 and await agreed(database) == ["web"]
    assert BOX in (await mine.get(sent.headers["location"])).text  # the form for a reply
    assert f"{BOX} checked>" in (await mine.get(f"/c/{SLUG}/1/edit")).text
    edit = {"title": "A proposal", "body": "Words.", "language": "en", "based_on": "1", "do": "save"}
    await mine.post(f"/c/{SLUG}/1/edit", data=edit)
    assert await agreed(database) == []
    desk = await browse(made.moderator)
    page = await desk.get(f"/c/{SLUG}/moderate/transcribe")
    entered = {"id": hidden(page, "id"), "channel": "paper", "date": "2016-09-01", "language": "en",
               "points.0.about": AFTER, "points.0.body": "On paper.", "points.0.deposit": "yes",
               "points.0.kind": "experience", "points.0.consent": "none", "points.0.said": "floor",
               "points.0.organisation_kind": "other"}  # fmt: skip
    sent = await desk.post(f"/c/{SLUG}/moderate/transcribe", data=entered)
    assert sent.status_code == 303 and await agreed(database) == ["paper"]
    assert "The source agreed" in (await desk.get(f"/c/{SLUG}/2/edit")).text


async def test_it_is_changed_at_any_time(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_deposits, "SHOWN", 2)
    texts = [await say(database, made, title=f"Text {n}") for n in range(3)]
    theirs = await say(database, made, actor=made.other)
    mine = await browse(made.participant)
    page = (await mine.get("/me/deposits")).text
    assert page.count("not to be archived") == 2 and "Text 0" not in page
    assert "Text 0" in (await mine.get(f"/me/deposits?before={texts[1].id}")).text
    changed = await mine.post(f"/me/deposits/{texts[0].id}", data={"do": "agree", "before": str(texts[1].id)})
    assert changed.headers["location"] == f"/me/deposits?before={texts[1].id}&done=saved"
    assert len(await agreed(database)) == 1
    assert "may be archived" in (await mine.get(changed.headers["location"])).text
    await mine.post("/me/deposits", data={"do": "agree"})
    assert len(await agreed(database)) == 3
    held = (await mine.get("/me/data/download")).json()
    assert [each["id"] for each in held["deposits"]] == [str(each.id) for each in texts]
    assert all(each["given"] for each in held["deposits"]) and [each["deposit"] for each in held["contributions"]]
    for address, sent, status in (
        (f"/me/deposits/{theirs.id}", {"do": "agree"}, 403),
        (f"/me/deposits/{texts[0].id}", {"do": "perhaps"}, 400),
        (f"/me/deposits/{texts[0].id}", {"do": "agree", "before": "x"}, 400),
        ("/me/deposits", {}, 400),
    ):
        assert (await mine.post(address, data=sent)).status_code == status, address
    assert (await stranger.post("/me/deposits", data={"do": "take-back"})).status_code in (303, 401)
    await mine.post("/me/deposits", data={"do": "take-back"})
    assert await agreed(database) == []
