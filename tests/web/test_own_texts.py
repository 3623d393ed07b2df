"""What somebody has written: the newest on their page, all of it within reach."""

import pytest
from httpx import AsyncClient

from app.database import Database
from app.web.me import me, my_contributions
from tests.making import Made, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio


async def test_all_that_one_has_written_is_within_reach(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(me, "SHOWN", 1)
    monkeypatch.setattr(my_contributions, "SHOWN", 1)
    texts = [await say(database, made, title=f"Text {n}") for n in range(3)]
    await say(database, made, actor=made.other, title="Another’s")
    mine = await browse(made.participant)
    page, seen = "/me", []
    for text in reversed(texts):
        said = (await mine.get(page)).text
        seen += [n for n in range(3) if f">Text {n}</a>" in said]
        assert "Another’s" not in said
        page = f"/me/contributions?before={text.id}"
        assert (page in said) == (text is not texts[0])
    assert seen == [2, 1, 0]
    assert ">Text 2</a>" in (await mine.get("/me/contributions")).text
    assert (await stranger.get("/me/contributions")).headers["location"].startswith("/sign-in")
