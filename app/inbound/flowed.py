"""Lines that a program broke and another may join again: format=flowed (RFC 3676)."""

import re

_QUOTES = re.compile(r">*")
SIGNATURE = "-- "


def unfold(text: str, delsp: bool = False) -> str:
    """The text with its soft line ends taken back. Quoted paragraphs keep one `> ` for each depth."""
    paragraphs: list[str] = []
    held, depth_held = "", None
    for line in text.split("\n"):
        depth = len(_QUOTES.match(line)[0])  # type: ignore[index]  # matches always
        said = line[depth:].removeprefix(" ")
        soft = said.endswith(" ") and said != SIGNATURE
        if depth_held is not None and (depth != depth_held or said == SIGNATURE):
            paragraphs.append(_quoted(held, depth_held))
            held, depth_held = "", None
        held += said[:-1] if soft and delsp else said
        depth_held = depth if soft else None
        if not soft:
            paragraphs.append(_quoted(held, depth))
            held = ""
    if depth_held is not None:
        paragraphs.append(_quoted(held, depth_held))
    return "\n".join(paragraphs)


def _quoted(said: str, depth: int) -> str:
    return f"{'>' * depth} {said}".rstrip() if depth else said
