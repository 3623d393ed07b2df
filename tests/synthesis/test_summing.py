"""What of positions may be public: of enough people each, and so that nothing withheld is found by subtraction."""

from collections.abc import Sequence

from app.synthesis.mapping import Mapped, Positions
from app.synthesis.summing import grouped, known_enough, summed, too_few

VALUES: dict[str, int | None] = {"+": 1, "-": -1, "0": 0, " ": None}


def table(*rows: str) -> Positions:
    return Positions(range(1, len(rows[0]) + 1), [[VALUES[sign] for sign in row] for row in rows], [None] * len(rows))


def mapped(labels: Sequence[str | None], xs: Sequence[float], many: int) -> Mapped:
    """As if found, with everybody of a group saying the first thing more than others."""
    groups = {label for label in labels if label}
    said: dict[str, Sequence[tuple[int, str]]] = {label: [(1, "agree"), (many, "disagree")] for label in groups}
    return Mapped(0.421, labels, [(x, 0.1) for x in xs], said, [0.5] * many)


def test_below_fifteen_people_there_is_a_number_in_fives_and_nothing_else() -> None:
    for people, told in ((0, 0), (4, 0), (5, 5), (14, 10)):
        found = too_few(people)
        assert (found["state"], found["people"]) == ("few", told)
        assert not any((found["totals"], found["groups"], found["map"], *found["common"].values()))


def test_what_few_have_spoken_to_is_left_out() -> None:
    positions = table(*["++ "] * 4, "+  ", *["- +"] * 4)
    assert known_enough(positions) == [0]  # nine, and twice four


def test_without_groups_there_are_sums_and_what_most_say_surely() -> None:
    found = summed(table(*["+-+"] * 10, *["+-0"] * 6), "totals")
    assert found["people"] == 16 and found["common"] == {"agree": [1], "disagree": [2]}
    assert found["totals"][2] == {"recommendation": 3, "agree": 10, "disagree": 0, "pass": 6}


def test_groups_tell_what_each_has_said_often_enough() -> None:
    positions = table(*["++ +"] * 4, *["++++"] * 5, *["+-+-"] * 8, "    ")
    found = grouped(positions, mapped(["0"] * 9 + ["1"] * 8 + [None], [-1.0] * 9 + [1.0] * 8 + [0.0], 4), None)
    assert found is not None and found["state"] == "groups"
    assert [(each["label"], each["people"], each["x"]) for each in found["groups"]] == [("A", 9, -1.0), ("B", 8, 1.0)]
    assert found["common"]["agree"] == [1, 3] and found["common"]["disagree"] == []
    assert found["groups"][1]["stands_out"][1] == {"recommendation": 4, "position": "disagree", "count": 8, "of": 8}
    assert found["map"]["dots"] == [
        {"group": "A", "x": -1.0, "y": 0.0, "people": 9}, {"group": "B", "x": 1.0, "y": 0.0, "people": 8},
    ]  # fmt: skip
    few = table(*["++ +"] * 5, *["++++"] * 4, *["+-+-"] * 8, "    ")  # four of A have spoken to 3
    found = grouped(few, mapped(["0"] * 9 + ["1"] * 8 + [None], [-1.0] * 9 + [1.0] * 8 + [0.0], 4), None)
    assert found is not None and found["common"]["agree"] == [1]
    for group in found["groups"]:  # of neither group, as the one could be taken from the whole
        assert [each["recommendation"] for each in group["totals"]] == [1, 2, 4]


def test_a_dot_is_five_people_or_more_and_the_map_stays_the_way_it_was() -> None:
    positions, labels = table(*["+"] * 16), ["0"] * 8 + ["1"] * 8
    xs = [-1.0] * 4 + [-0.5] * 4 + [0.5] * 3 + [1.0] * 5
    found = grouped(positions, mapped(labels, xs, 1), None)
    assert found is not None and [each["people"] for each in found["map"]["dots"]] == [5]
    turned = grouped(positions, mapped(labels, [-x for x in xs], 1), found)
    assert turned is not None and turned["groups"] == found["groups"]


def test_small_groups_are_not_told_apart() -> None:
    positions = table(*["+"] * 16)
    for labels in (["0"] * 12 + ["1"] * 4, ["0"] * 16, ["0"] * 7 + ["1"] * 7 + [None] * 2):
        assert grouped(positions, mapped(labels, [0.0] * 16, 1), None) is None
