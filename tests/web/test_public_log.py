"""The public moderation log as pages and feeds: all that was decided, and nothing that was never public."""

import asyncio
import hashlib
import re
from html import unescape
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.contributions.models import Contribution, Revision
from app.database import Database
from app.moderation import actions as moderation
from app.moderation import erasing
from app.moderation.acts import ACTS
from app.moderation.deciding import Grounds, Matter, decided
from app.moderation.models import Decision
from app.readings.record import public_log
from app.web.record import decided as decided_words
from tests.making import BEFORE, SLUG, Made, decide, make_person, say
from tests.moderation.appealing import appeal, newest_decision
from tests.web.conftest import Browse
from tests.web.pages import heading, title

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
LOG = f"{C}/decisions"
ATOM = "{http://www.w3.org/2005/Atom}"
EVERYWHERE = (LOG, f"{LOG}/feed.atom", f"{LOG}/feed.json", f"/api/v1/consultations/{SLUG}/decisions",
              f"/api/v1/consultations/{SLUG}/decisions/figures")  # fmt: skip


async def waiting_of(database: Database, contribution: Contribution) -> tuple[UUID, UUID | None]:
    """The id of a text that waits, and of its revision."""
    async with database.writing() as session:
        revision = await session.scalar(select(Revision.id).where(Revision.contribution_id == contribution.id))
    return contribution.id, revision


async def judge(database: Database, made: Made, act: str, contribution: Contribution, reason: str | None) -> Decision:
    """Decide on what waits, or what is public, with these words as the reason."""
    id, revision = await waiting_of(database, contribution)
    async with database.writing() as session:
        return await moderation.VERBS[act](
            session, made.moderator, id, revision if act in ("approve", "reject") else None, Grounds(reason, "4")
        )


def decisions(page: str) -> list[str]:
    """The headlines, in their order."""
    return [unescape(each) for each in re.findall(r'id="d\d+">.*?<p class="who">(.*?)</p>', page, re.DOTALL)]


async def test_the_log_is_empty_until_something_is_decided(stranger: AsyncClient) -> None:
    page = await stranger.get(LOG)
    assert (page.status_code, heading(page)) == (200, "Moderation log")
    assert "Moderators have decided nothing yet" in page.text
    feed = ET.fromstring((await stranger.get(f"{LOG}/feed.atom")).content)
    assert feed.findall(f"{ATOM}entry") == [] and feed.find(f"{ATOM}updated") is not None


async def test_what_was_never_public_is_nowhere_in_it(stranger: AsyncClient, database: Database, made: Made) -> None:
    author = await make_person(database, "Nobody Knows", organisation="Unheard network")
    secret = {"topic": BEFORE, "title": "Zebra title", "body": "Quagga body.", "actor": author}
    waiting, rejected = [await say(database, made, **secret) for _ in range(2)]  # type: ignore[arg-type]
    await judge(database, made, "reject", rejected, "You name Quagga and Nobody Knows.")
    await appeal(database, made, await newest_decision(database), "upheld", reason="Quagga again.")
    answers = [await stranger.get(address) for address in EVERYWHERE]
    seq = answers[3].json()["items"][0]["seq"]
    answers.append(await stranger.get(f"{LOG}/{seq}"))
    ids = [str(id) for text in (waiting, rejected) for id in await waiting_of(database, text)]
    for answer in answers:
        assert answer.status_code == 200
        for word in ("Zebra", "Quagga", "Nobody", "Unheard", str(author.person), *ids):
            assert word not in answer.text, (answer.url, word)
    assert decisions(answers[0].text) == ["A text was not accepted"]
    assert "rule 4, " in unescape(answers[0].text) and "its reason is not public either" in answers[0].text
    assert "upheld the decision" in answers[0].text
    assert answers[3].json()["items"][0]["reason_is"] == "withheld"


async def test_a_text_that_waits_changes_nothing(stranger: AsyncClient, database: Database, made: Made) -> None:
    before = [b'"through":null']
    for _ in range(100):  # until the worker has counted the days before: this is not about that
        before = [(await stranger.get(address)).content for address in EVERYWHERE]
        if not any(b'"through":null' in each for each in before):
            break
        await asyncio.sleep(0.05)
    await say(database, made, topic=BEFORE)
    assert [(await stranger.get(address)).content for address in EVERYWHERE] == before


