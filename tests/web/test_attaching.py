"""Files in forms, without a script: sent with a text, shown beneath it, saved and never shown, removed again."""

import re

import pytest
from httpx import AsyncClient

from app.accounts import limits
from app.cli.erasures import reapply
from app.clock import new_id
from app.database import Database
from tests.files import samples
from tests.making import AFTER, SLUG, Made, decide, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
FORM = f"/c/{SLUG}/contribute"
PAPER, DRAWING = ("Our “paper”.docx", samples.docx()), ("a.png", samples.png())


def filled(**more: str) -> dict[str, str]:
    return {
        "id": str(new_id()), "topic": AFTER, "kind": "resource", "title": "A paper", "body": "Read this.",
        "language": "en", "byline": "full", "do": "send",
    } | more  # fmt: skip


def addresses(page: str) -> list[str]:
    return re.findall(r'href="(/attachments/[0-9a-f-]{36})"', page)


async def test_a_text_with_files(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    author = await browse(made.participant)
    form = await author.get(f"{FORM}?topic={AFTER}")
    assert 'enctype="multipart/form-data"' in form.text and 'type="file"' in form.text
    assert 'type="file"' not in (await stranger.get(f"{FORM}?topic={AFTER}")).text
    sent = await author.post(FORM, data=filled(), files=[("files", PAPER), ("files", DRAWING), ("files", ("", b""))])
    assert sent.headers["location"] == f"/c/{SLUG}/1?done=tells"
    assert "tells more than its text" in (await author.get(sent.headers["location"])).text
    page = (await stranger.get(f"/c/{SLUG}/1")).text
    assert "Our “paper”.docx" in page and "DOCX, 2 kB" in page and "PNG, 1 kB" in page
    paper, _drawing = addresses(page)
    file = await stranger.get(paper)
    assert file.content == PAPER[1] and file.headers["content-type"].endswith("wordprocessingml.document")
    shown = {name: file.headers[name] for name in ("content-security-policy", "x-content-type-options")}
    assert shown == {
        "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
    }
    assert file.headers["content-disposition"] == (
        "attachment; filename=\"Our _paper_.docx\"; filename*=UTF-8''Our%20%E2%80%9Cpaper%E2%80%9D.docx"
    )
    assert (await stranger.get(paper, headers={"If-None-Match": file.headers["etag"]})).status_code == 304
    assert (await stranger.get(f"/attachments/{new_id()}")).status_code == 404
    assert (await stranger.get("/attachments/none")).status_code == 404


async def test_editing_shows_what_a_file_tells_and_removes_it(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    author = await browse(made.participant)
    await author.post(FORM, data=filled(), files=[("files", PAPER)])
    [address] = addresses((await stranger.get(f"/c/{SLUG}/1")).text)
    page = await author.get(f"/c/{SLUG}/1/edit")
    assert "It names who wrote or saved it. It holds comments. It holds tracked changes." in page.text
    changes = filled(based_on="1", detached=address.removeprefix("/attachments/"), do="save")
    sent = await author.post(f"/c/{SLUG}/1/edit", data=changes, files=[("files", DRAWING)])
    assert sent.headers["location"] == f"/c/{SLUG}/1?done=edited"
    [drawing] = addresses((await stranger.get(f"/c/{SLUG}/1")).text)
    assert drawing != address and (await stranger.get(address)).status_code == 410
    await decide(database, made, "hide", (await say(database, made, actor=made.other)).id)
    moderator = await browse(made.moderator)
    assert drawing in (await moderator.get(f"/c/{SLUG}/1/redact")).text
    file = drawing.removeprefix("/attachments/")
    decided = {"attachment": file, "passage": "", "reason": "It shows a person.", "rule": "1"}
    assert (await moderator.post(f"/c/{SLUG}/1/redact", data=decided)).status_code == 303
    assert (await stranger.get(drawing)).status_code == 410 and addresses(
        (await stranger.get(f"/c/{SLUG}/1")).text
    ) == []
    changes = filled(based_on="1", detached="x", do="save")
    assert (await author.post(f"/c/{SLUG}/1/edit", data=changes)).status_code == 400


async def test_a_refused_file_loses_no_text(
    browse: Browse, stranger: AsyncClient, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = await browse(made.participant)
    refused = await author.post(FORM, data=filled(), files=[("files", ("paper.pdf", b"MZ"))])
    assert refused.status_code == 422 and "Read this." in refused.text
    assert "“paper.pdf”: this is none of the files that can be attached" in refused.text
    assert "Please choose your files again" in refused.text and 'href="#f-files"' in refused.text
    preview = await author.post(FORM, data=filled(do="preview"), files=[("files", PAPER)])
    assert preview.status_code == 200 and "Please choose your files again" in preview.text
    too_many = await author.post(FORM, data=filled(), files=[("files", DRAWING)] * 6)
    assert too_many.status_code == 422 and "At most 5 files" in too_many.text
    monkeypatch.setattr(limits, "FILES_PER_HOUR", 0)
    often = await author.post(FORM, data=filled(), files=[("files", DRAWING)])
    assert often.status_code == 429 and "Read this." in often.text
    drafted = await stranger.post(FORM, data=filled(), files=[("files", PAPER)])
    assert drafted.status_code == 303 and "/sign-in" in drafted.headers["location"]


async def test_a_restored_file_is_destroyed_again(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    author = await browse(made.participant)
    await author.post(FORM, data=filled(), files=[("files", DRAWING)])
    page = (await stranger.get(f"/c/{SLUG}/1")).text
    [address] = addresses(page)
    contribution = (await stranger.get(f"/api/v1/consultations/{SLUG}/contributions")).json()["items"][0]["id"]
    file = address.removeprefix("/attachments/")
    await reapply(database, [{"kind": "text.erased", "subject": contribution, "attachment": file}])
    assert (await stranger.get(address)).status_code == 410
    assert addresses((await stranger.get(f"/c/{SLUG}/1")).text) == []
