"""Lines of a report's Markdown that stand for something else, each a line of its own:

    {recommendation 3}
    {quotation 42}   {quotation 42 r2}   {quotation 42 "some exact words"}
    {figure regions}

Words are given as such and kept as their place in a revision: `{quotation 42 r2 120-168}` (`quoting_in.py`). So nothing
that somebody said is stored with the report, and what leaves the public is gone from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIGURES = (
    "organisations", "regions", "countries", "languages", "kinds", "channels", "months", "topics", "questions",
)  # fmt: skip
_LINE = re.compile(r" {0,3}\{\s*(?P<inside>\w.*?)\s*\}\s*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_RECOMMENDATION = re.compile(r"recommendation\s+#?(?P<number>\d{1,9})", re.IGNORECASE)
_QUOTATION = re.compile(
    r"quotation\s+#?(?P<number>\d{1,9})(\s+r(?P<revision>\d{1,5}))?"
    r"(\s+((?P<begin>\d{1,6})-(?P<end>\d{1,6})|[\"“”„«](?P<words>.+)[\"“”»]))?",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"figure\s+(?P<figure>\w{1,30})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Insertion:
    """What a line stands for. Of a `kind` that there is not, it is empty."""

    raw: str  # the line, without blanks around it
    line: int = 0  # the first is 1
    kind: str = ""  # recommendation, quotation, figure
    number: int = 0
    revision: int | None = None
    begin: int | None = None
    end: int | None = None
    words: str = ""
    figure: str = ""

    @property
    def passage(self) -> tuple[int, int] | None:
        """From and to which character of the revision it quotes; None for all of it."""
        return None if self.begin is None or self.end is None else (self.begin, self.end)


def insertion(line: str, at: int = 0) -> Insertion | None:
    """What this line stands for; None where it is a line like any other."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    inside, raw = found["inside"], line.strip()
    if match := _RECOMMENDATION.fullmatch(inside):
        return Insertion(raw, at, "recommendation", int(match["number"]))
    if match := _FIGURE.fullmatch(inside):
        return Insertion(raw, at, "figure", figure=match["figure"].lower())
    if match := _QUOTATION.fullmatch(inside):
        revision, begin, end = (None if match[name] is None else int(match[name]) for name in _PLACE)
        number, words = int(match["number"]), (match["words"] or "").strip()
        return Insertion(raw, at, "quotation", number, revision, begin, end, words)
    return Insertion(raw, at)


def insertions(body: str) -> list[Insertion]:
    """All of a text, in their order. What stands in a block of code stands for itself."""
    return [each for _line, each in _lines(body) if each is not None]


def apart(body: str) -> str:
    """The same Markdown with a blank line before and after each of them, so that each is a paragraph."""
    return "\n".join(line if each is None else f"\n{each.raw}\n" for line, each in _lines(body))


def rewritten(body: str, written: dict[str, str]) -> str:
    """The same Markdown with some of these lines written in another way, by how they stand there now."""
    return "\n".join(line if each is None else written.get(each.raw, each.raw) for line, each in _lines(body))


def placed(number: int, revision: int, passage: tuple[int, int] | None) -> str:
    """A quotation as it is kept."""
    where = f" {passage[0]}-{passage[1]}" if passage else ""
    return f"{{quotation {number} r{revision}{where}}}"


def _lines(body: str) -> Iterator[tuple[str, Insertion | None]]:
    code = ""
    for at, line in enumerate(body.split("\n"), 1):
        fence = _FENCE.match(line)
        if fence and code in ("", fence[1]):
            code = "" if code else fence[1]
        yield line, None if code else insertion(line, at)


_PLACE = ("revision", "begin", "end")
