"""Headings within what people wrote: stored as h4 to h6, and set wherever they stand as the outline there goes on.

Who listens to a page goes through it by its headings, and a level that is missing sounds like a part that is missing.
"""

import re

from markupsafe import Markup

_TAG = re.compile(r"<(/?)h([4-6])\b")
_HIGHEST = 4  # as stored


def beneath(html: str, level: int) -> Markup:
    """Sanitised HTML with its first headings at `level`, and those within them one below, none left out."""
    if "<h" not in html:
        return Markup(html)  # noqa: S704  # sanitised when it was written
    at = level - 1

    def leveled(tag: re.Match[str]) -> str:
        nonlocal at
        if not tag[1]:
            at = min(level + int(tag[2]) - _HIGHEST, at + 1)
        return f"<{tag[1]}h{at}"

    return Markup(_TAG.sub(leveled, html))  # noqa: S704
