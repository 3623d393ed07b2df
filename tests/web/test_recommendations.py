"""The outcome on pages: cited from the text in two actions, published from the checklist, read by everyone."""

from uuid import UUID

import pytest
from httpx import AsyncClient

from app.contributions import actions as texts
from app.database import Database
from app.synthesis import actions
from tests.making import AFTER, SLUG, Made, decide, say
from tests.synthesis.outcome import begin, cite, make_rapporteur, publish, published
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
DESK = f"{C}/synthesis"
FIELDS = {
    "topic": AFTER, "title": "Count <the> hours", "statement": "As #1 says: **count** them.", "language": "en",
    "addressee_name": "The city of Quezon", "addressee_kind": "city",
}  # fmt: skip


async def test_from_a_text_to_a_public_recommendation(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    text = await say(database, made, body="We counted the *hours* of the desk.")
    await say(database, made, actor=made.other, title="Against", body="Hours are not all.")
    reader = await browse(await make_rapporteur(database, made))
    page = await reader.get(f"{C}/1")
    assert "Cite it" in page.text and "What became of it" not in page.text
    assert "Cite it" not in (await stranger.get(f"{C}/1")).text
    refused = await reader.post(f"{C}/1/cite", data={"draft": "", "passage": "the minutes", "stance": "support"})
    assert refused.status_code == 422 and "not in the text" in refused.text and "the minutes" in refused.text
    cited = await reader.post(f"{C}/1/cite", data={"draft": "", "passage": "the hours of the", "stance": "support"})
    draft = cited.headers["location"].partition("?")[0]
    assert draft.startswith(f"{DESK}/")
    id = draft.rpartition("/")[2]
    await reader.post(f"{C}/2/cite", data={"draft": id, "passage": "", "stance": "dissent"})
    blocked = await reader.post(f"{draft}/publish", data={"stage": "final"})
    assert blocked.status_code == 422 and "Please give it a title." in blocked.text
    assert (await reader.post(draft, data=FIELDS)).headers["location"] == f"{draft}?done=saved"
    seen = (await reader.get(draft)).text
    assert "Everything is there." in seen and "the hours of the" in seen and "Count &lt;the&gt; hours" in seen
    for browser in (stranger, await browse(made.participant)):
        assert "Count" not in (await browser.get(f"{C}/recommendations")).text
        assert (await browser.get(f"{C}/recommendations/1")).status_code == 404
    assert "Recommendations: what comes of it" not in (await stranger.get(C)).text
    done = await reader.post(f"{draft}/publish", data={"stage": "final"})
    assert done.headers["location"] == f"{C}/recommendations/1?done=published"

    listed, one = await stranger.get(f"{C}/recommendations"), await stranger.get(f"{C}/recommendations/1")
    assert "Count &lt;the&gt; hours" in listed.text and "<dt>Cited</dt><dd>2</dd>" in listed.text
    assert "rests on one contribution" in listed.text and "one disagrees" in listed.text
    assert heading(one) == "Count <the> hours" and f'href="{C}/1/history#r1"' in one.text
    assert "the hours of the" in one.text and "Hours are not all." in one.text and "Sample network" in one.text
    feed = (await stranger.get(f"{C}/recommendations/feed.json")).json()
    assert [each["title"] for each in feed["items"]] == ["1. Count <the> hours"]
    assert (await stranger.get(f"{C}/recommendations/feed.xml")).status_code == 404
    assert f"{C}/recommendations</loc>" in (await stranger.get(f"{C}/sitemap-1.xml")).text
    assert one.headers["etag"] and "public" in one.headers["cache-control"]
    assert "Recommendations: what comes of it" in (await stranger.get(C)).text
    assert "cited in recommendation" in (await stranger.get(f"{C}/1")).text
    assert f'href="{C}/recommendations/1"' in (await stranger.get(f"{C}/record")).text

    async with database.writing() as session:
        await texts.edit(session, made.participant, text.id, 1, {"body": "Hours, of late."})
    await decide(database, made, "hide", (await _id(database, 2)))
    one = await stranger.get(f"{C}/recommendations/1")
    assert "since revised" in one.text and "the hours of the" in one.text
    assert "Hours are not all." not in one.text and "Cited, and no longer public: Hidden." in one.text
    desk = (await reader.get(DESK)).text
    assert "Cited texts that changed" in desk and "Contribution 2</a>: Hidden" in desk
    assert "Hours are not all." not in desk

    again = (await reader.post(f"{DESK}/{id}/revise")).headers["location"]
    seen = (await reader.get(again)).text
    assert "take the citation away" in seen and "Open it for comment" not in seen
    assert (await reader.post(f"{again}/discard")).headers["location"] == f"{DESK}?done=discarded"
    assert (await reader.get(again)).status_code == 404
    assert (await stranger.get(f"{C}/recommendations/1/versions")).status_code == 200


async def test_marked_one_or_many(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    made_texts = [await say(database, made, title=f"Text {n}", questions=("diasporas.a",)) for n in range(4)]
    rapporteur = await make_rapporteur(database, made)
    reader, page = await browse(rapporteur), f"{DESK}/coverage"
    given = {"item": [str(each.id) for each in made_texts[1:3]], "reason": "general", "do": "mark"}
    refused = await reader.post(page, data=given | {"reason": ""})
    assert refused.status_code == 422 and refused.text.count(" checked") == 2
    done = await reader.post(f"{page}?question=diasporas.a", data=given)
    assert done.headers["location"] == f"{page}?question=diasporas.a&done=marked&of_anew=2"
    assert "too general to act upon" in (await reader.get(page)).text
    shown = (await reader.get(f"{page}?state=neither&question=diasporas.a&kind=proposal&region=Asia")).text
    assert 'href="/c/mayoral-forum-2016/1">1</a>' in shown and 'href="/c/mayoral-forum-2016/2">2</a>' not in shown
    assert "There are none of these." in (await reader.get(f"{page}?kind=question&after=9999999999")).text
    assert "What became of it" not in (await stranger.get(f"{C}/2")).text
    await published(database, rapporteur, made, made_texts[0])
    assert "read, and not used: too general to act upon." in (await stranger.get(f"{C}/2")).text
    assert "not cited in any recommendation" in (await stranger.get(f"{C}/4")).text
    table = (await stranger.get(f"{C}/recommendations")).text.split('<table class="coverage">')[1].split("</table>")[0]
    topics = [part.split("</bdi>")[0] for part in table.split('scope="rowgroup" colspan="5"><bdi>')[1:]]
    assert [title.split()[0] for title in topics] == ["Inclusion,", "Diasporas"]
    assert table.index("Diasporas") < table.index("a. Which partnerships") and table.count("<bdi>a. ") == 2
    many = {"item": [str(each.id) for each in made_texts], "reason": "general", "do": "mark"}
    said = (await reader.get((await reader.post(page, data=many)).headers["location"])).text
    for sentence in ("One is marked as read", "One was left out because it is cited.", "2 were marked so before."):
        assert sentence in said, sentence
    assert "left out" not in (await reader.get(f"{page}?done=marked&of_cited=%D9%A1&of_anew=x")).text
    await reader.post(page, data={"item": many["item"][3], "do": "again"})
    held = (await reader.get("/me/data/download")).json()
    assert [each["title"] for each in held["recommendations"]] == ["Count the hours"]
    assert [each["reason"] for each in held["set_aside"]] == ["general", "general"]
    await reader.post(page, data={"item": given["item"], "do": "again"})
    assert "not cited in any recommendation" in (await stranger.get(f"{C}/2")).text


async def test_nobody_else_gets_there(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    text = await say(database, made)
    pages = (DESK, f"{DESK}/new", f"{DESK}/coverage", f"{DESK}/{text.id}", f"{DESK}/{text.id}/discard", f"{C}/1/cite")
    forms = (f"{DESK}/new", f"{DESK}/coverage", f"{DESK}/{text.id}", f"{DESK}/{text.id}/publish", f"{C}/1/cite",
             f"{DESK}/{text.id}/citations", f"{DESK}/{text.id}/revise", f"{DESK}/{text.id}/discard")  # fmt: skip
    for path in pages:
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in")
    for browser, status in ((stranger, 401), (await browse(made.moderator), 403)):
        assert [(await browser.post(path, data=FIELDS)).status_code for path in forms] == [status] * len(forms)
    moderator, organiser = await browse(made.moderator), await browse(made.organiser)
    assert [(await moderator.get(path)).status_code for path in pages] == [403] * len(pages)
    assert [(await organiser.get(path)).status_code for path in pages] == [200, 200, 200, 404, 404, 200]
    assert (await organiser.post(f"{C}/1/cite", data={"draft": "x"})).status_code == 400
    assert (await organiser.post(f"{C}/1/cite", data={"draft": str(text.id)})).status_code == 404
    assert (await organiser.post(f"{DESK}/coverage", data={"item": "x", "reason": "scope"})).status_code == 400
    refused = await organiser.post(f"{DESK}/new", data=FIELDS | {"title": "x" * 201, "topic": "\x00"})
    assert refused.status_code == 422 and "x" * 201 in refused.text
    for number in ("0", "99999999999999999999"):
        assert (await stranger.get(f"{C}/recommendations/{number}")).status_code == 404


async def _id(database: Database, number: int) -> UUID:
    from sqlalchemy import select

    from app.contributions.models import Contribution

    async with database.writing() as session:
        return (await session.scalars(select(Contribution.id).where(Contribution.number == number))).one()


async def test_commented_on(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    rapporteur = await make_rapporteur(database, made)
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, await say(database, made))
    await publish(database, rapporteur, begun.id, "open")
    form, mine = f"{C}/contribute", await browse(made.participant)
    assert f'href="{form}?recommendation=1"' in (await stranger.get(f"{C}/recommendations/1")).text
    page = await mine.get(f"{form}?recommendation=1")
    assert heading(page) == "Comment on recommendation 1" and 'name="recommendation" value="1"' in page.text
    given = {"id": hidden(page, "id"), "topic": AFTER, "recommendation": "1", "kind": "question", "language": "en",
             "title": "Mornings?", "body": "And the mornings?", "do": "send"}  # fmt: skip
    sent = await mine.post(form, data=given | {"title": ""})
    assert sent.status_code == 422 and 'name="recommendation" value="1"' in sent.text
    assert (await mine.post(form, data=given)).headers["location"] == f"{C}/2?done=posted"
    assert "Mornings?" in (await stranger.get(f"{C}/recommendations/1")).text
    assert "A comment on recommendation 1" in (await stranger.get(f"{C}/2")).text
    for path in ("2", "0", "99999999999999"):
        assert (await mine.get(f"{form}?recommendation={path}")).status_code == 404
    async with database.writing() as session:
        await actions.revise(session, rapporteur, begun.id)
    await publish(database, rapporteur, begun.id, "final")
    assert "is not open for comment" in (await mine.get(f"{form}?recommendation=1")).text
    late = await mine.post(form, data=given | {"id": str(begun.id)})
    assert late.status_code == 409 and "And the mornings?" in late.text


async def test_answered(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    rapporteur = await make_rapporteur(database, made)
    await published(database, rapporteur, made, await say(database, made))
    address = f"{C}/recommendations/1"
    organiser, moderator = await browse(made.organiser), await browse(made.moderator)
    given = {"answer": "partly", "words": "From <b>next</b> year on.", "received": "2016-10-01", "language": "en"}
    assert (await stranger.get(f"{address}/respond")).headers["location"].startswith("/sign-in")
    assert (await moderator.get(f"{address}/respond")).status_code == 403
    assert (await moderator.post(f"{address}/respond", data=given)).status_code == 403
    assert "Enter an answer" in (await organiser.get(address)).text
    refused = await organiser.post(f"{address}/respond", data=given | {"received": "soon"})
    assert refused.status_code == 422 and "From &lt;b&gt;next&lt;/b&gt; year on." in refused.text
    assert (await organiser.post(f"{address}/respond", data=given)).status_code == 303
    seen = (await stranger.get(address)).text
    assert "accepted in part" in seen and "From &lt;b&gt;next&lt;/b&gt; year on." in seen and "1 October 2016" in seen
    assert "accepted in part" in (await stranger.get(f"{C}/recommendations")).text
    assert (await organiser.get(f"{C}/recommendations/9/respond")).status_code == 404
