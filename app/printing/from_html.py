"""What people wrote, as blocks: from the sanitised HTML that was made of it once, at writing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from lxml import html as lxml_html

from app.printing.model import Block, Code, Items, Look, Paragraph, Run, Runs, Table

_LOOKS: dict[str, dict[str, bool]] = {
    "strong": {"bold": True}, "em": {"italic": True}, "s": {"struck": True}, "code": {"code": True},
}  # fmt: skip
_HEADINGS = ("h4", "h5", "h6")


def blocks(source: str, language: str, base: str = "") -> list[Block]:
    """The blocks of some HTML. Headings within a text become bold paragraphs: it is no part of the outline.

    `base` comes before links that begin with a slash.
    """
    if not source.strip():
        return []
    return list(_blocks(lxml_html.fragment_fromstring(source, create_parent="div"), language, base))


def _blocks(parent: Any, language: str, base: str, look: Look = "plain") -> Iterator[Block]:
    """The blocks within an element. Words that stand beside blocks are a paragraph."""
    loose: list[Run] = list(_text(parent.text))
    for element in parent:
        if element.tag in _BLOCKS:
            if _seen(loose):
                yield Paragraph(_trimmed(loose), language, look)
            loose = []
            yield from _block(element, language, base, look)
        else:
            loose += _runs(element, Run(""), base)
        loose += _text(element.tail)
    if _seen(loose):
        yield Paragraph(_trimmed(loose), language, look)


def _block(element: Any, language: str, base: str, look: Look) -> Iterator[Block]:
    tag = element.tag
    if tag == "p" or tag in _HEADINGS:
        runs = _inside(element, Run("", bold=tag in _HEADINGS), base)
        if _seen(runs):
            yield Paragraph(_trimmed(runs), language, look)
    elif tag in ("ul", "ol"):
        items = [list(_blocks(item, language, base, look)) for item in element if item.tag == "li"]
        start = element.get("start", "1")
        if items:
            yield Items(items, tag == "ol", language, int(start) if start.isdecimal() and len(start) < 6 else 1)
    elif tag == "blockquote":
        yield from _blocks(element, language, base, "quote")
    elif tag == "pre":
        yield Code(element.text_content().rstrip("\n"))
    elif tag == "table":
        rows = [[_inside(cell, Run(""), base) for cell in row] for row in element.iter("tr")]
        if rows and rows[0]:
            width = len(rows[0])
            yield Table([[*row, *([()] * width)][:width] for row in rows], language)


_BLOCKS = ("p", "ul", "ol", "blockquote", "pre", "table", "hr", *_HEADINGS)


def _inside(element: Any, like: Run, base: str) -> list[Run]:
    """The runs within an element, each looking `like` this one, and by what it stands in."""
    found = [replace(like, text=element.text)] if element.text else []
    for child in element:
        found += _runs(child, like, base)
        if child.tail:
            found.append(replace(like, text=child.tail))
    return found


def _runs(element: Any, like: Run, base: str) -> list[Run]:
    if element.tag == "br":
        return [replace(like, text="\n")]
    look: dict[str, Any] = dict(_LOOKS.get(element.tag, {}))
    if element.tag == "a" and (href := element.get("href")):
        look["link"] = f"{base}{href}" if href.startswith("/") else href
    return _inside(element, replace(like, **look), base)


def _text(words: str | None) -> Iterator[Run]:
    if words:
        yield Run(words)


def _seen(runs: Runs) -> bool:
    return any(run.text.strip() for run in runs)


def _trimmed(runs: Sequence[Run]) -> list[Run]:
    """Without blanks at either end; HTML's line ends within a paragraph are blanks, and only <br> breaks a line."""
    joined = [run if run.text == "\n" else replace(run, text=" ".join(run.text.split("\n"))) for run in runs]
    joined[0] = replace(joined[0], text=joined[0].text.lstrip())
    joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return [run for run in joined if run.text]
