"""Files of rows: JSON lines and CSV as people have them, each row found again by where it begins."""

import io
from pathlib import Path
from typing import Any

import pytest

from app.cli.rows import Scanned, opened_rows
from app.errors import OperatorError


def scanned(content: str | bytes, name: str = "file.csv") -> list[Scanned]:
    """All rows; and each of them, read again by its offset, is the same."""
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    reader = opened_rows(file, Path(name))
    rows = list(reader)
    for row in reversed(rows):
        if row.fault is None:
            assert reader.at(row.offset) == row.columns
    return rows


def columns(content: str | bytes, name: str = "file.csv") -> list[dict[str, Any]]:
    return [row.columns for row in scanned(content, name)]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_json_lines(mark: str) -> None:
    rows = scanned(f'{mark}{{"id": "a", "body": "x"}}\r\n\n{{"id": 2}}', "file.jsonl")
    assert [(row.line, row.columns) for row in rows] == [(1, {"id": "a", "body": "x"}), (3, {"id": 2})]


@pytest.mark.parametrize("name", ["file.jsonl", "file.txt", "file"])
def test_what_begins_with_a_brace_is_json_lines(name: str) -> None:
    assert columns('{"id": 1}', name) == [{"id": 1}]


@pytest.mark.parametrize("line", ["{", "nothing", '{"id": NaN}', '{"id": "\\ud800"}', "[" * 100_000, b"\xff{}"])
def test_a_line_that_is_no_json_is_named(line: str | bytes) -> None:
    rows = scanned(b'{"id": 1}\n' + (line.encode() if isinstance(line, str) else line) + b'\n{"id": 3}', "file.jsonl")
    assert [row.line for row in rows] == [1, 2, 3]
    assert (rows[1].fault or "").startswith("is no JSON")
    assert rows[0].fault is rows[2].fault is None


def test_a_line_that_is_no_object_is_named() -> None:
    assert scanned('{"id": 1}\n[1]', "file.jsonl")[1].fault == "is no JSON object"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(mark: str, delimiter: str) -> None:
    lines = [["ID ", "Body", "author"], ["a", '"two\nlines, ""quoted"""', ""], ["", "", ""], ["b", "x", "Ana"]]
    rows = scanned(mark + "\r\n".join(delimiter.join(line) for line in lines))
    assert [(row.line, row.columns) for row in rows] == [
        (2, {"id": "a", "body": 'two\nlines, "quoted"'}),
        (5, {"id": "b", "body": "x", "author": "Ana"}),
    ]


def test_a_row_with_too_many_cells_is_named() -> None:
    rows = scanned("id,body\na,one, two\nb,x\nc")
    assert (rows[0].fault or "").startswith("has 3 cells, and there are 2 columns")
    assert [row.columns for row in rows[1:]] == [{"id": "b", "body": "x"}, {"id": "c"}]


def test_csv_in_another_encoding_keeps_its_rows_apart() -> None:
    rows = columns("id,body\na,ma\xf1ana\nb,x".encode("latin-1"))
    assert rows[0]["body"] == "ma\udcf1ana"  # refused later, by its column
    assert rows[1]["body"] == "x"


def test_a_quote_that_never_ends_takes_the_rest_with_it() -> None:
    assert columns('id,body\na,"begun\nb,x') == [{"id": "a", "body": "begun\nb,x"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("\ufeff \n", "is empty"),
        ('[{"id": 1}]', "one JSON list"),
        ("name,text\na,b", "no columns id and body"),
        ("id,body\na,b".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_something_else_is_refused(content: str | bytes, says: str) -> None:
    with pytest.raises(OperatorError, match=says) as raised:
        scanned(content)
    assert raised.value.status == 2
