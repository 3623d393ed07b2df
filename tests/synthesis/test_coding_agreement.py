"""Agreement between two coders, against what can be worked out by hand."""

import math
from uuid import UUID

import pytest

from app.synthesis.coding_agreement import Cells, agreements
from app.synthesis.coding_kappa import kappa

CODE, OTHER, UNUSED, ALWAYS = (UUID(int=n) for n in range(1, 5))
TEXTS = [UUID(int=n) for n in range(100, 150)]


def used(**slices: slice) -> dict[UUID, set[UUID]]:
    names = {"code": CODE, "other": OTHER, "always": ALWAYS}
    return {names[name]: set(TEXTS[part]) for name, part in slices.items()}


def test_agreement_is_counted_text_by_text() -> None:
    # Of 50 texts both coded 20, the first alone 5, the second alone 10: 0.7 agreed, 0.5 by chance, kappa 0.4.
    first = used(code=slice(0, 25), other=slice(0, 10), always=slice(0, 50))
    second = used(code=slice(5, 35), other=slice(0, 10), always=slice(0, 50))
    first[CODE].add(UUID(int=999))  # a text that not both have read
    found = agreements([UNUSED, ALWAYS, OTHER, CODE], TEXTS, first, second, kappa)
    assert [each.code for each in found] == [CODE, OTHER, ALWAYS]
    code, other, always = found
    assert code.cells == Cells(20, 5, 10, 15) and code.share == 0.7
    assert code.kappa is not None and math.isclose(code.kappa, 0.4)
    assert code.only_first == TEXTS[:5] and code.only_second == TEXTS[25:35]
    assert other.kappa == 1.0 and other.share == 1.0
    assert always.share == 1.0 and always.kappa is None  # both did the same with every text: chance says nothing


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (Cells(0, 1, 1, 0), -1.0),
        (Cells(1, 0, 3, 0), 0.0),  # the second coded everything: no better than chance
        (Cells(45, 15, 25, 15), 0.1304),
        (Cells(25, 35, 5, 35), 0.2593),  # as often agreed as above, and by chance less often
    ],
)
def test_kappa_takes_off_what_chance_gives(cells: Cells, expected: float) -> None:
    assert math.isclose(kappa(cells), expected, abs_tol=0.00005)


def test_without_the_extra_there_are_shares_alone() -> None:
    [found] = agreements([CODE], TEXTS[:4], used(code=slice(0, 2)), used(code=slice(1, 2)), None)
    assert found.share == 0.75 and found.kappa is None
    assert agreements([CODE], [], used(code=slice(0, 2)), {}, None) == []