async def test_every_decision_newest_first_a_page_at_a_time(
    stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await say(database, made)
    for act in ("hide", "restore", "hide", "restore"):
        await decide(database, made, act, text.id)
    monkeypatch.setattr(public_log.log, "__kwdefaults__", {**(public_log.log.__kwdefaults__ or {}), "limit": 3})
    first = await stranger.get(LOG)
    assert decisions(first.text) == [f"Contribution 1 was {done}" for done in ("restored", "hidden", "restored")]
    assert f'<a class="num" href="{C}/1"' in first.text and "Because of a rule." in first.text
    (onward,) = re.findall(r'<a href="([^"]*)" rel="next"', first.text)
    await decide(database, made, "hide", text.id)  # what comes meanwhile moves nothing
    second = await stranger.get(unescape(onward))
    assert decisions(second.text) == ["Contribution 1 was hidden"] and 'rel="next"' not in second.text
    assert "Month by month" in first.text and "Month by month" not in second.text


async def test_one_contributions_decisions_are_linked_from_its_gap(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    texts = [await say(database, made) for _ in range(2)]
    for text in texts:
        await decide(database, made, "hide", text.id)
    gap = await stranger.get(f"{C}/2")
    assert gap.status_code == 410 and f'href="{LOG}?number=2"' in gap.text
    page = await stranger.get(f"{LOG}?number=2")
    assert decisions(page.text) == ["Contribution 2 was hidden"] and heading(page).endswith("about 2")
    assert decisions((await stranger.get(f"{LOG}?number=99")).text) == []
    assert len(decisions((await stranger.get(f"{LOG}?act=hide")).text)) == 2
    assert "There is no such decision." in (await stranger.get(f"{LOG}?act=restore")).text


async def test_the_log_is_linked_where_people_look(stranger: AsyncClient) -> None:
    for path in (C, f"{C}/record"):
        page = (await stranger.get(path)).text
        assert f'href="{LOG}"' in page
    for path in (C, LOG):
        page = (await stranger.get(path)).text
        for kind in ("atom", "feed"):
            assert f'rel="alternate" type="application/{kind}+' in page


async def test_a_decision_has_a_page_with_what_it_takes_to_check_it(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    text = await say(database, made)
    reason = "It names “a neighbour” & <em>where</em> she lives."
    await judge(database, made, "hide", text, reason)
    decision = await newest_decision(database)
    page = await stranger.get(f"{LOG}/{decision.seq}")
    assert heading(page) == "Contribution 1 was hidden" and title(page).startswith("Contribution 1 was hidden")
    assert "<em>where" not in page.text
    content, salt, committed = [unescape(each) for each in re.findall(r'<code dir="ltr">(.*?)</code>', page.text)]
    assert hashlib.sha256(bytes.fromhex(salt) + content.encode()).hexdigest() == committed
    for wrong in ("0", "999999", "x", "1", "²", str(2**40)):
        assert (await stranger.get(f"{LOG}/{wrong}")).status_code == 404, wrong


async def test_reasons_go_with_the_text(stranger: AsyncClient, database: Database, made: Made) -> None:
    text = await say(database, made)
    await judge(database, made, "hide", text, "A telling reason.")
    seq = (await newest_decision(database)).seq
    for address in EVERYWHERE[:4]:
        assert "A telling reason." in (await stranger.get(address)).text
    async with database.writing() as session:
        await erasing.erase(session, made.participant, text.id)
    for address in (*EVERYWHERE, f"{LOG}/{seq}"):
        assert "telling" not in (await stranger.get(address)).text
    assert "The reason was erased with the text." in (await stranger.get(LOG)).text
    assert '"reason_is":"erased"' in (await stranger.get(EVERYWHERE[3])).text


async def test_appeals_say_who_looked_at_it_again(stranger: AsyncClient, database: Database, made: Made) -> None:
    said = {None: "waits for an answer", "upheld": "upheld the decision", "overturned": "overturned the decision"}
    for outcome, words in said.items():
        text = await say(database, made)
        await decide(database, made, "hide", text.id)
        await appeal(database, made, await newest_decision(database), outcome, by_same=outcome == "upheld")
        page = (await stranger.get(LOG)).text
        assert words in page and "Words of an author" not in page
        assert ("It broke no rule." in page) is (outcome is not None)
    assert page.count("Nobody else could look at it again") == 1 and page.count("Another moderator looked") == 1


async def test_a_name_is_there_only_where_somebody_signed(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    text = await say(database, made)
    await decide(database, made, "hide", text.id)
    assert "by a moderator" in (await stranger.get(LOG)).text and "Moderator C" not in (await stranger.get(LOG)).text
    async with database.writing() as session:
        await moderation.restore(session, made.moderator, text.id, None, Grounds("Fine.", signed=True))
    assert "by Moderator C, moderator" in (await stranger.get(LOG)).text
    assert made.moderator.person is not None
    async with database.writing() as session:  # who leaves is no longer named, at once
        await erasing.keep_all_anonymous(session, made.moderator, made.moderator.person)
    for address in EVERYWHERE:
        assert "Moderator C" not in (await stranger.get(address)).text
    assert "A moderator who left is no longer named" in (await stranger.get(f"{C}/record")).text


async def test_what_is_decided_about_a_person_names_nobody(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    async with database.writing() as session:
        matter = Matter(made.id, author=made.participant.person, person=made.participant.person)
        await decided(session, made.moderator, "suspend", Grounds("Participant A insults others.", "3"), matter)
    for address in EVERYWHERE:
        answer = await stranger.get(address)
        assert "Participant A" not in answer.text and str(made.participant.person) not in answer.text
    assert decisions((await stranger.get(LOG)).text) == ["A participant was suspended"]


def test_every_act_that_is_public_has_its_words() -> None:
    assert set(ACTS) - set(decided_words._DECIDED) <= {"reveal"}  # which is in the staff log alone
    assert set(decided_words.NARROWED) <= set(ACTS)


async def test_the_feeds_say_what_the_page_says(stranger: AsyncClient, database: Database, made: Made) -> None:
    text = await say(database, made)
    await judge(database, made, "hide", text, "Because <b>\ufffe & so on.")
    await appeal(database, made, await newest_decision(database), "overturned")
    answer = await stranger.get(f"{LOG}/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    (entry,) = ET.fromstring(answer.content).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Contribution 1 was hidden"
    assert "Because <b> & so on." in (entry.findtext(f"{ATOM}content") or "")
    assert "It broke no rule." in (entry.findtext(f"{ATOM}content") or "")
    links = [link.get("href") for link in entry.findall(f"{ATOM}link")]
    seq = (await newest_decision(database)).seq
    assert links == [f"http://testserver{LOG}/{seq}", f"http://testserver{C}/1"]
    shown = await stranger.get(f"{LOG}/feed.json")
    feed = shown.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["feed_url"].endswith("/feed.json")
    assert shown.headers["content-type"].startswith("application/feed+json")
    (item,) = feed["items"]
    assert (item["url"], item["external_url"], item["tags"]) == (*links, ["hide"])
    assert item["date_modified"] >= item["date_published"]
    assert (await stranger.get(f"{LOG}/feed.rss")).status_code == 404


async def test_a_feed_says_in_which_language_it_is(stranger: AsyncClient, made: Made) -> None:
    for language, beginning in (("en", "Moderation log"), ("fr", "Journal de modération")):
        feed = (await stranger.get(f"{LOG}/feed.json?lang={language}")).json()
        assert feed["language"] == language and feed["title"].startswith(beginning)


@pytest.mark.parametrize("path", [LOG, f"{LOG}/feed.atom", f"{LOG}/feed.json"])
async def test_it_is_kept_while_nothing_happens(
    stranger: AsyncClient, database: Database, made: Made, path: str
) -> None:
    first = await stranger.get(path)
    assert first.headers["cache-control"] == "public, max-age=0, s-maxage=2"
    known = {"If-None-Match": first.headers["etag"]}
    assert (await stranger.get(path, headers=known)).status_code == 304
    await decide(database, made, "hide", (await say(database, made)).id)
    again = await stranger.get(path, headers=known)
    assert again.status_code == 200 and "Contribution 1 was hidden" in again.text


async def test_who_is_signed_in_keeps_it_to_themselves(browse: Browse, made: Made) -> None:
    assert (await (await browse(made.moderator)).get(LOG)).headers["cache-control"] == "private, no-store"


async def test_it_is_read_by_the_role_that_sees_only_what_is_public(
    stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    await decide(database, made, "hide", (await say(database, made)).id)

    monkeypatch.setattr(Database, "writing", None)  # with the rights of the owner: nothing here may need them
    for address in EVERYWHERE:
        assert (await stranger.get(address)).status_code == 200


@pytest.mark.parametrize("query", ["before=0", "before=x", "before=99999999999", "number=0", "number=x", "act=burn"])
async def test_wrong_addresses_are_refused(stranger: AsyncClient, query: str) -> None:
    assert (await stranger.get(f"{LOG}?{query}")).status_code in (400, 404, 422)
