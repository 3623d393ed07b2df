"""Accessibility, measured by axe (WCAG 2.2 A and AA, and its best practices) on every page, in a real browser.

In every run each page is looked at once, and three in all combinations; PLENARY_TEST_WHOLE looks at all in all. A page
is opened once for each language and visitor, and changes its theme and width in place.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.language import LANGUAGES
from tests.making import AFTER
from tests.web import every_page
from tests.web.axe import THEMES, WIDTHS, Looked, look_at, look_at_paper
from tests.web.browsing import served_with_everything, tell
from tests.web.every_page import C, Page
from tests.web.everything import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def site(browser: "Browser", database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site that holds everything."""
    with served_with_everything(database_url, tmp_path_factory.mktemp("site")) as site:
        yield site


def test_every_page(browser: "Browser", site: Site) -> None:
    pages = [replace(page, seen_by=page.seen_by[-1:]) for page in every_page.pages(site.everything)]
    _find_nothing(look_at(browser, site, pages))


def test_three_pages_in_all_combinations(browser: "Browser", site: Site) -> None:
    _find_nothing(look_at(browser, site, every_page.three(site.everything), LANGUAGES, THEMES, WIDTHS))


def test_pages_on_paper(browser: "Browser", site: Site) -> None:
    paths = (f"{C}/topics/{AFTER}", f"{C}/numbers", f"{C}/decisions", f"{C}/{site.everything.at['note']}")
    pages = [*every_page.three(site.everything), *(Page(path) for path in paths)]
    _find_nothing(look_at_paper(browser, site, pages), "on paper")


@pytest.mark.skipif("PLENARY_TEST_WHOLE" not in os.environ, reason="takes long: .ci/full does it")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_all_combinations(browser: "Browser", site: Site, language: str) -> None:
    looked = look_at(browser, site, every_page.pages(site.everything), [language], THEMES, WIDTHS)
    _find_nothing(looked, f"axe, {language}")


def _find_nothing(looked: Looked, name: str = "axe, in every run") -> None:
    tell(looked.figures(name))
    assert not looked.wrong, "\n".join(looked.wrong)
