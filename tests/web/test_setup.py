"""Setting a consultation up in the browser, from an empty page to the announcement."""

import re
from html import unescape

import pytest
from httpx import AsyncClient, Response
from lxml import html
from sqlalchemy import select

from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.consultations.drafting import drafted, written
from app.consultations.models import Consultation
from app.database import Database
from app.language import LANGUAGES
from app.permissions import OPERATOR
from app.web.kit import cookies
from app.web.setup.sections import BY_KEY
from tests.making import AFTER, DEFINITIONS, SLUG, Made, make_person, say
from tests.web.conftest import Browse
from tests.web.filling import fill_in, form_of, save
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio

SETUP = f"/c/{SLUG}/organise/setup"
START = {
    "way": "scratch", "do": "save", "title": "Housing for newcomers", "slug": SLUG, "holder": "Sample network",
    "contact": "housing@plenary.invalid", "languages.0": "fr", "languages.1": "ar", "languages.2": "",
    "time_zone": "Europe/Paris", "opens.date": "2031-03-01", "opens.time": "", "closes.date": "2031-03-21",
    "closes.time": "18:00",
}  # fmt: skip
HOUSING = "/c/housing-for-newcomers"
PAGES = ("", "/basics", "/dates", "/topics", f"/topics/{AFTER}", "/new-topic", "/texts", "/texts/fr", "/definition",
         "/definition.toml")  # fmt: skip


def fault(answer: Response, field: str) -> str:
    """What stands beside a field of a form that was refused."""
    assert answer.status_code in (409, 422), answer.status_code
    found = re.search(rf'<p class="fault" id="e-{re.escape(field)}">(.*?)</p>', answer.text)
    return unescape(found[1]) if found else ""


@pytest.fixture
async def organiser(client: AsyncClient, database: Database, browse: Browse) -> AsyncClient:
    """Somebody who organises the sample."""
    client.headers["Origin"] = "http://testserver"
    async with database.writing() as session:
        await load_definition(session, OPERATOR, parse((DEFINITIONS / "sample.toml").read_text()))
        id = await session.scalar(select(Consultation.id))
    return await browse(await make_person(database, "Organiser D", consultation=id, role="organiser"))


async def test_a_closing_day_is_taken_to_its_end(organiser: AsyncClient) -> None:
    assert (await organiser.post("/organise/new", data=START | {"closes.time": ""})).status_code == 303
    toml = (await organiser.get(f"{SETUP}/definition.toml")).text
    assert "starts = 2031-03-01" in toml and "starts = 2031-03-22" in toml


async def test_the_founding_case_from_an_empty_page(client: AsyncClient, organiser: AsyncClient) -> None:
    wanted = parse((DEFINITIONS / f"{SLUG}.toml").read_text())
    made = await organiser.post("/organise/new", data=START)
    assert (made.status_code, made.headers["location"]) == (303, f"{SETUP}?done=made"), made.text
    await fill_in(organiser, wanted)
    file = await organiser.get(f"{SETUP}/definition.toml")
    assert parse(file.text) == wanted


async def test_a_new_one_in_two_languages_until_everyone_sees_it(client: AsyncClient, organiser: AsyncClient) -> None:
    made = await organiser.post("/organise/new", data=START | {"slug": ""})
    assert made.headers["location"] == f"{HOUSING}/organise/setup?done=made", made.text
    checklist = await organiser.get(f"{HOUSING}/organise/setup")
    for words in ("summary or the purpose is still", "no guiding question", "Arabic: 5 texts are missing"):
        assert words in checklist.text, words
    refused = await organiser.post(f"{HOUSING}/organise/setup")
    assert refused.status_code == 409 and "not announced yet" in refused.text
    seen = await organiser.get(HOUSING)
    assert seen.status_code == 200 and "In preparation." in seen.text and "no-store" in seen.headers["cache-control"]
    api = "/api/v1/consultations"
    for path in (HOUSING, f"{HOUSING}/record", f"{HOUSING}/organise/setup", f"{api}/housing-for-newcomers"):
        assert (await client.get(path)).status_code == 404, path
    for path in ("/", api, "/sitemap.xml"):
        assert "housing-for-newcomers" not in (await client.get(path)).text, path
    texts = {"title": "سكن القادمين الجدد", "summary": "سكن كريم."}
    basics = {"title": "Logement", "slug": "housing-for-newcomers", "summary": "Un logement digne."}
    more = {"purpose": "Ce qui *marche*.", "expected_outcome": "Un rapport."}
    await save(organiser, f"{HOUSING}/organise/setup/basics", basics | more)
    topic = {"topic.title": "Loyers", "topic.background": "Ils montent.", "topic.policy": "before",
             "topic.questions.0.text": "Qui aide ?", "topic.questions.1.text": ""}  # fmt: skip
    saved = await save(organiser, f"{HOUSING}/organise/setup/topics/topic-1", topic)
    assert saved.headers["location"] == f"{HOUSING}/organise/setup/topics/loyers?done=saved"
    await save(organiser, f"{HOUSING}/organise/setup/texts/ar", {f"t.{place}": text for place, text in texts.items()})
    announced = await organiser.post(f"{HOUSING}/organise/setup")
    assert announced.headers["location"].endswith("done=announced"), announced.text
    assert "<em>marche</em>" in (await client.get(HOUSING)).text
    assert texts["title"] in (await client.get(f"{HOUSING}?lang=ar")).text
    assert [each["key"] for each in (await client.get(f"{api}/housing-for-newcomers/topics")).json()["items"][0][
        "questions"]] == ["a"]  # fmt: skip


