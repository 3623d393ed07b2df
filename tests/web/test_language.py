"""In which language a page answers, how it is chosen, and that choosing it loses nothing."""

import html
import re

import pytest
from httpx import AsyncClient

from app import language
from app.database import Database
from tests.making import AFTER, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_writing import filled

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"


def _spoken(page: str) -> str:
    return re.search(r'<html lang="(\w+)"', page)[1]  # type: ignore[index]


async def test_the_address_comes_before_the_cookie_and_the_cookie_before_the_browser(stranger: AsyncClient) -> None:
    likes_french = {"Accept-Language": "de, fr-CH;q=0.8, en;q=0.5"}
    assert _spoken((await stranger.get(C)).text) == "en"
    assert _spoken((await stranger.get(C, headers=likes_french)).text) == "fr"
    chosen = await stranger.get(f"{C}?lang=ru", headers=likes_french)
    assert _spoken(chosen.text) == "ru" and chosen.headers["cache-control"] == "private, no-store"
    assert "HttpOnly" in chosen.headers["set-cookie"] and "SameSite=lax" in chosen.headers["set-cookie"]
    again = await stranger.get(C, headers=likes_french)
    assert _spoken(again.text) == "ru" and "set-cookie" not in again.headers
    assert again.headers["cache-control"].startswith("public")
    assert {"Accept-Language", "Cookie"} <= set(again.headers["vary"].split(", "))


async def test_what_is_none_of_the_six_changes_nothing(stranger: AsyncClient) -> None:
    for asked in ("xx", "", "%00", "fr%0d%0aSet-Cookie:a=b", "fr-FR"):
        answer = await stranger.get(f"{C}?lang={asked}", headers={"Accept-Language": "*, ;;q=x, " + "a" * 5_000})
        assert answer.status_code == 200 and _spoken(answer.text) == "en" and "set-cookie" not in answer.headers


async def test_somebody_signed_in_reads_in_the_language_of_their_profile(browse: Browse, made: Made) -> None:
    participant = await browse(made.participant)
    profile = {"name": "A participant", "capacity": "personal", "time_zone": "UTC", "language": "es"}
    saved = await participant.post("/me", data=profile)
    assert saved.status_code == 303 and "plenary_language=es" in saved.headers["set-cookie"]
    assert _spoken((await participant.get(C, headers={"Accept-Language": "zh"})).text) == "es"
    participant.cookies.delete("plenary_language")
    assert _spoken((await participant.get(C, headers={"Accept-Language": "zh"})).text) == "es"


async def test_each_page_names_itself_in_the_other_languages_and_keeps_its_place(stranger: AsyncClient) -> None:
    page = (await stranger.get(f"{C}/search?words=work&lang=ar")).text
    for tag in ("en", "fr", "es", "ar", "ru", "zh"):
        assert f'hreflang="{tag}" href="http://testserver{C}/search?words=work&amp;lang={tag}"' in page


async def test_a_half_written_text_comes_along_into_another_language(browse: Browse, made: Made) -> None:
    participant = await browse(made.participant)
    form = (await participant.get(f"{C}/contribute?topic={AFTER}")).text
    assert f'form="writing" name="do" value="preview" formaction="{C}/contribute?lang=ar"' in form
    sent = {"topic": AFTER, "title": "Half of a title", "body": "and half a text", "do": "preview"}
    page = (await participant.post(f"{C}/contribute?lang=ar", data=sent)).text
    assert _spoken(page) == "ar" and "Half of a title" in page and "and half a text" in page


async def test_a_half_written_reply_comes_along_and_one_that_is_not_begun_leaves_the_reader_in_place(
    browse: Browse, made: Made, database: Database
) -> None:
    root = await say(database, made)
    participant = await browse(made.participant)
    page = (await participant.get(f"{C}/{root.number}?replies=direct")).text
    found = re.search(r'form="reply" name="do" value="language" formaction="([^"]+lang=ar[^"]+)"', page)
    assert found
    switch, sent = html.unescape(found[1]), {"parent": str(root.number), "do": "language", "language": "en"}
    written = (await participant.post(switch, data=sent | {"body": "and half a reply"})).text
    assert _spoken(written) == "ar" and "and half a reply" in written
    empty = await participant.post(switch, data=sent | {"body": " "})
    assert empty.status_code == 303 and empty.headers["location"] == f"{C}/{root.number}?replies=direct&lang=ar"
    away = await participant.post(f"{C}/contribute?lang=ar&onward=//elsewhere.example", data=sent | {"body": ""})
    assert away.headers["location"] == "/"


async def test_the_errors_of_a_form_are_in_the_language_of_the_page(browse: Browse, made: Made) -> None:
    participant = await browse(made.participant)
    refused = await participant.post(f"{C}/contribute?lang=fr", data=filled(body=""))
    assert refused.status_code == 422 and "Please write your text here." not in refused.text
    missing = await participant.get(f"{C}/99999")
    assert missing.status_code == 404 and _spoken(missing.text) == "fr"


def test_names_are_listed_as_each_language_lists_them() -> None:
    said = {}
    for tag in language.LANGUAGES:
        with language.speaking(tag):
            said[tag] = language.listed(["A", "B", "C"])
    assert said == {
        "en": "A, B and C", "fr": "A, B et C", "es": "A, B y C", "ar": "A وB وC", "ru": "A, B и C", "zh": "A、B和C",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("speaking", "said"), [("en", "Filipino"), ("ar", "الفلبينية"), ("ru", " filipino "), ("en", "fil")]
)
async def test_a_language_may_be_called_by_its_name(browse: Browse, made: Made, speaking: str, said: str) -> None:
    author = await browse(made.participant)
    form = filled(language="other", other_language=said)
    assert (await author.post(f"{C}/contribute?lang={speaking}", data=form)).status_code == 303
    assert (await author.get("/api/v1/consultations/mayoral-forum-2016/contributions?language=fil")).json()["items"]
    refused = await author.post(f"{C}/contribute", data=filled(language="other", other_language="wikang"))
    assert refused.status_code == 422 and 'value="wikang"' in refused.text
