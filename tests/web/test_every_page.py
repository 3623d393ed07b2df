"""The list of every page is whole; each page answers as it says there, its HTML is valid, and everybody can use it.

That is measured by axe (WCAG 2.2 A and AA, and its best practices) in a real browser: in every run one page of each
kind of address is looked at, and one of each that a form answers with, and three in all combinations;
PLENARY_TEST_WHOLE looks at all in all. A page is opened once for each language and visitor, and changes its theme and
width in place.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from lxml import html
from starlette.routing import Match, Route

from app.database import Database
from app.language import LANGUAGES
from app.web.kit import templating
from app.web.pages import PAGES
from tests.making import AFTER, make_person, say
from tests.web import every_page
from tests.web.axe import NARROWEST, THEMES, WIDTHS, Looked, look_at, look_at_paper
from tests.web.browsing import aside, served_with_everything, tell
from tests.web.every_page import NO_PAGES, C, Page
from tests.web.everything import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

TEMPLATES = Path(templating.__file__).parent / "templates"
CHECKER = os.environ.get("PLENARY_TEST_HTML_CHECKER")  # the jar of the Nu Html Checker
WHOLE = "PLENARY_TEST_WHOLE" in os.environ


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as somebody got it in a language."""

    page: Page
    who: str
    language: str
    status: int
    html: str


