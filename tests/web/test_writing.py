"""Forms: nothing that somebody wrote is ever lost, and nothing is posted twice."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select, update

from app import errors
from app.accounts.models import Person
from app.clock import new_id, now
from app.consultations.models import Phase
from app.contributions import actions
from app.contributions.models import Contribution, Draft
from app.database import Database
from tests.making import AFTER, BEFORE, SLUG, Made, decide, say
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
FORM = f"/c/{SLUG}/contribute"
TEXT = "What we learned in **five** years."


def filled(**more: str) -> dict[str, str]:
    """A form that can be sent."""
    return {
        "id": str(new_id()), "topic": AFTER, "kind": "experience", "title": "Five years", "body": TEXT,
        "language": "en", "byline": "full", "do": "send",
    } | more  # fmt: skip


async def count(database: Database, table: type[Contribution] | type[Draft] = Contribution) -> int:
    async with database.writing() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_form_is_sent_once_however_often_it_is_pressed(browse: Browse, database: Database, made: Made) -> None:
    author = await browse(made.participant)
    form = filled(id=hidden(await author.get(f"{FORM}?topic={AFTER}"), "id"))
    first, second = await author.post(FORM, data=form), await author.post(FORM, data=form)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"] == f"/c/{SLUG}/1?done=posted"
    assert await count(database) == 1
    page = await author.get(first.headers["location"])
    assert "<strong>five</strong>" in page.text and "Sample network" in page.text
    assert "Thank you." in page.text


async def test_nobody_is_thanked_who_was_given_the_address(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    assert "Thank you." not in (await stranger.get(f"/c/{SLUG}/1?done=posted")).text


async def test_who_signs_is_told_what_moderators_see(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    author = await browse(made.participant)
    for page in (f"{FORM}?topic={AFTER}", f"/c/{SLUG}/1", f"/c/{SLUG}/1/edit", f"/c/{SLUG}/1/byline"):
        said = (await author.get(page)).text
        assert said.count("for a stated reason: that is logged, and you are told.") == 2, page
    assert "unless one of them looks up the name for a stated reason" in (await stranger.get("/about/privacy")).text


async def test_all_fields_arrive(browse: Browse, database: Database, made: Made) -> None:
    author = await browse(made.participant)
    form = filled(
        language="other", other_language="fil", byline="organisation", capacity="organisation",
        place_city_1="Quezon City", place_country_1="PH", place_role_1="destination", place_city_2="",
        place_country_2="",
    )  # fmt: skip
    questions = {"questions": [f"{AFTER}.a", f"{AFTER}.c"]}
    assert (await author.post(FORM, data=form | questions)).status_code == 303
    page = (await author.get(f"/c/{SLUG}/1")).text
    for words in (
        "<bdi>Quezon City</bdi>, Philippines (place of destination)",
        "Filipino",
        "name withheld",
        "Sample network",
    ):
        assert words in page, words
    assert "Participant A</bdi> <span>for" not in page
    assert page.count('<ol class="asks"><li><b>a</b>') == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Please give it a title"),
        ({"title": "x" * 201}, "at most 200 fit"),
        ({"body": ""}, "Please write your text here."),
        ({"body": TEXT + "x" * 20_000}, "at most 20,000 fit"),
        ({"kind": ""}, "Please choose what it is"),
        ({"language": "other", "other_language": "not a tag"}, "must be a language tag"),
        ({"place_city_1": "Manila", "place_country_1": "XX"}, "is no country code"),
        ({"body": TEXT + "\x00"}, "contains characters that are not text"),
        ({"questions": "inclusion.a"}, "This topic has no question"),
    ],
)
async def test_a_refused_form_comes_back_with_the_text_and_the_reason(
    browse: Browse, database: Database, made: Made, fields: dict[str, str], said: str
) -> None:
    author = await browse(made.participant)
    answer = await author.post(FORM, data=filled(title="A title to keep") | fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert fields.get("body", TEXT) in answer.text or fields.get("body") in ("", TEXT + "\x00")
    assert "A title to keep" in answer.text or "title" in fields
    assert await count(database) == 0


async def test_preview_and_more_rows_change_nothing(browse: Browse, database: Database, made: Made) -> None:
    author = await browse(made.participant)
    preview = await author.post(FORM, data=filled(do="preview"))
    assert "<strong>five</strong>" in preview.text and TEXT in preview.text
    rows = await author.post(FORM, data=filled(do="places", place_city_1="Manila"))
    assert 'value="Manila"' in rows.text and rows.text.count('name="place_city_') == 4
    assert await count(database) == await count(database, Draft) == 0


async def test_a_draft_waits_for_its_writer_alone(browse: Browse, database: Database, made: Made) -> None:
    author, other = await browse(made.participant), await browse(made.other)
    kept = await author.post(FORM, data=filled(do="draft", title="", body="Half a thought"))
    assert kept.status_code == 303
    address = kept.headers["location"]
    assert "Half a thought" in (await author.get(address)).text
    assert "Half a thought" in (await author.get("/me")).text
    gone = await other.get(address)
    assert gone.status_code == 303 and "Half" not in (await other.get(gone.headers["location"])).text

    form = await author.get(address)
    sent = await author.post(FORM, data=filled(id=hidden(form, "id"), body="A whole thought"))
    assert sent.headers["location"] == f"/c/{SLUG}/1?done=posted"
    assert await count(database, Draft) == 0, "a draft that was sent is a draft no more"


async def test_who_is_not_signed_in_writes_first_and_signs_in_then(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made
) -> None:
    asked = await stranger.post(FORM, data=filled(id=""))
    assert asked.status_code == 303 and asked.headers["location"].startswith("/sign-in?onward=")
    assert "Your text is kept" in (await stranger.get(asked.headers["location"])).text
    assert await count(database) == 0

    signed_in = await browse(made.other)  # the same browser: it keeps its token
    signed_in.cookies.update(stranger.cookies)
    draft = asked.headers["location"].split("draft%3D")[1]
    form = await signed_in.get(f"{FORM}?draft={draft}")
    assert TEXT in form.text and "Five years" in form.text
    sent = await signed_in.post(FORM, data=filled(id=hidden(form, "id"), byline="anonymous"))
    assert sent.headers["location"] == f"/c/{SLUG}/1?done=posted"
    assert "Name withheld" in (await stranger.get(f"/c/{SLUG}/1")).text


async def test_a_form_from_a_page_for_strangers_needs_one_more_press(
    browse: Browse, database: Database, made: Made
) -> None:
    await say(database, made)
    author = await browse(made.participant)
    sent = await author.post(
        FORM, data={"topic": AFTER, "parent": "1", "body": "So do we.", "language": "en", "do": "send"}
    )
    form = await author.get(sent.headers["location"])
    assert "press “Send” once more" in form.text and "So do we." in form.text
    assert await count(database) == 1
    await author.post(FORM, data={
        "id": hidden(form, "id"), "topic": AFTER, "parent": "1", "body": "So do we.", "language": "en", "do": "send",
    })  # fmt: skip
    assert "So do we." in (await author.get(f"/c/{SLUG}/1")).text


async def test_an_account_without_a_name_completes_it_first(browse: Browse, database: Database, made: Made) -> None:
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.id == made.other.person).values(consented=None))
    newcomer = await browse(replace(made.other, complete=False))
    sent = await newcomer.post(FORM, data=filled())
    assert sent.headers["location"].startswith("/me/welcome?onward=%2Fc%2F")
    welcome = await newcomer.get(sent.headers["location"])
    assert heading(welcome) == "Welcome. Who are you?"
    profile = {"name": "New Name", "capacity": "personal", "language": "en", "time_zone": "Asia/Manila"}
    refused = await newcomer.post("/me/welcome", data=profile | {"onward": hidden(welcome, "onward")})
    assert refused.status_code == 422 and "New Name" in refused.text and "tick that you agree" in refused.text
    done = await newcomer.post("/me/welcome", data=profile | {"onward": hidden(welcome, "onward"), "consent": "yes"})
    assert TEXT in (await newcomer.get(done.headers["location"])).text


async def test_a_reply_to_what_was_hidden_meanwhile_is_refused_with_its_text(
    browse: Browse, database: Database, made: Made
) -> None:
    root = await say(database, made)
    author = await browse(made.other)
    await decide(database, made, "hide", root.id)
    answer = await author.post(FORM, data=filled(parent="1", kind="", title=""))
    assert answer.status_code == 410 and TEXT in answer.text and "takes no replies" in answer.text


async def test_a_closed_topic_says_since_when_and_keeps_the_text(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    async with database.writing() as session:
        session.add(Phase(consultation_id=made.id, name="closed", starts=now() - timedelta(days=1)))
    author = await browse(made.participant)
    answer = await author.post(FORM, data=filled())
    assert answer.status_code == 409 and TEXT in answer.text
    assert "closed on" in answer.text and "withdraw or erase" in answer.text
    assert "This topic closed on" in (await author.get(f"/c/{SLUG}/topics/{AFTER}")).text
    assert 'value="send"' not in (await author.get(f"/c/{SLUG}/1")).text


async def test_a_failure_gives_back_what_was_sent(browse: Browse, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_given: object, **_more: object) -> None:
        raise errors.Unavailable("The database does not answer. Please try again in a moment.")

    author = await browse(made.participant)
    monkeypatch.setattr(actions, "post", lost)
    answer = await author.post(FORM, data=filled(body=TEXT * 5))
    assert answer.status_code == 503 and answer.headers["retry-after"]
    assert TEXT * 5 in answer.text and "Try again" in answer.text


async def test_only_moderators_write_notes(browse: Browse, made: Made) -> None:
    refused = await (await browse(made.participant)).post(FORM, data=filled(kind="note"))
    assert refused.status_code == 403 and TEXT in refused.text
    moderator = await browse(made.moderator)
    assert (await moderator.post(FORM, data=filled(kind="note"))).status_code == 303
    page = await moderator.get(f"/c/{SLUG}/topics/{AFTER}")
    assert 'class="note"' in page.text and "Facilitator’s note" in page.text


async def test_where_texts_wait_the_author_is_told(browse: Browse, database: Database, made: Made) -> None:
    author = await browse(made.participant)
    sent = await author.post(FORM, data=filled(topic=BEFORE))
    address = sent.headers["location"]
    assert address.endswith("?done=waits") and UUID(address.split("/")[3].split("?")[0])
    assert "waits for a moderator" in (await author.get(address)).text
    assert "Waits for a moderator" in (await author.get("/me")).text
