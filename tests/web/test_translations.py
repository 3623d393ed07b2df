"""Translations on pages: read with the original one tap away, offered, judged and taken away without a script."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.config import settings
from app.contributions import machine_translation
from app.contributions.models import Contribution
from app.database import Database
from tests.contributions.offering import judge, kept, offer, public
from tests.counting import counted
from tests.making import AFTER, BEFORE, SLUG, Made, curate, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PAGE = f"/c/{SLUG}/1"
DESK = f"/c/{SLUG}/moderate/translations"
EDIT = {"kind": "proposal", "title": "A proposal", "body": "Other.", "language": "en", "based_on": "1", "do": "save"}
FIELDS = {"language": "fr", "revision": "1", "title": "Une proposition", "body": "Des *mots*."}


class Pretender:
    """A provider of machine translation, as one would be named in the settings."""

    async def translate(self, text: str, source: str, target: str) -> str:
        return f"{target}: {text}"


async def test_a_reader_finds_their_language_and_the_original(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    said = await say(database, made, body="The original words.")
    reply = await say(database, made, parent=said.id)
    row = await offer(database, made, said.id)
    await offer(database, made, reply.id, body="Une réponse.")
    english, french = (await stranger.get(PAGE)).text, (await stranger.get(f"{PAGE}?lang=fr")).text
    assert "?in=fr" in english and "Read it in" not in english  # in the list alone
    assert f'<a href="{PAGE}?in=fr">Lire en français</a>' in french and "The original words." in french
    assert f'<a href="/c/{SLUG}/2?in=fr">Lire en français</a>' in french  # a small label in the thread
    stranger.cookies.clear()
    shown = (await stranger.get(f"{PAGE}?in=fr")).text
    for piece in ('<h1 dir="auto" lang="fr">Une proposition</h1>', '<div class="text" lang="fr" dir="auto">'):
        assert piece in shown
    assert "The original words." not in shown and "Des <em>mots</em>." in shown
    for words in ("Translation into French", "translated by a participant", "offered, not reviewed yet"):
        assert words in shown
    assert f'<a href="{PAGE}" hreflang="en">Read the original (English)</a>' in shown
    assert f'<link rel="canonical" href="http://testserver{PAGE}">' in shown
    assert "Participant B" not in shown and "Offer a translation" not in shown
    await judge(database, made, "review", row)
    assert "reviewed by a moderator" in (await stranger.get(f"{PAGE}?in=fr")).text
    assert "The original words." in (await stranger.get(f"{PAGE}?in=de")).text
    assert (await stranger.get(f"{PAGE}?in={'x' * 36}")).status_code in (404, 422)
    assert "The original words." in (await stranger.get(PAGE, params={"in": "<script>"})).text


async def test_of_an_earlier_version(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    said = await say(database, made)
    await offer(database, made, said.id)
    author = await browse(made.participant)
    assert (await author.post(f"{PAGE}/edit", data=EDIT)).status_code == 303
    assert "of an earlier version" in (await stranger.get(f"{PAGE}?in=fr")).text


async def test_offering_with_a_form(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    said = await say(database, made, body="The original words.")
    assert (await stranger.get(f"{PAGE}/translate")).headers["location"] == f"/sign-in?onward={PAGE}/translate"
    assert (await stranger.post(f"{PAGE}/translate", data=FIELDS)).status_code == 401
    other = await browse(made.other)
    assert f'<a href="{PAGE}/translate">Offer a translation</a>' in (await other.get(PAGE)).text
    form = (await other.get(f"{PAGE}/translate")).text
    assert "The original words." in form and 'name="revision" value="1"' in form and "machine translate" not in form
    assert '<option value="en"' not in form and " selected>" not in form
    assert '<option value="fr" selected' in (await other.get(f"{PAGE}/translate?lang=fr")).text
    other.cookies.delete("plenary_language")
    refused = await other.post(f"{PAGE}/translate", data=FIELDS | {"title": "", "body": "Des <b>mots</b>."})
    assert refused.status_code == 422 and "Des &lt;b&gt;mots&lt;/b&gt;." in refused.text
    sent = await other.post(f"{PAGE}/translate", data=FIELDS)
    assert sent.headers["location"] == f"{PAGE}?in=fr&done=translation"
    assert "Everyone can read the translation now" in (await other.get(sent.headers["location"])).text
    again = (await other.get(f"{PAGE}/translate?into=fr")).text
    assert ">\nDes *mots*.</textarea>" in again
    other_tag = FIELDS | {"language": "other", "other_language": "pt-BR"}
    assert (await other.post(f"{PAGE}/translate", data=other_tag)).headers["location"].startswith(f"{PAGE}?in=pt-BR")
    assert [each["language"] for each in await public(database, said.id)] == ["fr", "pt-BR"]
    held = (await other.get("/me/data/download")).json()["translations"]
    assert [(each["number"], each["language"], each["body"]) for each in held] == [
        (1, "fr", "Des *mots*."), (1, "pt-BR", "Des *mots*."),
    ]  # fmt: skip


async def test_the_original_changes_meanwhile(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    other, author = await browse(made.other), await browse(made.participant)
    await author.post(f"{PAGE}/edit", data=EDIT)
    refused = await other.post(f"{PAGE}/translate", data=FIELDS)
    assert refused.status_code == 409 and "The original was changed meanwhile" in refused.text
    assert ">\nDes *mots*.</textarea>" in refused.text and 'name="revision" value="2"' in refused.text
    assert (await other.post(f"{PAGE}/translate", data=FIELDS | {"revision": "2"})).status_code == 303
    for broken in ("", "x", "-1"):
        assert (await other.post(f"{PAGE}/translate", data=FIELDS | {"revision": broken})).status_code == 400


async def waiting(database: Database, made: Made) -> Any:
    said = await say(database, made, topic=BEFORE)
    await curate(database, made, "approve", said.id)
    return said


async def test_what_waits_is_judged_on_the_desk(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    said = await waiting(database, made)
    other, moderator = await browse(made.other), await browse(made.moderator)
    sent = await other.post(f"{PAGE}/translate", data=FIELDS)
    assert sent.headers["location"] == f"{PAGE}?done=offered#translations"
    mine = (await other.get(PAGE)).text
    assert "waits for a moderator" in mine and "only you see this" in mine
    assert "waits for a moderator" not in (await stranger.get(PAGE)).text
    assert "?in=fr" not in (await (await browse(made.participant)).get(PAGE)).text
    assert (await stranger.get(DESK)).status_code == 303 and (await other.get(DESK)).status_code == 403
    desk = (await moderator.get(DESK)).text
    assert "Des <em>mots</em>." in desk and "Participant B" not in desk
    [row] = await kept(database, said.id)
    form = {"contribution": str(said.id), "translation": str(row.id), "act": "refuse-translation", "reason": ""}
    assert (await other.post(DESK, data=form | {"reason": "x"})).status_code == 403
    refused = await moderator.post(DESK, data=form)
    assert refused.status_code == 422 and "Please give a reason" in refused.text
    assert (await moderator.post(DESK, data=form | {"act": "erase"})).status_code == 400
    accept = form | {"act": "review-translation"}
    assert (await moderator.post(DESK, data=accept)).headers["location"] == f"{DESK}?done=judged"
    assert "reviewed by a moderator" in (await stranger.get(f"{PAGE}?in=fr")).text
    late = await moderator.post(DESK, data=form | {"reason": "Too late."})
    assert late.status_code == 409 and "Too late." in late.text
    log = (await stranger.get(f"/c/{SLUG}/decisions")).text
    assert "A translation of contribution 1 was reviewed" in log


async def test_the_author_approves_or_takes_away(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    said = await say(database, made)
    row = await offer(database, made, said.id)
    at = f"{PAGE}/translations/{row.id}"
    author, other, moderator = [await browse(each) for each in (made.participant, made.other, made.moderator)]
    assert (await other.post(f"{at}/approve", data={"x": "y"})).status_code == 403
    assert (await author.post(f"{at}/review", data={"x": "y"})).status_code == 403
    assert (await author.post(f"{at}/praise", data={"x": "y"})).status_code == 404
    assert f'action="{at}/approve"' in (await author.get(PAGE)).text
    assert f'action="{at}/review"' in (await moderator.get(PAGE)).text
    assert f"{at}/take-away" in (await other.get(PAGE)).text and "/approve" not in (await other.get(PAGE)).text
    await author.post(f"{at}/approve", data={"x": "y"})
    assert "approved by the author" in (await stranger.get(f"{PAGE}?in=fr")).text
    asked = (await author.get(f"{at}/take-away")).text
    assert "Reason" in asked and "Des <em>mots</em>." in asked
    assert (await author.post(f"{at}/take-away", data={"reason": ""})).status_code == 422
    assert (await author.post(f"{at}/take-away", data={"reason": "It errs."})).status_code == 303
    assert "?in=fr" not in (await stranger.get(PAGE)).text
    assert "by the contribution’s author" in (await stranger.get(f"/c/{SLUG}/decisions")).text
    assert "taken away" in (await other.get(PAGE)).text
    assert "Reason" not in (await other.get(f"{at}/take-away")).text
    assert (await other.post(f"{at}/take-away", data={"x": "y"})).status_code == 303
    assert await kept(database, said.id) == []
    assert (await other.get(f"{at}/take-away")).status_code == 404


async def test_a_machine_only_where_the_settings_name_one(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await say(database, made, topic=AFTER)
    moderator, other = await browse(made.moderator), await browse(made.other)
    ask = FIELDS | {"do": "machine", "title": "", "body": ""}
    assert "machine" not in (await moderator.get(f"{PAGE}/translate")).text
    assert (await moderator.post(f"{PAGE}/translate", data=ask)).status_code == 403
    monkeypatch.setenv("PLENARY_MACHINE_TRANSLATION", "a_provider:Pretender")
    monkeypatch.setattr(machine_translation, "import_module", lambda _name: SimpleNamespace(Pretender=Pretender))
    settings.cache_clear()
    assert (await other.post(f"{PAGE}/translate", data=ask)).status_code == 403
    assert "machine translate" in (await moderator.get(f"{PAGE}/translate")).text
    assert (await moderator.post(f"{PAGE}/translate", data=ask)).status_code == 303
    [shown] = await public(database, said.id)
    assert (shown["title"], shown["body"], shown["machine"]) == ("fr: A proposal", "fr: Text.", True)
    assert "translated by a machine" in (await stranger.get(f"{PAGE}?in=fr")).text


async def test_translations_cost_no_query(stranger: AsyncClient, database: Database, made: Made) -> None:
    root = await say(database, made)
    for n in range(3):
        await say(database, made, parent=root.id, body=f"Reply {n}.")
    await stranger.get(PAGE)  # what is read once
    counts: list[tuple[int, int]] = []
    for _each in range(2):
        async with counted(database) as seen:
            page = (await stranger.get(f"{PAGE}?n={len(counts)}")).text
        counts.append((len(seen), page.count("?in=")))
        for reply in range(1, 5):
            said = await numbered(database, made, reply)
            await offer(database, made, said, language="es")
            await offer(database, made, said, language="de")
    (before, none), (after, some) = counts
    assert (none, some) == (0, 2) and before == after > 0


async def numbered(database: Database, made: Made, number: int) -> UUID:
    async with database.writing() as session:
        query = select(Contribution.id).where(Contribution.consultation_id == made.id, Contribution.number == number)
        return (await session.execute(query)).scalar_one()
