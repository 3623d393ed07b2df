"""What of a reply is the sender's own: quotations and signatures trimmed, or nothing at all where that is unsure.

First the line above which one writes, then what mail programs write above what they quote, then what a library knows.
Nothing of the sender's is ever cut: where own words may stand among others', the text stays whole, for a person to see.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from app.inbound.lines import bare, is_blank, is_quoted, marker_at
from app.inbound.reply_headers import Header, first_header, header_above, header_by_library
from app.inbound.signatures import without_signature

_LONGEST, _MOST_LINES = 200_000, 5_000
_SEE_BELOW = re.compile(
    r"\b(?:see|answer|comment|reply|replies|response|note)\w*.{0,40}\b(?:below|in-?line|in (?:red|blue|bold|green))\b"
    r"|\b(?:voi[rx]|réponse|commentaire|répond)\w*.{0,40}(?:ci-dessous|plus bas|dans le texte|en (?:rouge|bleu|gras))\b"
    r"|\b(?:v[eé]r|vea|respuesta|comentario|respond)\w*.{0,40}\b(?:abajo|debajo|a continuación|en (?:rojo|azul))\b"
    r"|\b(?:см|смотр|ответ|отвеча|комментар)\w*.{0,40}\b(?:ниже|в тексте|красным|синим)\b"
    r"|(?:انظر|إجاب|أجبت|ردود|تعليق).{0,40}(?:أدناه|بالأحمر|بالأزرق|داخل النص|في النص)"
    r"|[见看]下|(?:回答|答复|意见|回复|批注).{0,10}(?:如下|下面|以下|下方|红|蓝)",
    re.IGNORECASE,
)
_SHORT = 300  # characters: a note that the answers stand among the questions is not longer


class Why(Enum):
    """What showed where the sender's words end, or why that could not be told."""

    WHOLE = "nothing is quoted"
    MARKER = "the line above which one writes"
    HEADER = "a line that says who wrote what follows"
    BELOW = "the answer stands below what it answers"
    INTERLEAVED = "own words between quotations"
    FORWARDED = "somebody else's message is passed on"
    UNCLEAR = "something is quoted, and nothing tells what"
    NOTHING_OWN = "nothing is left that would be the sender's own"
    TOO_LONG = "longer than anybody's answer"


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The sender's words. Where it is not `sure`, the whole text, for a person to look at."""

    text: str
    sure: bool
    why: Why
    signature: str = ""  # what was cut as such


def trim(text: str, markers: Iterable[str] = ()) -> Trimmed:
    """Takes the text of a `Mail` and the lines "write above this line" in all languages. Raises nothing."""
    lines = text.split("\n")
    if len(text) > _LONGEST or len(lines) > _MOST_LINES:
        return Trimmed(text, sure=False, why=Why.TOO_LONG)
    marker = marker_at(lines, markers)
    header = first_header(lines)
    quoted = any(map(is_quoted, lines))
    if header is None and (quoted or marker is not None):
        header = header_by_library(text, lines)
    if marker is not None and (header is None or header.start > marker):
        header = _around(lines, marker)
    if header is None:
        return _unsure(text, Why.UNCLEAR) if quoted or marker is not None else _kept(text, lines, Why.WHOLE)
    return _cut(text, lines, header, marker)


def _around(lines: Sequence[str], marker: int) -> Header | None:
    """The quotation that the marker line stands in, where no line that we know says who wrote it."""
    start = marker
    while start and is_quoted(lines[marker]) and is_quoted(lines[start - 1]):
        start -= 1
    last = next((bare(line) for line in reversed(lines[:start]) if not is_blank(line)), "")
    return header_above(lines, start) if last.endswith((":", "：")) else Header(start, start, certain=True)


def _cut(text: str, lines: Sequence[str], header: Header, marker: int | None) -> Trimmed:
    above = lines[: header.start]
    below, marked = _below(lines[header.end :])
    if header.forwarded:
        return _unsure(text, Why.FORWARDED)
    if any(map(is_quoted, above)):
        return _unsure(text, Why.INTERLEAVED)
    if marker is None and not (header.likely if marked else header.certain):
        return _unsure(text, Why.UNCLEAR)
    own_above, own_below = _has_words(above), marked and _has_words(without_signature(below)[0])
    if own_above and own_below:
        return _unsure(text, Why.INTERLEAVED)
    if own_below:
        return _unsure(text, Why.INTERLEAVED) if any(map(is_quoted, below)) else _kept(text, below, Why.BELOW)
    if own_above and _points_below("\n".join(above)):
        return _unsure(text, Why.INTERLEAVED)
    return _kept(text, above, Why.HEADER if marker is None else Why.MARKER)


def _below(lines: Sequence[str]) -> tuple[Sequence[str], bool]:
    """What follows the first run of quoted lines, and whether there is one: not all programs mark what they quote."""
    first = next((at for at, line in enumerate(lines) if not is_blank(line)), None)
    if first is None or not is_quoted(lines[first]):
        return (), False
    end = next((at for at in range(first, len(lines)) if not is_quoted(lines[at]) and not is_blank(lines[at])), None)
    return (lines[end:] if end is not None else ()), True


def _kept(text: str, lines: Sequence[str], why: Why) -> Trimmed:
    own, signature, certain = without_signature(lines)
    if not certain:
        return _unsure(text, Why.UNCLEAR)
    if not _has_words(own):
        return _unsure(text, Why.NOTHING_OWN)
    return Trimmed("\n".join(own).strip("\n"), True, why, "\n".join(signature).strip("\n"))


def _unsure(text: str, why: Why) -> Trimmed:
    return Trimmed(text, sure=False, why=why)


def _has_words(lines: Sequence[str]) -> bool:
    return any(not is_blank(line) and bare(line) for line in lines)


def _points_below(own: str) -> bool:
    return len(own) <= _SHORT and bool(_SEE_BELOW.search(own))
