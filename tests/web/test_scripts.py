"""What scripts add for who has them: replies in place, drafts that keep themselves, news. All of it stays small."""

from typing import TYPE_CHECKING

import pytest

from app.web.kit.assets import ASSETS
from tests.web.test_browser import C, Site, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["site"]
WORDS = "Nous voulons que les villes comptent les heures des associations, et que la bibliothèque soit ouverte."


def test_the_scripts_of_a_page_are_small() -> None:
    weights = {name: len(asset.compressed) for name, asset in ASSETS.items() if name.endswith(".js")}
    assert sum(weights[name] for name in ("htmx.min.js", "reading.js", "writing.js")) < 20 * 1024, weights


def test_a_reply_is_written_in_its_place(browser: "Browser", site: Site) -> None:
    page = _opened(browser, site, f"{C}/1")
    page.locator("#beneath ol .acts a").first.click()
    assert page.evaluate("document.activeElement.name") == "body"
    assert page.locator("#beneath #reply").count() == 1
    page.keyboard.type(WORDS)
    assert page.input_value("#f-language") == "fr"
    page.wait_for_selector("#saved:not(:empty)")
    id = page.input_value("#f-id")
    page.click("#reply [data-send]")
    page.wait_for_selector("#told:not(:empty)")
    page.wait_for_selector(f"#beneath :text('{WORDS[:30]}')")
    assert page.input_value("#f-body") == "" and page.input_value("#f-id") not in ("", id)
    assert page.locator("#beneath #reply").count() == 0
    page.goto(f"{site.base}/me")
    assert WORDS[:30] not in page.locator("main").inner_text().split("What you have written")[0]
    page.context.close()


def test_what_comes_after_a_sent_reply_is_never_taken_for_it(browser: "Browser", site: Site) -> None:
    page = _opened(browser, site, f"{C}/1")
    page.route(f"{site.base}{C}/1", lambda route: route.abort())  # the page cannot be brought up to date
    page.fill("#f-body", "The first of two.")
    page.click("#reply [data-send]")
    page.wait_for_selector("#told:not(:empty)")
    assert page.input_value("#f-id") == ""
    page.fill("#f-body", "The second of two.")
    page.wait_for_timeout(3_000)
    assert page.inner_text("#saved") == "", "a form without an id would become a new draft each time"
    page.unroute(f"{site.base}{C}/1")
    page.click("#reply [data-send]")
    page.wait_for_url("**/contribute?draft=**")
    assert page.input_value("#f-body") == "The second of two."
    page.context.close()


def test_whatever_fails_the_text_stays_and_the_reason_stands_beside_it(browser: "Browser", site: Site) -> None:
    page = _opened(browser, site, f"{C}/1")
    page.fill("#f-body", "x" * 20_001)
    assert "-1" in page.inner_text("#left")
    page.click("#reply [data-send]")
    assert "20,001 characters" in page.locator("#reply > [role=alert]").inner_text()
    page.context.set_offline(True)
    page.fill("#f-body", "A short one.")
    page.click("#reply [data-send]")
    page.wait_for_selector("#reply > [role=alert]:has-text('did not reach')")
    page.context.set_offline(False)
    assert page.input_value("#f-body") == "A short one."
    page.context.close()


def test_endorsing_and_following_change_the_page_in_place(browser: "Browser", site: Site) -> None:
    page = _opened(browser, site, f"{C}/1", site.moderator)
    page.evaluate("window.here = true")
    page.click("#follow button")
    page.wait_for_selector("#follow :text('You follow this.')")
    page.click("#endorse button")
    page.wait_for_selector("#endorse :text('One person endorses it.')")
    page.click("#endorse button")
    page.wait_for_selector("#endorse :text('Endorse')")
    assert page.evaluate("window.here")
    page.context.close()


def test_what_comes_in_is_told_and_shown_around_a_half_written_reply(browser: "Browser", site: Site) -> None:
    reader, writer = _opened(browser, site, f"{C}/1"), _opened(browser, site, f"{C}/1", site.moderator)
    reader.locator("#beneath ol .acts a").first.click()
    reader.keyboard.type("Half writ")
    writer.fill("#f-body", "Something has come in meanwhile.")
    writer.click("#reply [data-send]")
    reader.wait_for_selector("#news :text('Show')")
    assert "New contributions: 1." in reader.inner_text("#news")
    reader.click("#news a")
    reader.wait_for_selector("#beneath :text('Something has come in meanwhile.')")
    assert reader.input_value("#beneath #reply #f-body") == "Half writ"
    writer.fill("#f-body", "And once more.")
    reader.once("dialog", lambda dialog: dialog.accept())
    reader.goto(f"{site.base}/about/rules")
    writer.click("#reply [data-send]")
    writer.wait_for_selector("#beneath :text('And once more.')")
    reader.goto(f"{site.base}{C}/1")
    assert "New since your last visit: 1." in reader.inner_text("#news")
    assert reader.locator("#beneath .meta > .tag").count() == 1
    for page in (reader, writer):
        page.context.close()


def test_a_preview_stays_fresh(browser: "Browser", site: Site) -> None:
    page = _opened(browser, site, f"{C}/contribute?topic=diasporas")
    page.fill("#f-body", "Some **bold** words.")
    page.click("main button[value=preview]")
    page.wait_for_selector("#preview strong:text('bold')")
    page.fill("#f-body", "Some **bolder** words.")
    page.wait_for_selector("#preview strong:text('bolder')")
    page.wait_for_selector("#saved:not(:empty)")
    page.context.close()


def _opened(browser: "Browser", site: Site, path: str, who: str = "") -> "Page":
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "plenary_session", "value": who or site.participant, "url": site.base}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(site.base + path)
    return page
