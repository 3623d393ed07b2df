"""What organisers wrote, in the reader's language as far as it is translated."""

from pathlib import Path

import pytest
from httpx import AsyncClient

from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.database import Database
from app.errors import Invalid
from app.permissions import OPERATOR
from tests.making import BEFORE, SLUG, Made, say
from tests.web.pages import heading

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
FOUNDING = Path(__file__).parents[2] / "app/consultations/definitions" / f"{SLUG}.toml"
TITLE_FR, QUESTION_FR = "vers le Forum des maires", "réduire la xénophobie"


async def test_pages_say_it_in_the_readers_language_and_the_api_as_it_was_written(stranger: AsyncClient) -> None:
    page = await stranger.get(f"{C}?lang=fr")
    assert TITLE_FR in heading(page) and QUESTION_FR in page.text
    assert "La plupart des personnes qui partent" in page.text and "Most people who move" not in page.text
    assert "Strengthening the Migration-Development Nexus" in page.text  # what nobody translated stays
    topic = await stranger.get(f"{C}/topics/{BEFORE}?lang=zh")
    assert heading(topic) == "移民和难民在城市中心的融入、机会与参与" and "派出所" in topic.text
    assert "Parler du sujet" in (await stranger.get("/about/rules?lang=fr")).text
    assert TITLE_FR in (await stranger.get("/?lang=fr", follow_redirects=True)).text
    answer = (await stranger.get(f"/api/v1/consultations/{SLUG}", headers={"Accept-Language": "fr"})).json()
    assert answer["title"].startswith("Civil society and cities") and "translations" not in answer
    assert heading(await stranger.get(f"{C}?lang=en")).startswith("Civil society and cities")


async def test_threads_and_forms_have_it_too(stranger: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, questions=("diasporas.a",))
    page = (await stranger.get(f"{C}/1?lang=es")).text
    assert "Las diásporas al servicio del desarrollo" in page and "¿Qué alianzas" in page
    assert "CC BY 4.0, nombrando a su autor" in page  # what they agree to, beside the button
    assert "Diasporas furthering" in (await stranger.get(f"{C}/1?lang=en")).text
    form = (await stranger.get(f"{C}/contribute?topic={BEFORE}&lang=ar")).text
    assert form.count("<bdi>كيف يعملان معًا للحد") == 2 and form.count("b. <bdi>") == 2  # the label, and the list


async def test_what_is_not_translated_says_in_which_language_it_is(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    """So that a voice reads it as it is spoken, and lines begin at its side."""
    written, translations = FOUNDING.read_text().split("[translations.fr]", 1)
    some = translations.split("\n[", 1)[0].replace("title =", "# title =")  # French has the first table, but no title
    async with database.writing() as session:
        await load_definition(session, OPERATOR, parse(f"{written}[translations.fr]{some}\n"))
    theirs = ' lang="en" dir="ltr"'
    for path, language in ((C, "fr"), (C, "ar"), (f"{C}/topics/{BEFORE}", "zh")):
        assert f"<h1{theirs}>" in (await stranger.get(f"{path}?lang={language}")).text
        assert f"<h1{theirs}>" not in (await stranger.get(f"{path}?lang=en")).text
    home, topic = (await stranger.get(f"{C}?lang=fr")).text, (await stranger.get(f"{C}/topics/{BEFORE}?lang=fr")).text
    assert f"<span{theirs}><bdi>How can they work" in home and '<div class="text">' in home and "La plupart" in home
    assert f'<a href="{C}"{theirs}>Civil society' in topic
    assert f'<p class="text"{theirs}>' in (await stranger.get("/about/rules?lang=fr")).text


async def test_a_translation_that_is_changed_is_shown_at_once(stranger: AsyncClient, database: Database) -> None:
    assert TITLE_FR in (await stranger.get(f"{C}?lang=fr")).text
    changed = FOUNDING.read_text().replace(TITLE_FR, "en route")
    async with database.writing() as session:
        report = await load_definition(session, OPERATOR, parse(changed))
    assert report == [f"{SLUG}: translations changed"]
    assert "en route" in heading(await stranger.get(f"{C}?lang=fr"))


def test_a_translation_of_nothing_is_a_mistake() -> None:
    wrong = FOUNDING.read_text() + '\n[translations.ru.topics.nowhere]\ntitle = "x"\n'
    with pytest.raises(Invalid) as refused:
        parse(wrong)
    [(where, why)] = refused.value.fields.items()
    assert "translations.ru.topics.nowhere.title" in where and why.startswith("translates nothing")
    line = int(where.split(",")[0].removeprefix("line "))
    assert wrong.splitlines()[line - 1] in ("[translations.ru.topics.nowhere]", 'title = "x"')
