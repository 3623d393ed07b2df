"""What was measured, as lines of a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.client import Answered
from bench.cpu import Span


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, what it is to be at most (or at least), and whether it is."""

    what: str
    figure: str
    rate: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None


@dataclass(slots=True)
class Table:
    """Lines under headings. Printed once, at the end."""

    parts: list[tuple[str, list[Line]]] = field(default_factory=list)

    def part(self, heading: str, lines: Sequence[Line]) -> None:
        """Add a heading with its lines."""
        self.parts.append((heading, list(lines)))

    @property
    def missed(self) -> int:
        """How many targets were missed."""
        return sum(line.met is False for _heading, lines in self.parts for line in lines)

    def text(self) -> str:
        """The table in columns."""
        names = Line("", "CPU of each", "per second", "ratio", "target")
        rows = [_cells(names), *(_cells(line) for _heading, lines in self.parts for line in lines)]
        widths = [max(len(row[column]) for row in rows) for column in range(6)]
        output = [_joined(rows[0], widths)]
        for heading, lines in self.parts:
            output += ["", heading, *(_joined(_cells(line), widths) for line in lines)]
        return "\n".join(output)


def per_request(what: str, answered: Answered, span: Span, **more: object) -> Line:
    """A line about requests: milliseconds each."""
    return Line(what, f"{ms(answered, span):.2f} ms", f"{answered.requests / answered.seconds:,.0f}", **more)  # type: ignore[arg-type]


def per_item(what: str, items: int, span: Span, **more: object) -> Line:
    """A line about contributions read: microseconds each."""
    return Line(what, f"{span.cpu / items * 1e6:.1f} µs", f"{items / span.wall:,.0f}", **more)  # type: ignore[arg-type]


def ms(answered: Answered, span: Span) -> float:
    """CPU milliseconds of one request."""
    return span.cpu / answered.requests * 1e3


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return sorted(values)[math.ceil(len(values) / 2) - 1]


def _cells(line: Line) -> list[str]:
    verdict = {None: "", True: "ok", False: "MISS"}[line.met]
    return ["  " + line.what, line.figure, line.rate, line.ratio, line.target, verdict]


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, figure, rate, *others = zip(cells, widths, strict=True)
    parts = [first[0].ljust(first[1]), figure[0].rjust(figure[1]), rate[0].rjust(rate[1])]
    return "  ".join([*parts, *(cell.ljust(width) for cell, width in others)]).rstrip()