async def test_mistakes_stand_beside_their_fields_and_nothing_is_half_done(organiser: AsyncClient) -> None:
    empty = await organiser.post("/organise/new", data={"way": "scratch", "languages.0": "", "do": "save"})
    for field in ("title", "holder", "contact", "languages", "time_zone", "opens"):
        assert "must be filled in" in fault(empty, field), field
    assert '<a href="#f-contact">Mail address for questions: This entry must be filled in.</a>' in empty.text
    backwards = await organiser.post("/organise/new", data=START | {"opens.date": "2031-04-01"})
    assert "It closes before it opens" in fault(backwards, "closes") and "2031-04-01" in backwards.text
    assert (await organiser.post("/organise/new", data=START)).status_code == 303
    assert "is taken" in fault(await organiser.post("/organise/new", data=START), "slug")
    copy = {"way": "copy", "earlier": SLUG, "title": "Again", "slug": "again", "opens.date": "2032-01-01"}
    refused = await organiser.post("/organise/new", data=copy | {"earlier": "x"})
    assert "choose one of the consultations" in fault(refused, "earlier")
    assert (await organiser.post("/organise/new", data=copy)).headers["location"] == "/c/again/organise/setup?done=made"
    dates = {
        "time_zone": "Europe/Paris",
        "phases.open.starts.date": "2031-05-01",
        "phases.closed.starts.date": "2031-04-01",
        "phases.closed.note": "Kept <words>",
    }
    refused = await save(organiser, f"{SETUP}/dates", dates)
    assert "It closes before it opens" in fault(refused, "phases.closed.starts")
    assert "Kept &lt;words&gt;" in refused.text
    nonsense = await save(organiser, f"{SETUP}/dates", dates | {"phases.closed.starts.date": "May"})
    assert "2026-12-31" in fault(nonsense, "phases.closed.starts")
    words = {
        "screening.words.0.language": "not a tag",
        "screening.words.0.words": "casino",
        "moderation.hide_at_flags": "x",
    }
    refused = await save(organiser, f"{SETUP}/screening", words)
    assert "language tag" in fault(refused, "screening.words.0")
    assert "whole number" in fault(refused, "moderation.hide_at_flags")
    language = {"languages.0": "fr"}
    assert "25 texts" not in (await organiser.get(f"{SETUP}/languages")).text
    refused = await save(organiser, f"{SETUP}/languages", language)
    assert re.search(r"Arabic has \d+ texts", fault(refused, "languages")) and "let_go" in refused.text
    assert (await save(organiser, f"{SETUP}/languages", language | {"let_go": "yes"})).status_code == 303
    file = (await organiser.get(f"{SETUP}/definition.toml")).text
    assert parse(file).schedule()[0].starts.isoformat().startswith("2031-02-28") and "casino" not in file


async def test_texts_are_translated_part_by_part(organiser: AsyncClient) -> None:
    assert (await organiser.post("/organise/new", data=START)).status_code == 303
    page = f"{SETUP}/texts/ar"
    first, _more = _parts(await organiser.get(page))
    assert first == ["What it is for"]
    fields = form_of(await organiser.get(page), page)
    given = {name: "نص" for name in fields if name.startswith("t.") and name.count(".") == 1}
    assert (await save(organiser, page, given)).headers["location"] == f"{page}?done=saved"
    then, done = _parts(await organiser.get(page))
    assert then and then != first and done[0] == "What it is for"


