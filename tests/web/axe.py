"""What a browser tells of a page: what axe finds, what is too wide, what moves, what fails, who else is asked."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import pytest

from tests.web.every_page import Page
from tests.web.everything import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Tab

Theme = Literal["light", "dark"]
Rules = Mapping[str, Any]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (1280, 360)
PAPER = 718  # A4 between its margins
NARROWEST = 320  # also what 1280 pixels are at 400 % zoom
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Two thirds of axe's time go into colours, which alone depend on the theme, and do not depend on the language.
_COLOURS = ["color-contrast", "link-in-text-block"]
_ALL: Rules = {"runOnly": _TAGS}
_COLOURS_ALONE: Rules = {"runOnly": {"type": "rule", "values": _COLOURS}}
_ALL_BUT_COLOURS: Rules = {"runOnly": _TAGS, "rules": {each: {"enabled": False} for each in _COLOURS}}
_ASK = """async (rules) => {
    const found = await axe.run(document, {...rules, resultTypes: ["violations"], selectors: false, preload: false});
    const named = (each) => each.id + ": " + each.nodes.map((node) => node.html.slice(0, 160)).join(" | ");
    return found.violations.map(named);
}"""
_WIDE = """() => document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll("body *")].filter((each) => {
          const box = each.getBoundingClientRect();
          return box.right > innerWidth + 1 || box.left < -1;
      }).slice(-3).map((each) => each.outerHTML.slice(0, 120)).join(" | ") || "something"
    : "" """
_NOT_ON_PAPER = """() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const shown = [...document.querySelectorAll(".bar, .foot, form, button, .acts a, .skip")];
    return shown.filter((each) => each.checkVisibility()).map((each) => each.outerHTML.slice(0, 80))
        .concat(ground === "rgb(255, 255, 255)" ? [] : ["the ground " + ground]);
}"""
_SHIFT = """() => new Promise((tell) => {
    const seen = (each) => !each.hadRecentInput && each.value > 0.002;  // less is a word of the bar that came later
    const named = (each) => each.value.toFixed(4) + " " + each.sources.map(
        ({node, previousRect: was, currentRect: is}) =>
            `${node && (node.outerHTML || node.textContent).slice(0, 80)} from ${was.x},${was.y} to ${is.x},${is.y}`
    ).join(" | ");
    new PerformanceObserver((list) => tell(list.getEntries().filter(seen).map(named)))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => tell([]), 0);
})"""


@dataclass
class Looked:
    """How often pages were looked at, and what was wrong."""

    pages: set[str] = field(default_factory=set)
    combinations: int = 0
    wrong: list[str] = field(default_factory=list)

    def figures(self, name: str) -> str:
        """One line for people."""
        return f"{name}: {len(self.pages)} pages in {self.combinations} combinations, {len(self.wrong)} violations"


def look_at(
    browser: "Browser", site: Site, pages: Iterable[Page], languages: Iterable[str] = ("en",),
    themes: Iterable[Theme] = ("light",), widths: Iterable[int] = (1280,),
) -> Looked:  # fmt: skip
    """Have axe look at these pages in all these combinations, as everybody who sees them; and at the narrowest.

    Colours are looked at in the first of the languages.
    """
    looked, pages, languages = Looked(), list(pages), list(languages)
    for language, who in product(languages, sorted({who for page in pages for who in page.seen_by})):
        with _tab(browser, site, who, language, looked) as tab:
            for page in (page for page in pages if who in page.seen_by):
                name = f"{page.path} ({who or 'stranger'}, {language}{', sent' if page.sent else ''})"
                looked.pages.add(f"{page.path} {page.status} {sorted(page.sent)}")
                looked.wrong += _opened(tab, site, page, name)
                for theme, width in product(themes, widths):
                    if (rules := _rules(theme, coloured=language == languages[0])) is None:
                        continue
                    tab.emulate_media(color_scheme=theme)
                    tab.set_viewport_size({"width": width, "height": 800})
                    looked.combinations += 1
                    looked.wrong += [f"{name} {theme} {width}: {each}" for each in tab.evaluate(_ASK, rules)]
                tab.set_viewport_size({"width": NARROWEST, "height": 800})
                if wide := tab.evaluate(_WIDE):
                    looked.wrong.append(f"{name} is wider than {NARROWEST} pixels: {wide}")
    return looked


def _rules(theme: Theme, *, coloured: bool) -> Rules | None:
    """What is asked of a page that is opened once and seen in both themes: the dark one changes its colours alone."""
    if theme == "dark":
        return _COLOURS_ALONE if coloured else None
    return _ALL if coloured else _ALL_BUT_COLOURS


def look_at_paper(browser: "Browser", site: Site, pages: Iterable[Page]) -> Looked:
    """As `look_at`, at the pages as they are printed by who reads them in the dark."""
    looked = Looked()
    with _tab(browser, site, "moderator", "en", looked) as tab:
        for page in pages:
            looked.pages.add(page.path)
            looked.wrong += _opened(tab, site, page, page.path)
            tab.emulate_media(media="print", color_scheme="dark")
            tab.set_viewport_size({"width": PAPER, "height": 1000})
            looked.combinations += 1
            looked.wrong += [f"{page.path} on paper: {each}" for each in tab.evaluate(_ASK, {"runOnly": ["wcag2aa"]})]
            looked.wrong += [f"{page.path} on paper: {each} is shown" for each in tab.evaluate(_NOT_ON_PAPER)]
            if wide := tab.evaluate(_WIDE):
                looked.wrong.append(f"{page.path} is wider than paper: {wide}")
            tab.emulate_media(media="screen", color_scheme="light")
    return looked


@contextmanager
def _tab(browser: "Browser", site: Site, who: str, language: str, looked: Looked) -> "Iterator[Tab]":
    """A tab of this person's browser. What the browser complains of meanwhile is noted."""
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 800})
    cookies = site.cookies(who, language)
    context.add_cookies([{"name": name, "value": value, "url": site.base} for name, value in cookies.items()])
    context.add_init_script(_axe())
    tab = context.new_page()
    tab.on("request", lambda asked: None if asked.url.startswith((site.base, "data:")) else looked.wrong.append(
        f"{tab.url} asks another host: {asked.url}"
    ))  # fmt: skip
    tab.on("pageerror", lambda error: looked.wrong.append(f"{tab.url} ({language}): {error}"))
    tab.on("console", lambda said: _hear(looked, tab, said))
    yield tab
    context.close()


