"""Guiding questions of texts on pages, without a script: those without any, several at once, one by itself."""

import pytest
from httpx import AsyncClient

from app.database import Database
from tests.making import AFTER, BEFORE, SLUG, Made, decide, say
from tests.synthesis.outcome import make_rapporteur
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
LIST = f"{C}/moderate/questions"
HERE = f"{LIST}?topic={AFTER}"


async def test_several_at_once_and_one_by_itself(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    one, two = await say(database, made, title="First <b>text"), await say(database, made, title="Second text")
    asked = await say(database, made, title="Asked text", questions=(f"{AFTER}.b",))
    writer, number = await browse(await make_rapporteur(database, made)), one.number
    assert f'href="{LIST}"' in (await writer.get(f"{C}/synthesis")).text
    page = (await writer.get(HERE)).text
    assert "First &lt;b&gt;text" in page and "Second text" in page and "Asked text" not in page
    assert "Asked text" in (await writer.get(f"{HERE}&question={AFTER}.b")).text
    assert "Second text" in (await writer.get(f"{HERE}&question=all&after={number}")).text
    assert "No such" not in (await writer.get(f"{LIST}?topic=%00&question=x&after=x")).text
    chosen = {"item": [str(one.id), str(two.id)], "questions": [f"{AFTER}.a"], "how": "add"}
    for wrong, status in (
        ({"questions": []}, 422), ({"item": []}, 422), ({"questions": [f"{BEFORE}.a"]}, 422), ({"how": "x"}, 400),
        ({"item": ["x"]}, 400),
    ):  # fmt: skip
        refused = await writer.post(HERE, data=chosen | wrong)
        assert refused.status_code == status, wrong
        if status == 422:
            assert 'id="faults"' in refused.text and (f'value="{one.id}"' in refused.text)
    kept = await writer.post(HERE, data=chosen | {"questions": [f"{BEFORE}.a"]})
    assert kept.text.count(" checked>") >= 2 and "has no question inclusion.a" in kept.text
    done = await writer.post(HERE, data=chosen)
    assert done.status_code == 303 and done.headers["location"] == f"{HERE}&question=none&done=classified"
    assert "Second text" not in (await writer.get(HERE)).text
    assert "done=same" in (await writer.post(HERE, data=chosen)).headers["location"]
    shown = (await stranger.get(f"{C}/{number}")).text
    assert "Answers these guiding questions" in shown and f'href="{C}/{number}/questions"' not in shown
    assert "The guiding questions that contribution 1 answers were set" in (await stranger.get(f"{C}/record")).text

    moderator, place = await browse(made.moderator), f"{C}/{number}/questions"
    for path in (f"{C}/{number}", f"{C}/{number}/moderate"):
        assert f'href="{place}"' in (await moderator.get(path)).text
    assert f'value="{AFTER}.a" id="f-questions" checked' in (await moderator.get(place)).text
    assert (await moderator.post(place, data={"questions": "nowhere.a"})).status_code == 422
    assert (await moderator.post(place, data={})).headers["location"] == f"{C}/{number}?done=classified"
    assert "Answers these guiding questions" not in (await stranger.get(f"{C}/{number}")).text
    for who in (made.participant, made.other):
        other = await browse(who)
        for path in (LIST, place):
            assert (await other.get(path)).status_code == 403 == (await other.post(path, data=chosen)).status_code
    assert (await stranger.get(LIST)).status_code == 303 == (await stranger.get(place)).status_code
    await decide(database, made, "hide", asked.id)
    assert (await moderator.get(f"{C}/{asked.number}/questions")).status_code == 404
