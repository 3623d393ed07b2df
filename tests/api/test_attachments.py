"""Attachments through the API: sent as a body or in a form, listed everywhere, refused with the reason."""

import csv
import hashlib
import io
import json

import pytest

from tests.api.talk import Talk
from tests.files import samples
from tests.making import AFTER, BEFORE

pytestmark = pytest.mark.anyio
DOCX = samples.docx()


async def test_attaching_listing_and_removing(said: Talk) -> None:
    text = await said.posted()
    files = said.at(text["id"], "/attachments")
    answer = await said.ask("POST", files, "participant", params={"name": "Our paper.docx"}, content=DOCX)
    assert answer.status_code == 201 and answer.headers["etag"].startswith('"2-')
    [file] = answer.json()["attachments"]
    assert (file["name"], file["size"], file["hash"]) == ("Our paper.docx", len(DOCX), hashlib.sha256(DOCX).hexdigest())
    answer = await said.ask("POST", files, "participant", files={"file": ("a.png", samples.png())})
    assert [each["name"] for each in answer.json()["attachments"]] == ["Our paper.docx", "a.png"]
    mine, theirs = [(await said.read(files, who))["items"] for who in ("participant", "moderator")]
    assert mine[0] == {**file, "tells": ["authors", "comments", "changes"]} and mine[1]["tells"] == []
    assert theirs == [{**each, "tells": None} for each in mine] == (await said.read(files))["items"]
    assert (await said.read(files, fields="name"))["items"] == [{"name": "Our paper.docx"}, {"name": "a.png"}]
    await everywhere(said, text["id"], 2)
    answer = await said.ask("DELETE", f"{files}/{file['id']}", "participant")
    assert answer.status_code == 200 and [each["name"] for each in answer.json()["attachments"]] == ["a.png"]
    await everywhere(said, text["id"], 1)


async def test_a_file_sent_twice_in_a_form_is_attached_once(said: Talk) -> None:
    files, key = said.at((await said.posted())["id"], "/attachments"), {"Idempotency-Key": "paper-1"}
    for boundary in ("one", "two"):  # which clients draw anew each time
        form = {**key, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = await said.ask("POST", files, "participant", form, files={"file": ("a.png", samples.png())})
        assert answer.status_code == 201 and len(answer.json()["attachments"]) == 1
    other = await said.ask("POST", files, "participant", key, files={"file": ("b.png", samples.png())})
    assert other.status_code == 422


async def everywhere(said: Talk, id: str, count: int) -> None:
    """The same list in the contribution, in lists, exports and the change feed."""
    attached = (await said.read(said.at(id)))["attachments"]
    assert len(attached) == count
    listed = (await said.read(f"{said.home}/contributions"))["items"]
    exported = json.loads((await said.get(f"{said.home}/export.jsonl")).text)
    *_earlier, entry = (await said.read(f"{said.home}/changes", after=0))["items"]
    assert listed[0]["attachments"] == exported["attachments"] == entry["contribution"]["attachments"] == attached
    assert len(entry["attachments"]) == count  # salted hashes
    [row] = csv.DictReader(io.StringIO((await said.get(f"{said.home}/export.csv")).text))
    assert row["attachments"].split("; ") == ["https://plenary.example" + each["url"] for each in attached]


async def test_what_waits_stays_private(said: Talk) -> None:
    text = await said.posted(topic=BEFORE)
    await said.decide(text["id"], "approve", revision=text["waiting"]["revision"])
    files = said.at(text["id"], "/attachments")
    answer = await said.ask("POST", files, "participant", params={"name": "a.png"}, content=samples.png())
    assert answer.status_code == 202 and answer.json()["attachments"] == [] and answer.json()["waiting"]
    assert [len((await said.read(files, who))["items"]) for who in ("participant", "moderator", "other", None)] == [
        1, 1, 0, 0,
    ]  # fmt: skip
    [item] = (await said.read(f"{said.home}/queue", "moderator"))["items"]
    bytes_at = f"{files}/{item['attachments'][0]['id']}"
    assert [(await said.get(bytes_at, who)).status_code for who in ("moderator", "participant", "other", None)] == [
        200, 200, 404, 404,
    ]  # fmt: skip
    assert [each["name"] for each in item["attachments"]] == ["a.png"]
    await said.decide(text["id"], "approve", revision=item["revision"])
    assert len((await said.read(files))["items"]) == 1
    shown = await said.get(bytes_at)
    assert shown.headers["content-type"] == "image/png" and b"PNG" in shown.content
    assert shown.headers["content-security-policy"].startswith("sandbox")
    assert (await said.get(said.at(item["attachments"][0]["id"], bytes_at[len(files) - 12 :]))).status_code == 404
    file = item["attachments"][0]["id"]
    assert (await said.decide(text["id"], "redact", attachment=file)).status_code == 201
    assert (await said.read(files))["items"] == [] and (await said.get(bytes_at)).status_code == 410


async def test_refusals(said: Talk) -> None:
    text = await said.posted(topic=AFTER, byline="anonymous")
    files = said.at(text["id"], "/attachments")
    field = samples.odt("<text:author-name/>")
    for status, who, name, content in (
        (401, None, "a.png", samples.png()), (403, "other", "a.png", samples.png()),
        (403, "moderator", "a.png", samples.png()), (422, "participant", "a.zip", b"PK\x05\x06"),
        (422, "participant", "a.odt", field), (413, "participant", "a.pdf", b"%PDF-" + bytes(11 * 2**20)),
        (422, "participant", "big.png", samples.huge_png()),
    ):  # fmt: skip
        answer = await said.ask("POST", files, who, params={"name": name}, content=content)
        assert answer.status_code == status, answer.text
    for body in ({"files": {"other": ("a.png", b"x")}}, {"data": {"file": "x"}, "files": {"file": ("a.png", b"x")}}):
        assert (await said.ask("POST", files, "participant", **body)).status_code == 400
    broken = {"Content-Type": "multipart/form-data"}
    assert (await said.ask("POST", files, "participant", headers=broken, content=b"x")).status_code == 400
    nothing = await said.ask("DELETE", f"{files}/{text['id']}", "participant")
    assert nothing.status_code == 404 and (await said.get(said.at(text["id"], "0/attachments"))).status_code == 404
    assert (await said.read(said.at(text["id"])))["revision"] == 1
