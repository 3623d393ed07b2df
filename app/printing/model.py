"""What a printed document is made of: blocks of runs. Every block says its language, and with it its direction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Look = Literal["plain", "meta", "quote", "note"]
Layout = Literal["book", "brief", "speech"]


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that look alike. `link` is an address, or `#name` of a heading in the same document."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    link: str = ""


Runs = Sequence[Run]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6; `name` is what links lead to, `listed` whether the table of contents has it."""

    level: int
    runs: Runs
    language: str
    name: str = ""
    type: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: `meta` is small, `quote` set in, `note` stands out."""

    runs: Runs
    language: str
    look: Look = "plain"
    type: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item is some blocks."""

    items: Sequence[Sequence["Block"]]
    ordered: bool
    language: str
    start: int = 1
    type: str = "items"


@dataclass(frozen=True, slots=True)
class Code:
    """Lines that are set as they stand."""

    text: str
    type: str = "code"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first of them its heading. Every row has as many cells as the first."""

    rows: Sequence[Sequence[Runs]]
    language: str
    type: str = "table"


@dataclass(frozen=True, slots=True)
class Bars:
    """How many of what: a name, a number, and the number in words, in each row. Drawn where drawing is to be had."""

    title: str
    heads: tuple[str, str]
    rows: Sequence[tuple[str, int, str]]
    language: str
    type: str = "bars"

    @property
    def table(self) -> Table:
        """The same, for where it is not."""
        cells = [self.heads, *((name, said) for name, _count, said in self.rows)]
        return Table([[words(cell) for cell in row] for row in cells], self.language)

    @property
    def shares(self) -> Sequence[float]:
        """How long each bar is, in hundredths of the longest."""
        most = max((count for _name, count, _said in self.rows), default=0) or 1
        return [round(100 * count / most, 1) for _name, count, _said in self.rows]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page."""

    type: str = "page"


Block = Heading | Paragraph | Items | Code | Table | Bars | NewPage


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: `contents` is the heading of its table of contents, `lines` stand under the title.

    A `book` has a cover and its contents; a `brief` begins at once and is set close; a `speech` does so in large type.
    """

    title: str
    language: str
    lines: Sequence[str]
    contents: str
    blocks: Sequence[Block]
    layout: Layout = "book"

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        return asdict(self)


def words(text: str) -> Runs:
    """One run of plain words."""
    return (Run(text),)
