"""The opinion map: against what others computed of real conversations, and in the corners that those do not reach."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from app.synthesis.opinion.grouping import grouped, relabelled
from app.synthesis.opinion.map import document, opinion_map
from app.synthesis.opinion.positions import UNSEEN, Positions
from app.synthesis.opinion.positions_file import read_groups, read_positions
from app.synthesis.opinion.projecting import projected
from app.synthesis.opinion.representing import representative
from app.synthesis.opinion.tallies import Tally
from app.synthesis.opinion.telling import told

LONDON = Path(__file__).parent / "london.youth.policing"
DATA = Path(__file__).parents[3] / "shared/data"
NAMES = ["15-per-hour-seattle", "brexit-consensus", "london.youth.policing", "scoop-hivemind.taxes"]
NOBODY = Positions([], [1, 2], np.empty((0, 2), np.int8))


def table(*rows: str) -> Positions:
    """Positions as in "+-0 ": agree, disagree, pass, unseen."""
    values = {"+": 1, "-": -1, "0": 0, " ": UNSEEN}
    cells = np.array([[values[sign] for sign in row] for row in rows], dtype=np.int8)
    return Positions([f"p{number}" for number in range(len(rows))], range(cells.shape[1]), cells)


def london() -> Positions:
    return read_positions(LONDON / "participants-votes.csv")[0]


def map_of(folder: Path, expected: dict[str, Any]) -> dict[str, Any]:
    file = folder / "participants-votes.csv"
    positions, aside = read_positions(file)
    assert aside == []
    groups, left_out = read_groups(file, positions), expected["moderated_out"]
    found = opinion_map(positions, left_out, groups)
    return document(found, expected["name"], (groups, told(positions.without(left_out), groups)))


def agrees(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Everything but how the groups came about, which depends on who made them."""
    for name in expected.keys() - {"licence", "clustering", "given_published_groups"}:
        assert found[name] == expected[name], name
    given, wanted = found["given_published_groups"], expected["given_published_groups"]
    assert given["consensus"] == wanted["consensus"]
    assert given["representative"] == wanted["representative"]
    assert given["group_informed_consensus"] == pytest.approx(wanted["group_informed_consensus"], abs=1e-9, rel=0)
    clustering = found["clustering"]
    assert clustering["k_published"] == expected["clustering"]["k_published"]
    # About as near to the published groups as others came: k-means has several answers of nearly the same worth.
    assert clustering["ari_published"] > expected["clustering"]["ari_ref"] - 0.1


def test_given_the_groups_of_a_conversation_the_map_tells_the_same() -> None:
    expected = json.loads((LONDON / "expected.json").read_text())
    agrees(map_of(LONDON, expected), expected)


@pytest.mark.skipif(not DATA.exists(), reason=f"the data of Polis is not there ({DATA})")
@pytest.mark.parametrize("name", NAMES)
def test_given_the_published_groups_the_map_tells_the_same(name: str) -> None:
    expected = json.loads((DATA / "expected" / f"{name}.json").read_text())
    agrees(map_of(DATA / "polis" / name, expected), expected)


def test_people_are_projected_as_by_singular_values_and_scaled_by_what_they_saw() -> None:
    positions = london()
    seen = positions.seen
    means = np.array([positions.cells[seen[:, column], column].mean() for column in range(seen.shape[1])])
    centred = np.where(seen, positions.cells - means, 0.0)  # the mean of a column filled with its mean is that mean
    values, axes = np.linalg.svd(centred)[1:]
    found = projected(positions)
    wanted = centred @ axes[:2].T * np.sqrt(seen.shape[1] / seen.sum(axis=1))[:, np.newaxis]
    turned = np.sign((found.points * wanted).sum(axis=0))  # an axis has no beginning and no end
    assert found.points == pytest.approx(wanted * turned, abs=1e-9)
    assert found.share == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())


def test_groups_are_those_with_the_best_silhouette() -> None:
    points = projected(london()).points
    for some in (points, np.vstack([points[:9], [[40.0, 40.0]]])):  # the second has somebody who stands alone
        grouping = grouped(some)
        best = max(grouping.silhouettes, key=lambda k: grouping.silhouettes[k])
        assert set(grouping.silhouettes) == {2, 3, 4, 5}
        assert len(set(grouping.labels)) == best
        assert grouping.silhouettes[best] == pytest.approx(silhouette_score(some, grouping.labels))
        sizes = np.bincount(grouping.labels)
        assert list(sizes) == sorted(sizes, reverse=True)


def test_groups_that_are_too_small_are_not_told_apart() -> None:
    points = np.array([[0.0, 0.0]] * 8 + [[20.0, 0.0]] * 5 + [[0.0, 30.0]] * 4)
    for smallest, sizes in ((1, [8, 5, 4]), (4, [8, 5, 4]), (5, [17])):
        assert list(np.bincount(grouped(points, smallest).labels)) == sizes


