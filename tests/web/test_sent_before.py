"""A form that was sent before: it posts once, and what was changed in between is not lost."""

import re

import pytest

from app.contributions.models import Draft
from app.database import Database
from tests.making import AFTER, BEFORE, SLUG, Made
from tests.web.conftest import Browse
from tests.web.pages import hidden
from tests.web.test_writing import FORM, TEXT, count, filled

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("topic", [AFTER, BEFORE])
async def test_a_form_that_was_changed_after_it_was_sent_becomes_an_edit(
    browse: Browse, database: Database, made: Made, topic: str
) -> None:
    author = await browse(made.participant)
    form = filled(topic=topic)
    which = (await author.post(FORM, data=form)).headers["location"].split("/")[3].split("?")[0]
    again = await author.post(FORM, data=form | {"body": "What we learned since."})
    assert again.status_code == 303 and again.headers["location"].startswith(f"/c/{SLUG}/{which}/edit?draft=")
    edit = await author.get(again.headers["location"])
    assert "This was sent already; you changed it since." in edit.text
    assert "\nWhat we learned since.</textarea>" in edit.text and "<strong>five</strong>" in edit.text
    saved = (
        form | {name: hidden(edit, name) for name in ("id", "based_on")} | {"do": "save", "body": "What we learned."}
    )
    assert (await author.post(f"/c/{SLUG}/{which}/edit", data=saved)).status_code == 303
    assert "What we learned." in (await author.get(f"/c/{SLUG}/{which}")).text
    assert (await count(database), await count(database, Draft)) == (1, 0)
    assert "?done=" in (await author.post(FORM, data=form)).headers["location"], "what was sent twice is not an edit"


@pytest.mark.parametrize("changed", [{"title": "Ten years"}, {"byline": "anonymous"}, {"deposit": "yes"}])
async def test_whatever_was_changed_is_kept(
    browse: Browse, database: Database, made: Made, changed: dict[str, str]
) -> None:
    author = await browse(made.participant)
    form = filled()
    await author.post(FORM, data=form)
    again = (await author.post(FORM, data=form | changed)).headers["location"]
    assert "/1/edit?draft=" in again
    edit = await author.get(again)
    [(name, value)] = changed.items()
    field = re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"[^>]*>', edit.text)
    assert field and (name == "title" or " checked" in field[0])


async def test_who_changed_what_it_is_hears_that_an_edit_does_not(
    browse: Browse, database: Database, made: Made
) -> None:
    author = await browse(made.participant)
    form = filled(kind="experience")
    await author.post(FORM, data=form)
    again = (await author.post(FORM, data=form | {"kind": "proposal"})).headers["location"]
    assert "/1/edit?draft=" in again
    assert "What it is does not change: Experience." in (await author.get(again)).text
    words = (await author.post(FORM, data=form | {"body": "Said otherwise."})).headers["location"]
    assert "What it is does not change" not in (await author.get(words)).text


@pytest.mark.parametrize("act", ["withdraw", "erase"])
async def test_what_is_gone_since_it_was_sent_keeps_the_words(
    browse: Browse, database: Database, made: Made, act: str
) -> None:
    author = await browse(made.participant)
    form = filled()
    await author.post(FORM, data=form)
    await author.post(f"/c/{SLUG}/1/{act}")
    for body in (TEXT, "Said otherwise."):
        refused = await author.post(FORM, data=form | {"body": body})
        assert refused.status_code == 409 and f"\n{body}</textarea>" in refused.text
        assert "Sent once more, it becomes a new text." in refused.text
    anew = await author.post(FORM, data=form | {"id": hidden(refused, "id")})
    assert anew.headers["location"] == f"/c/{SLUG}/2?done=posted"
