"""What moderators do from the pages: the list of acts, each form, what is said after, and what others are refused."""

import pytest
from httpx import AsyncClient

from app.database import Database
from app.moderation.acts import ACTS, ON_TRANSLATIONS
from app.web.kit.act_words import ACT_WORDS
from app.web.record.decided import _DECIDED
from tests.making import AFTER, BEFORE, SLUG, Made, curate, say
from tests.web.conftest import Browse
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
WHY = {"rule": "1", "reason": "Because of a rule."}


def test_every_act_has_its_words() -> None:
    elsewhere = {"dismiss", *ON_TRANSLATIONS}  # they have pages of their own
    assert set(ACTS) - set(ACT_WORDS) <= elsewhere and set(ACT_WORDS) <= set(ACTS)
    assert set(ACTS) - {"dismiss", "reveal"} <= set(_DECIDED)  # the public log


async def test_the_list_shows_what_fits_the_text(browse: Browse, database: Database, made: Made) -> None:
    root = await say(database, made)
    await say(database, made, parent=root.id, byline="anonymous")
    waits = await say(database, made, topic=BEFORE)
    moderator = await browse(made.moderator)
    shown = {}
    for which in ("1", "2", str(waits.id)):
        page = (await moderator.get(f"{C}/{which}/moderate")).text
        shown[which] = {act for act in ACT_WORDS if f'href="{C}/{which}/{act}"' in page}
    assert {"hide", "pin", "lock", "move", "merge", "redact"} <= shown["1"]
    assert "reveal" in shown["2"] and "reveal" not in shown["1"]
    assert shown["1"].isdisjoint({"split", "unlock", "approve", "restore", "lift", "unpin"})
    assert "split" in shown["2"] and "lock" not in shown["2"]
    assert {"approve", "ask", "reject"} <= shown[str(waits.id)] and "hide" not in shown[str(waits.id)]


async def test_each_form_opens_for_moderators_only(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    moderator, other = await browse(made.moderator), await browse(made.other)
    for act in ("moderate", *ACT_WORDS):
        assert (await moderator.get(f"{C}/1/{act}")).status_code == 200
        assert (await other.get(f"{C}/1/{act}")).status_code == 403
        if act != "moderate":
            assert (await other.post(f"{C}/1/{act}", data=WHY)).status_code == 403


async def test_a_text_moved_locked_merged_redacted(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, title="One", body="Call 555-0100.")
    await say(database, made, title="Two")
    moderator = await browse(made.moderator)

    async def act(which: int, act: str, **given: str) -> str:
        answer = await moderator.post(f"{C}/{which}/{act}", data=WHY | given)
        assert answer.status_code == 303, answer.text
        return (await moderator.get(answer.headers["location"])).text

    assert "The passage is gone for good" in await act(1, "redact", passage="555-0100")
    page = (await stranger.get(f"{C}/1")).text
    assert "Call █████." in page and "555-0100" not in page
    assert "555-0100" not in (await stranger.get(f"{C}/1/history")).text
    assert "The thread is locked" in await act(1, "lock")
    page = (await stranger.get(f"{C}/1")).text
    assert "A moderator has locked this thread" in page and 'id="reply"' not in page
    await act(1, "unlock")
    await act(2, "pin")
    assert "Pinned by the moderators" in (await stranger.get(f"{C}/topics/{AFTER}")).text
    await act(2, "feature")
    assert "Featured by the moderators" in (await stranger.get(C)).text
    assert "Moved." in await act(1, "move", parent="2")
    assert "Split off." in await act(1, "split", title="On its own", kind="question")
    assert "Merged." in await act(1, "merge", into="2")
    merged = await stranger.get(f"{C}/1")
    assert (merged.status_code, merged.headers["location"]) == (308, f"{C}/2")
    for page in (f"{C}/1/history", f"{C}/record/1"):
        elsewhere = await stranger.get(page)
        assert (elsewhere.status_code, elsewhere.headers["location"].endswith(f"{C}/2")) == (308, True)


async def test_a_refused_form_keeps_what_was_written(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    moderator = await browse(made.moderator)
    for act, given, told in (
        ("merge", {"into": "forty"}, "number, as in 42"), ("merge", {"into": "99"}, "no public contribution 99"),
        ("suspend", {"until": "tomorrow"}, "2026-12-31"), ("redact", {"passage": "not there"}, "not in the text"),
        ("merge", {"into": "1"}, "into itself"),
    ):  # fmt: skip
        answer = await moderator.post(f"{C}/1/{act}", data=WHY | given)
        assert answer.status_code in (409, 422), answer.text
        assert told in answer.text and "Because of a rule." in answer.text
        assert next(iter(given.values())) in answer.text


async def test_the_author_is_asked_to_change_a_text(browse: Browse, database: Database, made: Made) -> None:
    waits = await say(database, made, topic=BEFORE)
    moderator, author = await browse(made.moderator), await browse(made.participant)
    form = await moderator.get(f"{C}/{waits.id}/ask")
    answer = await moderator.post(f"{C}/{waits.id}/ask", data=WHY | {"revision": hidden(form, "revision")})
    assert answer.status_code == 303
    page = (await author.get(f"{C}/{waits.id}")).text
    assert "A moderator asks for a change" in page and "Because of a rule." in page


async def test_a_name_is_shown_once_to_who_looked_it_up(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, byline="anonymous")
    moderator = await browse(made.moderator)
    assert "Participant A" not in (await moderator.get(f"{C}/1/moderate")).text
    shown = await moderator.post(f"{C}/1/reveal", data=WHY)
    assert "Participant A" in shown.text and shown.headers["cache-control"] == "private, no-store"
    assert "Participant A" not in (await moderator.get(f"{C}/1/moderate")).text


async def test_approving_with_another_catalogue_entry(browse: Browse, database: Database, made: Made) -> None:
    waits = await say(database, made, topic=BEFORE)
    moderator = await browse(made.moderator)
    form = await moderator.get(f"{C}/{waits.id}/approve")
    given = {"revision": hidden(form, "revision"), "catalogued": "1", "tags": "Housing, youth", "kind": "question",
             "questions": ["inclusion.a", "inclusion.b"], "language": "fr"}  # fmt: skip
    answer = await moderator.post(f"{C}/{waits.id}/approve", data=given)
    assert answer.status_code == 303
    await curate(database, made, "pin", waits.id)
    assert "Answers these guiding questions" in (await moderator.get(f"{C}/1")).text
