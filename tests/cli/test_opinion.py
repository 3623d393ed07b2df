"""`opinion`: what it prints, and what it says of files that hold no positions."""

import asyncio
import csv
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from app.cli.opinion import opinion
from app.errors import Malformed, OperatorError
from tests.running import command

LONDON = Path(__file__).parents[1] / "synthesis/london.youth.policing/participants-votes.csv"
GOOD = "participant,1,2\na,1,-1\nb,0,\n"


@pytest.fixture(autouse=True)
def usual_cells() -> None:
    """Imports allow for longer cells of CSV, and the limit is the process's."""
    csv.field_size_limit(131_072)


def printed(capsys: pytest.CaptureFixture[str], *arguments: Any, **options: Any) -> tuple[dict[str, Any], str]:
    opinion(*arguments, **options)
    captured = capsys.readouterr()
    return json.loads(captured.out), captured.err


def test_the_map_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    expected = json.loads(LONDON.with_name("expected.json").read_text())
    found, said = printed(capsys, LONDON, groups=LONDON, left_out="0, 2,3")
    for name in expected.keys() - {"licence", "clustering"}:
        assert found[name] == expected[name], name
    assert said == f"Left out, and not in {LONDON} anyway: 0, 2, 3\n"
    assert found["people"].keys() >= {"1", "2"} and found["people"]["1"]["group"] in found["group_sizes"]
    alone, said = printed(capsys, LONDON)
    assert said == ""
    assert alone.keys() == found.keys() - {"published_group_sizes", "given_published_groups"}
    assert alone["variance_share_2pc"] == found["variance_share_2pc"]
    without, said = printed(capsys, LONDON, left_out="1 17")
    assert "17" not in without["given_groups"]["group_informed_consensus"]
    assert (without["statements"], without["moderated_out"], said) == (36, [1, 17], "")


def test_files_as_spreadsheets_write_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, other, groups = tmp_path / "plain.csv", tmp_path / "plain-2.csv", tmp_path / "groups.csv"
    plain.write_text('participant,xid,7,8\n1,,1,-1\n"Zoë, 2",,0,\n3,,,-1\n')
    other.write_text('\ufeffParticipant;age;7;8\r\n1;30;1.0; -1\r\n;;;\r\n"Zoë, 2";;0;""\r\n3;;;-1.0\r\n\r\n')
    groups.write_text("group-id\tparticipant\nA\t1\n\t3\nA\tZoë, 2\n")
    first, said = printed(capsys, plain, groups=groups)
    assert said == ""
    assert first["published_group_sizes"] == {"A": 2}
    second, said = printed(capsys, other, groups=groups)
    assert said == "Ignored columns: age\n"
    assert second | {"name": "plain"} == first
    assert list(first["people"]) == ["1", "Zoë, 2", "3"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "there is no column participant"),
        (b"\xff\xfep\x00a\x00", "is not UTF-8 text"),
        (b"participant,1\na,\xe9\n", "is not UTF-8 text"),
        (b"\x00\x00\n\x00", "there is no column participant"),
        (b"person,1\na,1\n", "there is no column participant"),
        (b"participant,statement\na,1\n", "no column is named with the number of a statement"),
        ("participant,١\na,1\n".encode(), "no column is named with the number of a statement"),
        (b"participant," + b"9" * 5000 + b"\na,1\n", "no column is named with the number of a statement"),
        (b"participant,1,01\na,1,1\n", "two columns for statement 1"),
        (b"participant,1,2\na,1,2\n", "“2” in line 2, statement 2, is no position"),
        (b"participant,1\na,NaN\n", "“NaN” in line 2, statement 1, is no position"),
        ("participant,1\na,１\n".encode(), "“１” in line 2, statement 1, is no position"),
        (b"participant,1\na,\x00\n", r"“\x00” in line 2, statement 1, is no position"),
        (b"participant,1\na," + b"x" * 10_000 + b"\n", "xxx…” in line 2, statement 1, is no position"),
        (b"participant,1\n\na,1\nb,1\na ,0\n", "participant “a” is in line 3 and again in line 5"),
        (b"participant,1\n,1\n", "line 2 names no participant"),
        (b"participant,1\na,1,0\n", "line 2 has 3 cells, and there are 2 columns"),
        (b"participant,1,2\na,1\n", "line 2 has 2 cells, and there are 3 columns"),
        (b'participant,1\n"a' + b"x" * 200_000, "is no CSV"),
    ],
)
def test_what_holds_no_positions_is_refused(content: bytes, fault: str, tmp_path: Path) -> None:
    file = tmp_path / "positions.csv"
    file.write_bytes(content)
    with pytest.raises(Malformed) as refused:
        opinion(file)
    assert str(file) in refused.value.message
    assert fault in refused.value.message
    assert "\n" not in refused.value.message and len(refused.value.message) < 400


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("participant,group\na,0\nc,1\n", "participant “c” in line 3 is not among the positions"),
        ("participant,group-id\na,0\na,1\n", "participant “a” is in line 2 and again in line 3"),
        ("participant,group-id\na,\n", "nobody is in a group"),
        ("participant,team\na,0\n", "there is no column group-id"),
        ("id,group-id\na,0\n", "there is no column participant"),
    ],
)
def test_groups_of_others_are_refused(content: str, fault: str, tmp_path: Path) -> None:
    file, groups = tmp_path / "positions.csv", tmp_path / "groups.csv"
    file.write_text(GOOD)
    groups.write_text(content)
    with pytest.raises(Malformed) as refused:
        opinion(file, groups=groups)
    assert str(groups) in refused.value.message and fault in refused.value.message


@pytest.mark.parametrize("ids", ["x", "1;2", "-1", "9" * 5000, "١", "\x00"])
def test_what_is_left_out_is_named_by_numbers(ids: str) -> None:
    with pytest.raises(OperatorError, match="--left-out takes numbers") as refused:
        opinion(LONDON, left_out=ids)
    assert refused.value.status == 2


def test_without_its_libraries_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.startswith("app.synthesis.opinion")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(OperatorError, match="extra “opinion”") as refused:
        opinion(LONDON)
    assert refused.value.status == 1


@pytest.mark.anyio
async def test_the_same_positions_give_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In two processes, and with more people than k-means takes at a time. What is wrong ends with 2."""
    chance, rows = random.Random(7), ["participant," + ",".join(map(str, range(12)))]
    for person in range(700):
        likely = [3, 1, 2] if person % 3 else [1, 3, 2]
        rows.append(f"p{person}," + ",".join(map(str, chance.choices([1, -1, ""], likely, k=12))))
    file = tmp_path / "made-up.csv"
    file.write_text("\n".join(rows))
    opinion(file)
    ended, refused = await asyncio.gather(command("opinion", file), command("opinion", file, "--groups", LONDON))
    assert (ended.code, ended.error, ended.out) == (0, "", capsys.readouterr().out)
    assert (refused.code, refused.out) == (2, "")
    assert len(refused.error.splitlines()) == 1
