"""Quotation marks, colons, directions and numbers on pages, as each language writes them."""

import pytest
from httpx import AsyncClient

from app.database import Database
from app.language import speaking
from app.moderation.deciding import Grounds
from app.readings.spoken import Foreign
from app.web.kit.language import colon, html_gettext
from app.web.outcome import printed
from tests.making import SLUG, Made, say
from tests.moderation.asking import act
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
NB = "\N{NO-BREAK SPACE}"


async def test_why_a_text_is_hidden(stranger: AsyncClient, database: Database, made: Made) -> None:
    hidden = await say(database, made)
    await act(database, made.moderator, "hide", hidden.id, None, Grounds("Names a neighbour.", "4"))
    said = {lang: (await stranger.get(f"{C}/1?lang={lang}")).text for lang in ("en", "fr", "zh", "ru")}
    assert "rule 4, Protect third persons. \u2068“Names a neighbour.”\u2069" in said["en"]
    assert f"{NB}: règle 4" in said["fr"] and f"«{NB}Names a neighbour.{NB}»" in said["fr"]
    assert "隐藏：" in said["zh"] and "。 \u2068“Names" in said["zh"] and "«Names a neighbour.»" in said["ru"]


def test_a_value_that_runs_against_its_sentence_is_set_apart() -> None:
    sentence = "Responsible for personal data: %(name)s."
    with speaking("ar"):
        assert "\u2068A network.\u2069." in html_gettext(sentence, name="A network.")
        assert "\u2068" not in html_gettext(sentence, name="شبكة") + html_gettext(sentence, name="17")
    assert html_gettext(sentence, name="A network") == "Responsible for personal data: A network."
    assert "\u2068شبكة\u2069" in html_gettext(sentence, name="شبكة")


def test_a_colon_follows_a_name() -> None:
    assert colon("Name") == "Name:" and colon("<b>") == "&lt;b&gt;:"
    with speaking("fr"):
        assert colon("Nom") == f"Nom{NB}:"
    with speaking("zh"):
        assert colon("名") == "名："


def test_what_is_printed_knows_its_language() -> None:
    with speaking("ar"):
        assert (printed.language_of("نص"), printed.language_of(Foreign("A text", "en"))) == ("ar", "en")


async def test_none_is_not_one(database: Database, made: Made, browse: Browse) -> None:
    organiser = await browse(made.organiser)
    made_code = {"name": "Costs", "definition": "", "colour": "", "parent": ""}
    assert (await organiser.post(f"{C}/synthesis/codes", data=made_code)).status_code == 303
    assert "0 codage de votre part" in (await organiser.get(f"{C}/synthesis/codes?lang=fr")).text
