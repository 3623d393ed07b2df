"""How far two people who code agree: for each code, over the texts that both have read. Arithmetic and nothing else.

A text counts as coded with a code if the whole of it is, or any passage: where passages begin and end is no matter of
agreement. Cohen's kappa needs the extra `opinion` and is given as a function, so that shares are told without it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

Used = Mapping[UUID, Collection[UUID]]  # the texts that somebody put each code on
Kappa = Callable[["Cells"], float]


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts counted by who put a code on them: both, only the first, only the second, neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def units(self) -> int:
        """All texts that both have read."""
        return self.both + self.first + self.second + self.neither

    @property
    def varies(self) -> bool:
        """Whether chance could have it otherwise: kappa says nothing of a code that both use always, or never."""
        return self.units not in (self.both, self.neither)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two people made of one code. The share is None without a text, kappa without variation or the extra."""

    code: UUID
    cells: Cells
    share: float | None
    kappa: float | None
    only_first: Sequence[UUID]  # the texts on which only one of them put it, in the order of the texts
    only_second: Sequence[UUID]


def agreements(
    codes: Sequence[UUID], texts: Sequence[UUID], first: Used, second: Used, kappa: Kappa | None
) -> list[Agreement]:
    """Each code that at least one of the two used, over these texts; those that they agree on least come first.

    Sorted by kappa, then by share; what has no kappa comes last.
    """
    found = [_agreement(code, texts, set(first.get(code, ())), set(second.get(code, ())), kappa) for code in codes]
    used = [each for each in found if each.cells.units > each.cells.neither]
    return sorted(used, key=lambda each: (each.kappa is None, each.kappa or 0.0, each.share or 0.0))


def _agreement(
    code: UUID, texts: Sequence[UUID], first: set[UUID], second: set[UUID], kappa: Kappa | None
) -> Agreement:
    only_first = [text for text in texts if text in first and text not in second]
    only_second = [text for text in texts if text in second and text not in first]
    both = sum(text in first and text in second for text in texts)
    cells = Cells(both, len(only_first), len(only_second), len(texts) - both - len(only_first) - len(only_second))
    share = (cells.both + cells.neither) / cells.units if cells.units else None
    measured = kappa(cells) if kappa is not None and cells.varies else None
    return Agreement(code, cells, share, measured, only_first, only_second)
