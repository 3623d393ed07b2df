"""The same rows in every format, and what their columns mean."""

import csv
import hashlib
import io
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import openpyxl
import orjson
import pytest

from app.database import Database
from app.readings.discussion.listing import Filters, listing
from app.readings.exporting import manifests
from app.readings.exporting.export import chunks
from app.readings.json_texts import Lines
from tests.api.talk import Talk
from tests.making import speak_for

pytestmark = pytest.mark.anyio
MOMENTS = ("created", "published", "updated")
PLACES = [{"city": "Quito", "country": "EC", "role": "origin"}]


@pytest.fixture
async def rows(said: Talk) -> list[dict[str, str]]:
    """Two contributions as CSV has them."""
    asked = ["diasporas.a", "diasporas.b"]
    root = await said.posted(title="=1+1", body="=2+2", questions=asked, places=PLACES)
    await said.posted("other", parent=root["id"], body="日本語 عربى")
    return list(csv.DictReader(io.StringIO((await said.get(f"{said.home}/export.csv")).content.decode())))


def plain(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """As text, without what keeps a spreadsheet from calculating; times apart."""
    return [
        {
            name: "" if value is None else str(value).removeprefix("'")
            for name, value in row.items()
            if name not in MOMENTS
        }
        for row in rows
    ]


async def test_lines_are_the_texts_of_the_list_to_the_byte(said: Talk, database: Database) -> None:
    root = await said.posted(title='"\\', body="%d {} \n\r\u2028 “日本語”\\n")
    for _ in range(36):  # more than Postgres puts together in a piece
        gone = await said.posted("other", parent=root["id"])
    await said.posted("other", parent=root["id"])
    assert (await said.ask("DELETE", said.at(gone["id"]), "other")).status_code == 204
    await speak_for(database, said.made.other, "Union “Ü”")
    support = {"capacity": "organisation"}
    assert (await said.ask("PUT", said.at(root["id"], "/endorsement"), "other", json=support)).status_code == 204
    prefix = "https://plenary.example/ü/%d%%/c/x/"
    async with database.fetching() as driver:
        listed = list((await listing(driver, said.made.id, prefix, Filters(), limit=100)).items)
    (lines,) = [each async for each in chunks(database, said.made.id, prefix)]
    assert len(lines) == len(listed) == 37 and list(lines) == listed
    assert lines.whole() == b"".join(text + b"\n" for text in listed)
    (first, *_rest) = map(orjson.loads, listed)
    assert first["replies"] == 36 and first["url"] == f"{prefix}1"
    assert first["endorsements"] == len(first["endorsing_organisations"]) == 1


async def test_csv_with_a_mark_and_its_codebook(said: Talk, rows: list[dict[str, str]]) -> None:
    bare, marked = [(await said.get(f"{said.home}/export.csv", bom=bom)).content for bom in (False, True)]
    assert marked == b"\xef\xbb\xbf" + bare
    book = list(csv.DictReader(io.StringIO((await said.get(f"{said.home}/export.codebook.csv")).text)))
    assert [row["column"] for row in book] == list(rows[0]) and all(row["meaning"] for row in book)
    closed = {row["column"]: row["values"].split("; ") for row in book if row["values"]}
    assert {name for name in closed if any(row[name] not in ("", *closed[name]) for row in rows)} == set()


async def test_parquet_has_types(said: Talk, rows: list[dict[str, str]]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    answer = await said.get(f"{said.home}/export.parquet")
    assert int(answer.headers["plenary-record-size"]) > 0
    table = parquet.read_table(io.BytesIO(answer.content))
    assert str(table.schema.field("published").type) == "timestamp[ms, tz=UTC]"
    assert table.schema.field("number").metadata[b"meaning"].startswith(b"The contribution's number")
    found = table.to_pylist()
    names = ("questions", "places", "endorsing_organisations", "tags")
    lists = [{name: each.pop(name) for name in names} for each in found]
    assert lists[0] == {
        "questions": ["diasporas.a", "diasporas.b"], "places": PLACES, "tags": [], "endorsing_organisations": [],
    }  # fmt: skip
    assert [row.pop("endorsing_organisations") for row in rows] == ["", ""]
    assert [row.pop("questions") for row in rows] == ["diasporas.a; diasporas.b", ""]
    assert [row.pop("places") for row in rows] == ["Quito, EC (origin)", ""] and [row.pop("tags") for row in rows]
    assert plain(found) == plain(rows)
    assert [[each[name] for name in MOMENTS] for each in found] == [
        [datetime.fromisoformat(row[name]) for name in MOMENTS] for row in rows
    ]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
async def test_a_manifest_tells_what_an_export_holds(said: Talk, rows: list[dict[str, str]], ending: str) -> None:
    answer = await said.get(f"{said.home}/export.manifest.json", format=ending)
    export = await said.get(f"{said.home}/export.{ending}")
    told = answer.json()
    assert (told["sha256"], told["contributions"]) == (hashlib.sha256(export.content).hexdigest(), len(rows))
    assert str(told["record_size"]) == export.headers["plenary-record-size"] and told["licence"]["name"]
    again = {"If-None-Match": answer.headers["etag"]}
    assert (await said.ask("GET", str(answer.request.url), None, again)).status_code == 304
    assert (await said.get(f"{said.home}/export.manifest.json", format="pdf")).status_code == 422


async def test_a_manifest_is_of_one_state(said: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def while_others_write(*given: Any) -> AsyncIterator[Lines]:
        await said.posted()
        async for texts in chunks(*given):
            yield texts

    monkeypatch.setattr(manifests, "chunks", while_others_write)
    answer = await said.get(f"{said.home}/export.manifest.json")
    assert answer.status_code == 503 and "the export changes meanwhile" in answer.json()["detail"]


async def test_who_lacks_the_library_is_told_which(said: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = await said.get(f"{said.home}/export.parquet")
    assert answer.status_code == 503 and "extra “parquet” (pyarrow)" in answer.json()["detail"]


async def test_a_cell_holds_no_more_than_it_can(said: Talk) -> None:
    await said.posted(body="😀" * 20_000)
    book = openpyxl.load_workbook(io.BytesIO((await said.get(f"{said.home}/export.xlsx")).content))
    row = dict(zip(*book["contributions"].iter_rows(values_only=True), strict=True))
    assert row["body"].startswith("😀" * 16_000) and "the whole text is in export.jsonl" in row["body"]
    assert len(row["body"].encode("utf-16-le")) // 2 <= 32_767


async def test_a_workbook_has_no_formulas(said: Talk, rows: list[dict[str, str]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO((await said.get(f"{said.home}/export.xlsx")).content))
    assert book.sheetnames == ["contributions", "codebook"]
    heading, *lines = book["contributions"].iter_rows(values_only=True)
    found = [dict(zip(heading, line, strict=True)) for line in lines]
    assert plain(found) == plain(rows) and [row["created"] for row in found] == [row["created"] for row in rows]
    newest = datetime.fromisoformat(max(row["updated"] for row in rows)).replace(microsecond=0)
    assert book.properties.created == newest.replace(tzinfo=None)  # never the time of asking: the bytes stay the same
    assert {cell.data_type for line in book["contributions"].iter_rows() for cell in line} == {"s", "n"}


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
async def test_of_nothing(said: Talk, ending: str) -> None:
    assert (await said.get(f"{said.home}/export.{ending}")).status_code == 200
    assert (await said.get("/api/v1/consultations/none/export.parquet")).status_code == 404
