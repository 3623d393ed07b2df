"""What of a reply is the sender's own: quotations and signatures trimmed, or nothing at all where that is unsure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Why(Enum):
    """What showed where the sender's words end, or why that could not be told."""

    WHOLE = "nothing to trim"
    MARKER = "the line above which one writes"
    HEADER = "the line that says who wrote what follows"
    BELOW = "the answer stands below what it answers"
    INTERLEAVED = "own words between quotations"
    UNCLEAR = "something is quoted, and nothing says where it begins"
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
    above = next((text.partition(each)[0] for each in markers if each in text), text)
    return Trimmed(text, sure=above == text and ">" not in text, why=Why.WHOLE)
