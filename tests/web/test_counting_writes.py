"""Whatever somebody who is signed in sends is one of their writes, once, whichever form it is."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from httpx import AsyncClient
from starlette.routing import Route

from app.accounts import limits
from app.accounts.actions import make_key
from app.accounts.actors import actor_of_key
from app.accounts.sessions import start_session
from app.database import Database
from app.web.pages import PAGES
from tests.making import AFTER, BEFORE, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_writing import FORM, filled

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
OF_PROVIDERS = {"/stop/{token}", "/invitation/{id}/{token}/decline"}  # who press for their reader, without a session
STOPPING = {"/me/keys/{id}/revoke", "/me/sessions/{id}/end", "/me/sessions/end-others", "/sign-out"}
PLACES = {"slug": SLUG, "topic_slug": AFTER, "number": "1", "which": "1", "language": "fr"}


def _forms() -> Iterator[str]:
    """Every address whose forms count, with its places filled in."""
    for route in (route for family in PAGES for route in family.router.routes if isinstance(route, Route)):
        if "POST" in (route.methods or ()) and route.path not in OF_PROVIDERS | STOPPING:
            yield re.sub(r"\{(\w+)(?::\w+)?\}", lambda place: PLACES.get(place[1], str(uuid4())), route.path)


async def test_every_form_counts(
    browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    await say(database, made)
    browser = await browse(made.organiser)
    monkeypatch.setattr(limits, "WRITES_OF_A_PERSON", 0)
    forms = list(_forms())
    answers = [await browser.post(path, data={"words": "It is <b>mine</b>."}) for path in forms]
    assert len(forms) > 100
    assert [path for path, answer in zip(forms, answers, strict=True) if answer.status_code != 429] == []
    assert all("too often" in answer.text and "&lt;b&gt;mine" in answer.text for answer in answers)  # and loses nothing


async def test_each_form_counts_once(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    browser = await browse(made.participant)
    sent: tuple[tuple[str, dict[str, str]], ...] = (
        (FORM, filled()), (FORM, filled(do="draft")), (FORM, filled(do="preview")), ("/me", {"name": ""}),
        (f"{C}/1/edit", filled(based_on="1")), (f"{C}/1/byline", {"byline": "anonymous"}), ("/me/keys", {"name": ""}),
        (f"{C}/meetings/new", {"title": "A meeting", "do": "draft"}), ("/me/drafts/none/delete", {}),
    )  # fmt: skip
    for n, (path, form) in enumerate(sent, 1):
        await browser.post(path, data=form)
        [standing] = await limits.count_write(database, made.participant.person)
        assert standing.count == 2 * n, path  # the form, and this question


async def test_who_has_no_writes_left_can_still_end_what_uses_them_up(
    browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.participant.person is not None
    async with database.writing() as session:
        key, secret = await make_key(session, made.participant, made.participant.person, "Stolen", ["write"])
        stolen, _token = await start_session(session, made.participant.person, "Firefox on Linux")
    browser = await browse(made.participant)
    monkeypatch.setattr(limits, "WRITES_OF_A_PERSON", 0)
    for path in (f"/me/keys/{key.id}/revoke", f"/me/sessions/{stolen}/end", "/me/sessions/end-others", "/sign-out"):
        assert (await browser.post(path)).status_code == 303, path
    async with database.recognising() as driver:
        assert await actor_of_key(driver, secret) is None


async def test_who_is_not_signed_in_has_no_such_count(
    stranger: AsyncClient, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(limits, "WRITES_OF_A_PERSON", 0)
    assert (await stranger.post(FORM, data=filled())).status_code == 303  # to the sign-in, with a draft


async def test_whose_session_ended_is_asked_to_sign_in_and_keeps_what_they_wrote_on_the_desk(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    waits = await say(database, made, topic=BEFORE)  # of which a stranger must not learn that it is there
    form = {"contribution": str(waits.id), "act": "reject", "reason": "A long reason.", "revision": str(uuid4())}
    appeal = {"appeal": str(uuid4()), "outcome": "upheld", "reason": "A long reason."}
    for page, sent in (("", form), ("/queue", form), ("/flags", form), ("/appeals", appeal)):
        answer = await stranger.post(f"{C}/moderate{page}", data=sent)
        assert answer.status_code == 401 and "A long reason." in answer.text, page