def _hear(looked: Looked, tab: "Tab", said: Any) -> None:
    if said.type == "error" and "the server responded with a status of" not in said.text:
        looked.wrong.append(f"{tab.url}: {said.text}")


def _opened(tab: "Tab", site: Site, page: Page, name: str) -> list[str]:
    """Open the page; what is wrong with how it comes."""
    answer = open_page(tab, site, page)
    wrong = [f"{name} answers {answer}"] if answer != page.status else []
    return wrong + [f"{name} shifts: {each}" for each in tab.evaluate(_SHIFT)]


def open_page(tab: "Tab", site: Site, page: Page) -> int:
    """Open the page in a tab, or send its form; returns the status."""
    tab.set_viewport_size({"width": 1280, "height": 800})
    address = site.base + page.path
    if page.sent:
        tab.route(address, lambda route: route.continue_(**_post(site, page.sent)), times=1)
    answer = tab.goto(address)
    assert answer is not None
    return answer.status


def _post(site: Site, sent: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"origin": site.base, "content-type": "application/x-www-form-urlencoded"}
    return {"method": "POST", "post_data": urlencode(sent, doseq=True), "headers": headers}


@cache
def _axe() -> str:
    return str(pytest.importorskip("axe_playwright_python.base", reason="axe is not installed").AXE_SCRIPT)
