"""A passage of a text: found by its words, kept as its place.

People copy from the page, where neither Markdown's marks nor its line ends are to be seen: these may stand between the
words.
"""

import re

from app import errors, text
from app.language import gettext as _
from app.language import number

LIMIT = 1_000  # characters
_MARKS = r"[*_~`>#|\\]*"
_BETWEEN = rf"{_MARKS}\s[\s*_~`>#|\\-]*"


def place_of(words: str, body: str) -> tuple[int, int] | None:
    """Where these words stand in a text, from and to which character; None where no words are given.

    Raises Invalid where they do not.
    """
    try:
        wanted = text.line(words).split()
    except ValueError as fault:
        raise errors.Invalid({"passage": _("This %(fault)s.", fault=fault)}) from None
    if not wanted:
        return None
    if len(" ".join(wanted)) > LIMIT:
        raise errors.Invalid(
            {"passage": _("A passage has at most %(most)s characters: please cite less.", most=number(LIMIT))}
        )
    found = re.search(_BETWEEN.join(map(re.escape, wanted)), body)
    if found is None:
        raise errors.Invalid({"passage": _("These words are not in the text: please copy them exactly as they stand.")})
    return found.start(), found.end()
