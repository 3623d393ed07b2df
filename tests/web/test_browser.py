"""A real browser without JavaScript: read, reply, sign in on the way; and the queue is worked, with it and without."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts import tokens
from app.accounts.mandate_links import link_path
from app.accounts.models import MandateClaim, Person
from app.consultations.models import Consultation
from app.contributions import actions
from app.contributions.submissions import Submission
from app.database import Database
from app.permissions import Actor
from tests.making import BEFORE, SLUG, decide, make, say
from tests.web.browsing import aside, served
from tests.web.everything import session_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

C = f"/c/{SLUG}"


@dataclass
class Site:
    """A running server, and the cookie of each who is signed in."""

    base: str
    participant: str
    moderator: str
    organiser: str


@pytest.fixture(scope="module")
def site(browser: "Browser", database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole application on a socket, with a thread, a gap and something that waits."""
    with served(database_url, tmp_path_factory.mktemp("site")) as base:
        yield Site(base, *aside(_fill(database_url)))


def test_reading_and_replying_without_javascript(browser: "Browser", site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(site.base)
    page.get_by_role("link", name=re.compile("Diasporas furthering")).first.click()
    page.get_by_role("link", name="Count the hours of associations").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Count the hours of associations"
    page.get_by_label("Your reply").fill("We count them, too.")
    page.get_by_role("button", name="Send reply").click()
    assert "Your text is kept" in page.content()
    page.get_by_label("Your mail address").fill("reader@example.org")
    page.get_by_role("button", name="Send me the mail").click()
    page.get_by_label("Six digits").fill(tokens.code_of(UUID(page.url.split("challenge=")[1])))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="Your name").fill("Reader R")
    page.get_by_label("I have read the privacy note").check()
    page.get_by_role("button", name="Go on").click()
    assert page.get_by_label("Your reply").input_value() == "We count them, too."
    page.get_by_role("button", name="Send", exact=True).click()
    assert "We count them, too." in page.content() and "Reader R" in page.content()
    context.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_queue_is_worked(browser: "Browser", site: Site, database_url: str, javascript: bool) -> None:
    titles = [f"{'Keyed' if javascript else 'Clicked'} {n}" for n in range(4)]
    aside(_more_waits(database_url, titles))
    context = browser.new_context(java_script_enabled=javascript, viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": "plenary_session", "value": site.moderator, "url": site.base}])
    page = context.new_page()
    page.goto(f"{site.base}{C}/moderate")
    _by_keyboard(page) if javascript else _by_clicking(page, titles[0])
    shown = page.content()
    assert [title in shown for title in titles] == [False, False, True, True]
    if javascript:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_a_mandate_is_confirmed_by_the_organisation_without_javascript(
    browser: "Browser", site: Site, database_url: str
) -> None:
    pages = {}
    for who in ("participant", "organiser", "stranger"):
        context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
        if who != "stranger":
            context.add_cookies([{"name": "plenary_session", "value": getattr(site, who), "url": site.base}])
        pages[who] = context.new_page()
    pages["participant"].goto(f"{site.base}/me/mandate")
    pages["participant"].get_by_role("button", name="Ask the organisers").click()
    pages["organiser"].goto(f"{site.base}{C}/moderate/mandates")
    pages["organiser"].locator("summary", has_text="Ask the organisation itself").click()
    pages["organiser"].get_by_label("An address of the organisation").fill("office@sample.example")
    pages["organiser"].get_by_role("button", name="Send the link").click()
    assert "The organisation itself is asked" in pages["organiser"].content()
    pages["stranger"].goto(site.base + aside(_link(database_url)))
    pages["stranger"].get_by_role("button", name="Yes, they speak for us").click()
    assert "The mandate is confirmed." in pages["stranger"].content()
    pages["participant"].goto(f"{site.base}/me/mandate")
    assert "It is confirmed that you speak for" in pages["participant"].content()
    for page in pages.values():
        page.context.close()


def _by_keyboard(page: Any) -> None:
    """Approve the text that waits from the beginning and one more, reject one, with keys alone."""
    assert page.locator("#keys").is_visible()
    slowest = 0.0
    for _text in range(2):
        began, shown = time.perf_counter(), page.locator("[data-item]").first.get_attribute("id")
        page.keyboard.press("a")
        page.locator(f"#{shown}").wait_for(state="detached")
        slowest = max(slowest, time.perf_counter() - began)
    page.keyboard.press("r")
    page.keyboard.press("4")
    page.keyboard.press("a")  # in a field a key is a letter
    page.locator("details[open] textarea[name=reason]").fill("Names a neighbour.")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.locator("details[open] button[value=reject]").focus()
    shown = page.locator("[data-item][aria-current]").get_attribute("id")
    page.keyboard.press("Enter")
    page.locator(f"#{shown}").wait_for(state="detached")
    page.reload()
    page.keyboard.press("j")
    assert page.locator("[data-item][aria-current]").get_attribute("id") == page.locator("[data-item]").nth(
        1
    ).get_attribute("id")
    assert slowest < 5


def _by_clicking(page: Any, first: str) -> None:
    """The same with forms alone."""
    assert not page.locator("#keys").is_visible()
    page.get_by_role("button", name=f"Approve {first}").click()
    item = page.locator("[data-item]").filter(has_text="Clicked 1")
    item.locator("summary", has_text="Do not accept it").click()
    form = item.locator("form", has=page.locator("button[value=reject]"))
    form.get_by_label("Rule", exact=True).select_option("4")
    form.get_by_label("Take the rule’s own words").check()
    form.get_by_role("button", name="Reject").click()


async def _fill(url: str) -> list[str]:
    database = Database(url, pool=2)
    made = await make(database)
    root = await say(
        database, made, title="Count the hours of associations", body="One **two** three.\n\n- four\n- five"
    )
    reply = await say(database, made, parent=root.id, actor=made.other)
    await decide(database, made, "hide", reply.id)
    await say(database, made, parent=root.id, body="نعم، نعدّها أيضًا.", language="ar")
    await say(database, made, topic=BEFORE, title="Waits")
    people = [each.person for each in (made.participant, made.moderator, made.organiser) if each.person is not None]
    tokens_of = [await session_of(database, person) for person in people]
    await database.close()
    return tokens_of


async def _more_waits(url: str, titles: list[str]) -> None:
    database = Database(url, pool=1)
    async with database.writing() as session:
        person = await session.scalar(select(Person.id).where(Person.name == "Participant A"))
        id = await session.scalar(select(Consultation.id).where(Consultation.slug == SLUG))
        for title in titles:
            given = Submission(topic=BEFORE, kind="proposal", title=title, body="Text.", language="en")
            await actions.post(session, Actor(person=person, complete=True), id, given)  # type: ignore[arg-type]
    await database.close()


async def _link(url: str) -> str:
    """The link that went to the organisation."""
    database = Database(url, pool=1)
    async with database.writing() as session:
        claim = await session.scalar(select(MandateClaim.id))
    await database.close()
    assert claim is not None
    return link_path(claim, 1)