async def test_somebody_else_changed_it_meanwhile(organiser: AsyncClient) -> None:
    await organiser.post("/organise/new", data=START)
    mine = {"how_input_is_used": "My version.", "answered_within_hours": "24"}
    shown = await organiser.get(f"{SETUP}/use")
    assert (await save(organiser, f"{SETUP}/use", {"how_input_is_used": "Theirs."})).status_code == 303
    late = await organiser.post(f"{SETUP}/use", data=mine | {"based_on": hidden(shown, "based_on"), "do": "save"})
    assert late.status_code == 409 and "My version." in late.text and "Somebody else changed this" in late.text
    again = await organiser.post(f"{SETUP}/use", data=mine | {"based_on": hidden(late, "based_on"), "do": "save"})
    assert again.status_code == 303
    assert "My version." in (await organiser.get(f"{SETUP}/use")).text


async def test_the_buttons_of_a_list_change_the_form_alone(organiser: AsyncClient) -> None:
    await organiser.post("/organise/new", data=START)
    sent = {f"rules.{at}.{name}": f"{name} {at}" for at in range(2) for name in ("number", "title", "text")}

    async def titles(do: str) -> list[str]:
        answer = await organiser.post(f"{SETUP}/rules", data=sent | {"do": do, "based_on": "x"})
        assert answer.status_code == 200
        return re.findall(r'name="rules\.\d+\.title" type="text" value="([^"]*)"', answer.text)

    assert await titles("add:rules") == ["title 0", "title 1", ""]
    assert await titles("down:rules.0") == await titles("up:rules.1") == ["title 1", "title 0"]
    assert await titles("remove:rules.0") == ["title 1"]
    assert (
        await organiser.post(f"{SETUP}/rules", data=sent | {"do": "add:none.1", "based_on": "x"})
    ).status_code == 409
    preview = await organiser.post(f"{SETUP}/basics", data={"do": "preview", "purpose": "**Bold** <script>"})
    assert "<strong>Bold</strong>" in preview.text and "<script>" not in preview.text
    assert "title 0" not in (await organiser.get(f"{SETUP}/rules")).text


async def test_a_file_brings_all_of_it_or_nothing(organiser: AsyncClient) -> None:
    text = (DEFINITIONS / f"{SLUG}.toml").read_text()
    broken = text.replace('policy = "after"', 'policy = "maybe"')
    refused = await organiser.post("/organise/new", data={"way": "file", "toml": broken}, files={"file": ("", b"")})
    assert refused.status_code == 422 and "topics[2].policy" in refused.text and "maybe" in refused.text
    made = await organiser.post("/organise/new", data={"way": "file"}, files={"file": ("f.toml", text.encode())})
    assert made.status_code == 303, made.text
    page = await organiser.get(f"{SETUP}/definition")
    state = {"based_on": hidden(page, "based_on")}
    changed = text.replace('title = "Respect people"', 'title = "Be kind"')
    taken = await organiser.post(f"{SETUP}/definition", data=state | {"toml": changed.replace(f'"{SLUG}"', '"sample"')})
    assert taken.status_code == 422 and "“sample” is taken" in taken.text
    loaded = await organiser.post(f"{SETUP}/definition", data=state | {"toml": changed})
    assert loaded.status_code == 303, loaded.text
    assert (await organiser.get(f"{SETUP}/definition.toml")).text.count("Be kind") == 1
    late = await organiser.post(f"{SETUP}/definition", data=state | {"toml": text})
    assert late.status_code == 409


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
async def test_mistakes_of_a_file_are_told_in_the_language_of_the_page(organiser: AsyncClient, language: str) -> None:
    text = (DEFINITIONS / f"{SLUG}.toml").read_text()
    broken = (
        text.replace('policy = "after"', "policy = true").replace("slug =", "slog =", 1).replace("[[rules]]", "[[r]]")
    )
    broken = re.sub(r'^title = ".*"', "title = 3", broken, count=1, flags=re.MULTILINE)
    plain, told = [
        unescape((await organiser.post("/organise/new", data={"way": "file", "toml": broken})).text)
        for organiser.cookies[cookies.LANGUAGE] in ("en", language)
    ]
    english = "line 1", "did you mean slug?", "the fields are", "text in quotes", "is missing", "moderation rules"
    assert [words for words in english if words not in plain] == []
    assert [words for words in english if words in told] == []
    assert re.search(r"<code>[^<]*\d+[^<]*, topics\[2\]\.policy</code>", told)
    assert (await organiser.post("/organise/new", data=START)).status_code == 303
    early = await save(organiser, f"{SETUP}/dates", {"time_zone": "UTC", "phases.open.starts.date": "1066-10-14"})
    assert "1900" in fault(early, "phases.open.starts") and "must lie" not in early.text


