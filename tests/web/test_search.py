"""The search page and `q` of the API: the same answers, safe whatever is looked for."""

import pytest
from httpx import AsyncClient

from app.database import Database
from tests.making import BEFORE, SLUG, Made, make, say

pytestmark = pytest.mark.anyio
PAGE, LIST = f"/c/{SLUG}/search", f"/api/v1/consultations/{SLUG}/contributions"


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def test_page_and_api_find_the_same(client: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, title="Schools <first>", body="Language courses, *please*, & more.", language="en")
    await say(database, made, title="Courses", body="Cursos de idiomas.", language="es")
    await say(database, made, topic=BEFORE, title="Courses that wait", body="Courses.")
    page = (await client.get(PAGE, params={"q": "course", "language": "en"})).text
    assert "Schools &lt;first&gt;" in page and "<mark>courses</mark>, please, &amp; more" in page
    assert "Courses that wait" not in page and "Cursos" not in page and 'value="course"' in page
    for q, language, numbers in (("course", "en", [1]), ("course", None, [1, 2]), ("course -language", None, [2])):
        narrow = {"q": q} | ({"language": language} if language else {})
        found = (await client.get(LIST, params=narrow)).json()["items"]
        assert [each["number"] for each in found] == numbers
    assert (await client.get(LIST, params={"q": "course", "kind": "reply"})).json()["items"] == []


async def test_odd_questions_are_answered(client: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made)
    for odd in ("!!!", "a & | !b:* 'c", "\\'", "(((", '"', "<script>alert(1)</script>", "'; --", "😀", "x" * 201):
        page = await client.get(PAGE, params={"q": odd})
        assert page.status_code == (422 if len(odd) > 200 else 200) and "<script>alert" not in page.text
        assert (await client.get(LIST, params={"q": odd})).status_code == (422 if len(odd) > 200 else 200)
    for odd in ("since=2016-13-40", "kind=none", "language=%00", "before=99999999999999", "channel=fax", "topic=none"):
        assert (await client.get(f"{PAGE}?q=proposal&{odd}")).status_code == 200
    assert "Words to look for" in (await client.get(PAGE)).text
