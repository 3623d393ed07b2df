"""Coding on pages: read, put codes on, compare, merge and split, without a script; and who is sent away."""

import re

import pytest
from httpx import AsyncClient

from app.contributions import actions as texts
from app.database import Database
from app.readings.coding import coding_desk
from tests.counting import counted
from tests.making import AFTER, BEFORE, SLUG, Made, decide, say
from tests.synthesis.outcome import make_rapporteur
from tests.web.conftest import Browse
from tests.web.pages import heading

pytestmark = pytest.mark.anyio
DESK = f"/c/{SLUG}/synthesis/coding"
BOOK = f"/c/{SLUG}/synthesis/codes"
BODY = "Cities <b>count</b> the *hours* of the desk."


async def test_a_text_is_read_coded_and_compared(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    text = await say(database, made, body=BODY, language="es", questions=("diasporas.a",))
    await say(database, made, actor=made.other, title="Another", body="Said <i>next</i>.")
    one, two = await browse(await make_rapporteur(database, made)), await browse(made.organiser)
    page = (await one.get(DESK)).text
    assert "Another" in page and "There is no code yet." in page and "0 of 2 read by you" in page
    begin = (await one.get(f"/c/{SLUG}/synthesis")).text
    assert f'href="{DESK}"' in begin and f'href="/c/{SLUG}/proceedings"' in begin
    assert (await one.get(f"/c/{SLUG}/proceedings")).status_code == 200

    # From the desk: what is refused comes back on the text's page with the words in it.
    refused = await one.post(f"{DESK}/1", data={"name": "Costs <x>", "passage": "the minutes", "from": "desk"})
    assert refused.status_code == 422 and "not in the text" in refused.text
    assert "the minutes</textarea>" in refused.text and 'value="Costs &lt;x&gt;"' in refused.text
    sent = {"name": "Costs <x>", "passage": "the hours of", "revision": "1", "from": "desk"}
    put = await one.post(f"{DESK}/1?language=es", data=sent)
    assert put.headers["location"] == f"{DESK}?language=es&done=coded#t1"
    put = await one.post(
        f"{DESK}/1?state=uncoded", data={"name": "COSTS <X>", "from": "desk"}
    )  # it is not listed there
    assert put.headers["location"] == f"{DESK}/1?state=uncoded&done=coded"
    page = (await one.get(f"{DESK}/1")).text
    assert page.count("<bdi>Costs &lt;x&gt;</bdi>") == 3 and "the hours of</q>" in page and "on the whole text" in page
    code = re.findall(rf"{BOOK}/([0-9a-f-]{{36}})", page)[0]

    # From a coding to a citation: its words are in the form, from the text's page and from the code's.
    cites = re.findall(rf'href="(/c/{SLUG}/1/cite\?coding=[^"]+)"', page)
    assert len(cites) == 2 and set(cites) == set(
        re.findall(r'href="([^"]+/cite[^"]+)"', (await one.get(f"{BOOK}/{code}")).text)
    )
    forms = [(await one.get(each)).text for each in cites]
    assert [form.count("the hours of</textarea>") for form in forms] in ([1, 0], [0, 1])
    for strange in ("x", "\ud800", code):
        asked = await one.get(f"/c/{SLUG}/1/cite", params={"coding": strange.encode("utf-8", "surrogatepass")})
        assert asked.status_code in (200, 400) and "the hours of</textarea>" not in asked.text
    assert (await (await browse(made.participant)).get(cites[0])).status_code == 403

    # Others' codings are apart: seen when asked for, and not to be taken off.
    await two.post(f"{DESK}/1", data={"code": code, "passage": ""})
    own, theirs = (await two.get(f"{DESK}/1")).text, (await two.get(f"{DESK}/1?whose=all")).text
    assert "the hours of" not in own and "the hours of</q>" in theirs and "<bdi>Rapporteur R</bdi>" in theirs
    coding = re.findall(r'name="coding" value="([^"]+)"', page)[0]
    assert (await two.post(f"{DESK}/1/codings", data={"coding": coding})).status_code == 403
    assert (await one.post(f"{DESK}/1/codings", data={"coding": "x"})).status_code == 400

    # Filters combine; what is not ours narrows nothing.
    for query, shown in (
        (f"code={code}", [1]), (f"topic={AFTER}&language=es&question=diasporas.a&channel=web", [1]),
        ("region=Asia&organisation_kind=diaspora", [1]), (f"topic={BEFORE}", []), ("state=unread", [2]),
        ("state=uncoded", [2]), (f"code={code}&state=unread", []), ("after=1", [2]), ("channel=paper", []),
        ("state=x&code=x&after=x", [1, 2]),
    ):  # fmt: skip
        assert _numbers((await one.get(f"{DESK}?{query}")).text) == shown, query

    # Read, and to be read again once it says something else.
    refused = await one.post(f"{DESK}/read", data={"further": "20"})
    assert refused.status_code == 422 and "<strong>Please choose between one and 50 contributions." in refused.text
    ids = re.findall(r'name="item" value="([^"]+)"', (await one.get(f"{DESK}?state=unread")).text)
    assert (await one.post(f"{DESK}/read", data={"item": ids[0]})).headers["location"] == f"{DESK}?done=read"
    assert "2 of 2 read by you, 1 coded by you, 1 by anybody" in (await one.get(DESK)).text
    async with database.writing() as session:
        await texts.edit(session, made.participant, text.id, 1, {"body": "Hours, of late."})
    page = (await one.get(f"{DESK}?state=unread")).text
    assert _numbers(page) == [1] and "revised since you read it" in page and "since revised" in page
    assert "1 of 2 read by you, 1 coded by you" in (await one.get(DESK)).text
    again = await one.post(f"{DESK}/1/read", data={"do": "next", "revision": "2"})
    assert again.headers["location"] == f"{DESK}/1?done=read" and _numbers((await one.get(DESK)).text) == [1, 2]
    assert (await one.post(f"{DESK}/2/read", data={"do": "again"})).headers["location"] == f"{DESK}/2?done=unread"
    assert _numbers((await one.get(f"{DESK}?state=unread")).text) == [2]

    held = (await one.get("/me/data/download")).json()
    assert [(each["code"], each["revision"], each["begin"]) for each in held["codings"]] == [
        ("Costs <x>", 1, 20), ("Costs <x>", 1, None),
    ]  # fmt: skip
    assert [each["revision"] for each in held["texts_read"]] == [2] and held["memos"] == []

    # Nothing of a text that left the public is shown, and its codings stay.
    await decide(database, made, "hide", text.id)
    assert _numbers((await one.get(DESK)).text) == [2] and (await one.get(f"{DESK}/1")).status_code == 404
    page = (await one.get(f"{BOOK}/{code}")).text
    assert page.count("Hidden") == 3 and "hours" not in page and "of late" not in page


async def test_the_code_book_is_changed_merged_and_split(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, body=BODY)
    one = await browse(await make_rapporteur(database, made))
    refused = await one.post(BOOK, data={"name": "x" * 201, "definition": "When <it> is", "colour": "pink"})
    assert refused.status_code == 422 and "When &lt;it&gt; is</textarea>" in refused.text
    for name in ("First", "Second"):
        assert (await one.post(BOOK, data={"name": name})).headers["location"] == f"{BOOK}?done=made"
    first, second = re.findall(rf'href="{BOOK}/([0-9a-f-]{{36}})"', (await one.get(BOOK)).text)
    for passage in ("Cities", "the hours", "the desk"):
        await one.post(f"{DESK}/1", data={"code": [first], "passage": passage})
    page = f"{BOOK}/{first}"
    changed = await one.post(page, data={"name": "Renamed", "parent": second, "colour": "red"})
    assert changed.headers["location"] == f"{page}?done=changed"
    shown = (await one.get(page)).text
    assert heading(await one.get(page)) == "Renamed" and "Name: was “First”" in shown and "Beneath: was empty" in shown
    chosen = re.findall(r'name="coding" value="([^"]+)"', shown)
    refused = await one.post(f"{page}/split", data={"coding": chosen[0], "part": "SECOND", "parent": ""})
    assert refused.status_code == 422 and f'value="{chosen[0]}" aria-label="Contribution 1" checked' in refused.text
    assert "SECOND" in refused.text and (await one.post(f"{page}/split", data={"part": "Part"})).status_code == 422
    split = await one.post(f"{page}/split", data={"coding": chosen[:2], "part": "Part", "parent": second})
    part = split.headers["location"].partition("?")[0]
    assert "the hours" in (await one.get(part)).text and "Made from a part of “Renamed”" in (await one.get(part)).text
    assert "Split: a part is “Part” now (2 codings)" in (await one.get(page)).text

    asked = await one.get(f"{page}/merge")
    assert "One coding goes to the other code" in asked.text and first not in re.findall(r'value="(.*?)"', asked.text)
    assert (await one.post(f"{page}/merge", data={"into": ""})).status_code == 422
    merged = await one.post(f"{page}/merge", data={"into": second})
    assert merged.headers["location"] == f"{BOOK}/{second}?done=merged"
    assert "“Renamed” was merged into it (one coding)" in (await one.get(f"{BOOK}/{second}")).text
    gone = (await one.get(page)).text
    assert "Merged into “Second” (one coding)" in gone and "Change it" not in gone and "Retire it" not in gone
    assert (await one.post(page, data={"name": "Again"})).status_code == 409
    for do, done in (("", "retired"), ("resume", "resumed")):
        assert (await one.post(f"{part}/retire", data={"do": do})).headers["location"] == f"{part}?done={done}"

    # Memos, about each kind of thing; each takes away only their own.
    coding = re.findall(r'name="coding" value="([^"]+)"', (await one.get(f"{DESK}/1")).text)[0]
    for where, about in ((f"{DESK}/1", ""), (f"{DESK}/1", coding), (part, "")):
        kept = await one.post(f"{where}/memos", data={"memo": f"Is <it> so? ({about})", "about": about})
        assert kept.headers["location"] == f"{where}?done=noted"
        assert (await one.post(f"{where}/memos", data={"memo": " ", "about": about})).status_code == 422
        shown = (await one.get(where)).text
        assert f"Is &lt;it&gt; so? ({about})" in shown
        memo = re.findall(r'name="remove" value="([^"]+)"', shown)[0]
        other = await browse(made.organiser)
        assert (await other.post(f"{where}/memos", data={"remove": memo})).status_code == 403
        assert (await one.post(f"{where}/memos", data={"remove": memo})).headers["location"] == f"{where}?done=unnoted"


async def test_nobody_else_sees_or_does_any_of_it(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    one = await browse(await make_rapporteur(database, made))
    await one.post(f"{DESK}/1", data={"name": "Costs"})
    code = re.findall(rf"{BOOK}/([0-9a-f-]{{36}})", (await one.get(BOOK)).text)[0]
    reads = (DESK, f"{DESK}/1", BOOK, f"{BOOK}/{code}", f"{BOOK}/{code}/merge")
    writes = (
        f"{DESK}/read", f"{DESK}/1", f"{DESK}/1/read", f"{DESK}/1/codings", f"{DESK}/1/memos", BOOK, f"{BOOK}/{code}",
        f"{BOOK}/{code}/split", f"{BOOK}/{code}/retire", f"{BOOK}/{code}/memos", f"{BOOK}/{code}/merge",
    )  # fmt: skip
    for actor in (made.participant, made.moderator):
        browser = await browse(actor)
        for path in reads:
            assert (await browser.get(path)).status_code == 403, path
        for path in writes:
            sent = {"name": "x", "item": f"{code}:1", "coding": code, "memo": "x", "into": code, "part": "x"}
            assert (await browser.post(path, data=sent)).status_code == 403, path
    for path in reads:
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in")


async def test_the_desk_asks_as_many_questions_for_one_text_as_for_many(database: Database, made: Made) -> None:
    async def questions() -> int:
        async with database.writing() as session, counted(database) as statements:
            found, _more = await coding_desk.texts(session, made.organiser, made.id, coding_desk.Asked(), 20)
            assert found
        return len(statements)

    await say(database, made)
    alone = await questions()
    for _n in range(3):
        await say(database, made)
    assert await questions() == alone


def _numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li class="entry" id="t(\d+)"', page)]