@pytest.fixture(scope="module")
def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site that holds everything."""
    with served_with_everything(database_url, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def templates() -> set[str]:
    """The names of the templates that were rendered."""
    return set()


@pytest.fixture(scope="module")
def answers(site: Site, templates: set[str]) -> list[Answer]:
    """Every page, by everybody who sees it."""
    each_anew = httpx.Limits(max_keepalive_connections=0)  # the server ends a connection that waited for 5 s
    with (
        _noted(templates),
        httpx.Client(base_url=site.base, headers={"Origin": site.base}, timeout=120, limits=each_anew) as browser,
    ):
        return [
            _answer(browser, site, page, who, language)
            for language in (LANGUAGES if WHOLE else ("en",))
            for page in every_page.pages(site.everything)
            for who in page.seen_by
        ]


def test_every_page_answers_as_it_is_listed(answers: list[Answer]) -> None:
    wrong = [f"{each.page} {each.who}: {each.status}" for each in answers if each.status != each.page.status]
    assert not wrong, "\n".join(wrong)


def test_a_page_begins_where_it_says_what_was_refused(answers: list[Answer]) -> None:
    """Without a script: one element has the focus. And all that a page leads to, or is described by, is on it."""
    wrong = []
    for each in answers:
        page = html.fromstring(each.html)
        focused, refused = len(page.xpath("//*[@autofocus]")), each.page.sent and each.status in (409, 422)
        if focused > 1 or (refused and not focused):
            wrong.append(f"{each.page} {each.who}: {focused} have the focus")
        meant = {link[1:] for link in page.xpath("//a/@href") if link.startswith("#")}
        meant.update(" ".join(page.xpath("//@aria-describedby")).split())
        wrong += [f"{each.page} {each.who}: no {id}" for id in meant.difference(page.xpath("//@id"))]
    assert not wrong, "\n".join(wrong)


def test_every_route_is_listed(site: Site) -> None:
    routes = _routes()
    asked = {_route(routes, page.path) for page in every_page.pages(site.everything) if not page.sent}
    there = {route.path for route in routes if "GET" in (route.methods or ())}
    assert there - asked - NO_PAGES.keys() == set()
    assert NO_PAGES.keys() <= there and not NO_PAGES.keys() & asked


def test_every_template_is_shown(answers: list[Answer], templates: set[str]) -> None:
    there = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    assert there - templates == set()


@pytest.mark.skipif(not CHECKER, reason="PLENARY_TEST_HTML_CHECKER names no checker: HTML is not checked")
def test_the_html_is_valid(answers: list[Answer], tmp_path: Path) -> None:
    for n, each in enumerate(answers):
        (tmp_path / f"{n}.html").write_text(each.html)
    # It would guess languages, too: pages quote what people wrote in others.
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", "--no-langdetect"]
    told = json.loads(subprocess.run([*command, str(tmp_path)], capture_output=True, check=True, timeout=300).stderr)[
        "messages"
    ]
    tell(f"HTML: {len(answers)} pages checked, {len(told)} messages")
    assert not told, "\n".join(sorted({_line(answers, message) for message in told}))


def test_everybody_can_use_a_page_of_each_kind(browser: "Browser", site: Site) -> None:
    pages = [replace(page, seen_by=page.seen_by[-1:]) for page in every_page.pages(site.everything)]
    first = {(_route(_routes(), page.path), bool(page.sent)): page for page in reversed(pages)}
    _find_nothing(look_at(browser, site, first.values()))


def test_three_pages_in_all_combinations(browser: "Browser", site: Site) -> None:
    _find_nothing(look_at(browser, site, every_page.three(site.everything), LANGUAGES, THEMES, WIDTHS))


def test_pages_on_paper(browser: "Browser", site: Site) -> None:
    paths = (f"{C}/topics/{AFTER}", f"{C}/numbers", f"{C}/decisions", f"{C}/{site.everything.at['note']}")
    pages = [*every_page.three(site.everything), *(Page(path) for path in paths)]
    _find_nothing(look_at_paper(browser, site, pages), "on paper")


def test_no_table_scrolls_sideways_on_a_phone(browser: "Browser", site: Site) -> None:
    codes, who = f"{C}/synthesis/codes", site.everything.at["planned"]
    tables = ("agreement", "tables", "tables?by=region&whose=all", "tables?by=also&whose=all")
    others = (f"{C}/numbers", f"{C}/recommendations", f"{C}/organise/balance", f"{C}/organise/meetings/{who}")
    page = _on_a_phone(browser, site, "organiser")
    for path in (*(f"{codes}/{each}" for each in tables), *others):
        page.goto(site.base + path)
        wide = page.locator(".wide").evaluate_all("all => all.map(each => each.scrollWidth - each.clientWidth)")
        assert wide and max(wide) == 0, path
    page.context.close()


def test_no_name_makes_a_page_wider_than_a_phone(browser: "Browser", site: Site, database_url: str) -> None:
    number = aside(_said_by_long_names(database_url, site))
    page = _on_a_phone(browser, site, "moderator")
    page.set_viewport_size({"width": NARROWEST, "height": 740})
    of_it = (f"{C}/{number}", f"{C}/{number}/share", f"{C}/{number}/endorse")
    for path in (C, f"{C}/topics/{AFTER}", f"{C}/search?q=longest", f"{C}/organisations", f"{C}/moderate", *of_it):
        page.goto(site.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST, path
    page.context.close()


def test_in_arabic_lines_begin_at_the_right_whatever_they_quote(browser: "Browser", site: Site) -> None:
    page = _on_a_phone(browser, site, "participant", "ar")
    for path, quoting in (("/me", ".rows .kind"), ("/me", ".lede bdi"), ("/me/notifications", ".rows p:first-child a")):
        page.goto(site.base + path)
        ends = "each => [each, each.closest('p')].map(one => Math.round(one.getBoundingClientRect().right))"
        quoted, line = page.locator(quoting).first.evaluate(ends)
        assert quoted == line, f"{path} {quoting}"
    page.context.close()


@pytest.mark.skipif(not WHOLE, reason="takes long: .ci/full does it")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_all_combinations(browser: "Browser", site: Site, language: str) -> None:
    looked = look_at(browser, site, every_page.pages(site.everything), [language], THEMES, WIDTHS)
    _find_nothing(looked, f"axe, {language}")


async def _said_by_long_names(url: str, site: Site) -> int | None:
    """A contribution with no place to break in its byline, title and place; its number."""
    database = Database(url, pool=1)
    long = "Donaudampfschifffahrtsgesellschaft"
    person = await make_person(database, long * 3, organisation=long * 5)
    places = ({"city": long * 2, "country": "GB", "role": "destination"},)
    said = await say(database, site.everything.made, actor=person, title="longest " + long * 5, places=places)
    await database.close()
    return said.number


def _on_a_phone(browser: "Browser", site: Site, who: str, language: str = "en") -> "Tab":
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    cookies = site.cookies(who, language).items()
    context.add_cookies([{"name": name, "value": value, "url": site.base} for name, value in cookies])
    return context.new_page()


def _find_nothing(looked: Looked, name: str = "axe, in every run") -> None:
    tell(looked.figures(name))
    assert not looked.wrong, "\n".join(looked.wrong)


def _line(answers: list[Answer], message: dict[str, Any]) -> str:
    each = answers[int(Path(message["url"]).stem)]
    return f"{each.page.path} ({each.who or 'stranger'}): {message['message']} {message.get('extract', '')!r}"


def _answer(browser: httpx.Client, site: Site, page: Page, who: str, language: str) -> Answer:
    """The page, by one client for everybody: to make one takes longer than to get a page."""
    browser.cookies = httpx.Cookies(site.cookies(who, language))
    answer = browser.post(page.path, data=dict(page.sent)) if page.sent else browser.get(page.path)
    return Answer(page, who, language, answer.status_code, answer.text)


def _routes() -> list[Route]:
    return [route for family in PAGES for route in family.router.routes if isinstance(route, Route)]


def _route(routes: list[Route], path: str) -> str:
    """The route that answers a GET of this address."""
    scope = {"type": "http", "path": path.partition("?")[0], "method": "GET"}
    return next((route.path for route in routes if route.matches(scope)[0] is Match.FULL), "")


@contextmanager
def _noted(names: set[str]) -> Iterator[None]:
    """Meanwhile the names of the templates that are rendered are noted."""
    find = templating.Templates.get_template

    def found(environment: Any, name: Any, *more: Any) -> Any:
        names.add(str(name))
        return find(environment, name, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templating.Templates, "get_template", found)
        yield