async def test_as_many_texts_are_missing_on_the_page_of_a_language_as_in_the_list(browse: Browse, made: Made) -> None:
    browser = await browse(made.organiser)
    listed = html.fromstring((await browser.get(f"{SETUP}/texts")).text)
    [told] = listed.xpath("//li[.//a[contains(@href, '/texts/fr')]]//text()[contains(., 'missing')]")
    page = html.fromstring((await browser.get(f"{SETUP}/texts/fr")).text)
    assert page.xpath("//p[@class='hint']")[0].text.strip().startswith(told.strip())
    assert f"{len(page.xpath('//label/span'))} texts" in told


async def test_only_organisers_set_up(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    moderator, organiser = await browse(made.moderator), await browse(made.organiser)
    for path in (*(f"{SETUP}{page}" for page in PAGES), "/organise/new"):
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in"), path
        assert (await moderator.get(path)).status_code == 403, path
        assert (await organiser.get(path)).status_code == 200, path
        if not path.endswith(".toml"):
            sent = {"way": "scratch", "do": "save", "based_on": "x", "title": "\x00\ud800".encode("utf-8", "replace")}
            assert (await moderator.post(path, data=sent)).status_code in (403, 404), path
            assert (await organiser.post(path, data=sent)).status_code in (303, 404, 409, 422), path
    for path in ("/none", "/topics/none", "/texts/none", "/texts/en"):
        assert (await organiser.get(f"{SETUP}{path}")).status_code == 404, path


async def test_topics_are_moved_and_a_reworded_question_shows_what_was_asked_before(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    organiser = await browse(made.organiser)
    await say(database, made)
    moved = await save(organiser, f"{SETUP}/topics", {"do": f"up:{AFTER}"})
    assert moved.status_code == 303
    home = (await stranger.get(f"/c/{SLUG}")).text
    assert home.index(f"/topics/{AFTER}") < home.index("/topics/inclusion")
    stays = await save(organiser, f"{SETUP}/topics", {"do": f"remove:{AFTER}"})
    assert stays.status_code == 422 and "has contributions, so it stays" in stays.text
    fields = form_of(await organiser.get(f"{SETUP}/topics/{AFTER}"), f"{SETUP}/topics/{AFTER}")
    before = fields["topic.questions.0.text"]
    saved = await save(organiser, f"{SETUP}/topics/{AFTER}", fields | {"topic.questions.0.text": "Which ones?"})
    assert saved.status_code == 303, saved.text
    shown = unescape((await stranger.get(f"/c/{SLUG}/topics/{AFTER}")).text)
    assert "Which ones?" in shown and "Reworded on" in shown and before in shown
    topics = (await stranger.get(f"/api/v1/consultations/{SLUG}/topics")).json()["items"]
    assert topics[0]["questions"][0]["version"] == 2


def test_a_moment_with_an_offset_stands_in_the_form_as_the_local_time_that_it_is() -> None:
    text = (
        (DEFINITIONS / f"{SLUG}.toml").read_text().replace("starts = 2016-07-26", "starts = 2016-07-26T18:30:00+02:00")
    )
    definition = parse(text)
    typed = BY_KEY["dates"].typed(definition)
    assert typed["phases"]["open"]["starts"] == {"date": "2016-07-26", "time": "12:30"}
    fields = BY_KEY["dates"].fields(BY_KEY["dates"].without_blanks(typed), {})
    assert drafted({**written(definition), **fields}).schedule() == definition.schedule()


def _parts(answer: Response) -> tuple[list[str], list[str]]:
    """The parts of a page of translations that are open, and those in which nothing is missing."""
    page = html.fromstring(answer.text)
    return page.xpath("//details[@open]//h2/text()"), page.xpath("//summary[span[@class='in-order']]/h2/text()")
