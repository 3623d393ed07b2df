"""With nothing but a keyboard: sign in, read, endorse, write, moderate; with JavaScript and without. Focus is seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.accounts import tokens
from app.database import Database
from tests.making import BEFORE, SLUG, make, say
from tests.web.browsing import aside, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

C = f"/c/{SLUG}"
FARTHEST = 150  # presses of a key
_FOCUS = r"""() => {
    if (document.activeElement === document.body) return null;  // between the end and the beginning
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    return {
        name: (at.ariaLabel || at.labels?.[0]?.textContent || at.textContent).replace(/\s+/g, " ").trim(),
        seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        here: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        html: at.outerHTML.slice(0, 120),
    };
}"""


@pytest.fixture(scope="module")
def base(browser: "Browser", database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a thread, and a text that waits for each walk."""
    with served(database_url, tmp_path_factory.mktemp("site")) as base:
        aside(_filled(database_url))
        yield base


@pytest.mark.parametrize("javascript", [True, False])
def test_the_whole_walk(browser: "Browser", base: str, javascript: bool) -> None:
    context = browser.new_context(java_script_enabled=javascript, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(base + C)
    _press_until(page, "Skip to the content")
    page.keyboard.press("Enter")
    _sign_in(page, "participant-b@example.org")
    _read_and_endorse(page, javascript)
    _write(page, f"Typed {'with' if javascript else 'without'} a script")
    _follow(page, "Sign out")
    page.goto(base + C)
    _sign_in(page, "moderator-c@example.org")
    _moderate(page, javascript)
    context.close()


def _sign_in(page: "Tab", email: str) -> None:
    _follow(page, "Sign in")
    _press_until(page, "Your mail address")
    page.keyboard.type(email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code?**")
    _press_until(page, "Six digits")
    page.keyboard.type(tokens.code_of(UUID(page.url.split("challenge=")[1])))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{C}")


def _read_and_endorse(page: "Tab", javascript: bool) -> None:
    _follow(page, "Diasporas furthering")
    _follow(page, "Count the hours")
    assert page.get_by_role("heading", level=1).inner_text() == "Count the hours of associations"
    taken_back, given = "Endorse", "Take your endorsement back"
    if page.get_by_role("button", name=given).count():  # from the walk before
        _press(page, given, taken_back)
    _press(page, taken_back, given)
    if javascript:  # whoever went on in place goes on from there
        assert page.evaluate(_FOCUS)["name"] == given


def _press(page: "Tab", name: str, then: str) -> None:
    """Press a button, which is called otherwise then: in its place, or on the page that comes."""
    _press_until(page, name)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=then, exact=True).wait_for()


def _write(page: "Tab", title: str) -> None:
    _follow(page, "Contribute")
    _follow(page, "Write here: Diasporas")
    _press_until(page, "experience")
    page.keyboard.press("ArrowDown")  # to the next kind
    _press_until(page, "Title")
    page.keyboard.type(title)
    _press_until(page, "Your text")
    page.keyboard.type("Without a mouse.")
    _follow(page, "Send")
    assert page.get_by_role("heading", level=1).inner_text() == title


def _moderate(page: "Tab", javascript: bool) -> None:
    _follow(page, "Desk")
    first = page.locator("[data-item]").first
    title = first.locator(".title").inner_text()
    if javascript:
        page.keyboard.press("a")
    else:
        _press_until(page, f"Approve {title}")
        page.keyboard.press("Enter")
    page.get_by_text(title).first.wait_for(state="detached")
    page.goto(page.url.partition("?")[0].removesuffix("/moderate"))
    assert page.get_by_role("link", name=title).count()


def _follow(page: "Tab", name: str) -> None:
    """Go to what is called so, and press it; another page comes."""
    _press_until(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _press_until(page: "Tab", name: str) -> None:
    """Press the tabulator until what has the focus is called so. Wherever it comes by, it is seen."""
    for _press in range(FARTHEST):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        assert focus is None or (focus["seen"] and focus["here"]), focus
        if focus and focus["name"].lower().startswith(name.lower()):
            return
    pytest.fail(f"the keyboard does not come to “{name}”")


async def _filled(url: str) -> None:
    database = Database(url, pool=2)
    made = await make(database)
    await say(database, made, title="Count the hours of associations")
    for n in range(3):
        await say(database, made, topic=BEFORE, title=f"Waits {n}")
    await database.close()