def test_who_took_too_few_positions_is_in_no_group_and_who_took_none_stands_nowhere() -> None:
    eager = ["++++++++"] * 4 + ["--------"] * 5
    found = opinion_map(table(*eager, "++++++  ", "+++++++ ", "        ", "0       "), left_out=[7])
    groups = [person.group for person in found.people.values()]
    assert groups == ["0"] * 4 + ["1"] * 5 + [None, "0", None, None]
    assert (found.statements, found.enough, found.votes) == (8, 10, 86)
    assert [person.x is None for person in found.people.values()] == [False] * 11 + [True, False]
    few = opinion_map(table("+++", "++-", "---", "+- "))  # three statements: seven positions cannot be asked for
    assert [person.group is None for person in few.people.values()] == [False, False, False, True]


@pytest.mark.parametrize(
    "positions",
    [table("++", "++", "++"), table("+-"), table("  ", "  "), table("", ""), NOBODY],
    ids=["all alike", "one person", "nothing seen", "no statements", "nobody"],
)
def test_where_nothing_tells_people_apart_there_is_one_group_or_none(positions: Positions) -> None:
    found = opinion_map(positions)
    assert found.share is None
    assert set(found.groups.values()) <= {"0"}
    assert found.silhouettes == {}


def test_people_of_the_same_positions_are_in_the_same_group() -> None:
    found = opinion_map(table(*["+-+-+-++"] * 40, *["+--+0-+-"] * 60))
    assert found.told.sizes == {"0": 60, "1": 40}
    assert list(found.silhouettes) == [2]


def counted(agrees: list[int], disagrees: list[int], seen: list[int]) -> Tally:
    return Tally(*(np.array(each, dtype=float) for each in (agrees, disagrees, seen)))


def test_a_group_that_agrees_with_nothing_is_told_by_what_it_refuses() -> None:
    others = counted([9, 9, 0], [1, 1, 0], [10, 10, 0])
    assert representative([4, 5, 6], counted([0, 1, 0], [9, 8, 0], [10, 10, 0]), others) == [
        (4, "disagree"), (5, "disagree"),
    ]  # fmt: skip
    unsure = counted([0, 0, 0], [2, 1, 0], [3, 3, 0])  # one statement, though nothing is sure; not the unseen one
    assert representative([4, 5, 6], unsure, others) == [(4, "disagree")]
    assert representative([4, 5, 6], counted([0, 0, 0], [0, 0, 0], [3, 0, 0]), others) == []


def test_groups_keep_their_names() -> None:
    earlier = dict.fromkeys("abcdef", "0") | dict.fromkeys("ghij", "1")
    swapped = dict.fromkeys("ghijk", "0") | dict.fromkeys("abcdef", "1")
    assert relabelled(swapped, earlier) == dict.fromkeys("abcdef", "0") | dict.fromkeys("ghijk", "1")
    split = dict.fromkeys("abc", "0") | dict.fromkeys("def", "2") | dict.fromkeys("ghij", "1") | {"k": "3", "l": "3"}
    named = relabelled(split, earlier)
    assert {named["g"], *(named[person] for person in "abc")} == {"0", "1"}  # the first of equals keeps the name
    assert sorted({named["d"], named["k"]}) == ["2", "3"]
    # A takes five of 0 and four of 1, B four of 0: were A to keep the name 0, four people fewer would keep theirs.
    crossed = dict.fromkeys("abcde", "A") | dict.fromkeys("wxyz", "A") | dict.fromkeys("fghi", "B")
    before = dict.fromkeys("abcdefghi", "0") | dict.fromkeys("wxyz", "1")
    assert {relabelled(crossed, before)[person] for person in "aw"} == {"1"}
    assert {relabelled(crossed, before)[person] for person in "fghi"} == {"0"}
    assert relabelled({"a": "0", "b": "1"}, {}) == {"a": "0", "b": "1"}
    assert relabelled({}, earlier) == {}


def test_a_refresh_that_adds_people_renames_nobody() -> None:
    positions = london()
    before = opinion_map(Positions(positions.people[:20], positions.statements, positions.cells[:20]))
    turned = {person: {"0": "B", "1": "A"}.get(group, group) for person, group in before.groups.items()}
    again = opinion_map(positions, earlier=turned)
    kept = [person for person, group in turned.items() if again.groups.get(person) == group]
    assert {"A", "B"} <= set(again.told.sizes)
    assert len(kept) > len(turned) / 2


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12).flatmap(lambda width: st.lists(st.text("+-0 ", min_size=width, max_size=width), max_size=12)))
def test_any_positions_have_a_map(rows: list[str]) -> None:
    positions = table(*rows) if rows else NOBODY
    with warnings.catch_warnings(action="error"):
        found = document(opinion_map(positions, {0}), "any")
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert len(found["people"]) == len(rows)
    assert sum(found["group_sizes"].values()) == found["at_least_7_votes"]
    assert all(0 < value < 1 for value in found["given_groups"]["group_informed_consensus"].values())
