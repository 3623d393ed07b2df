"""HTML that a mail program wrote, as plain text: paragraphs, lists, links, and quotations as `> `."""

import re

from lxml import etree

from app.inbound.flowed import SIGNATURE

_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = frozenset(("head", "script", "style", "title", "template", "noscript", "object", "select", "svg", "math"))
_UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_APART = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "hr"))
_LINES = frozenset(
    ("div", "li", "tr", "dt", "dd", "center", "address", "article", "section", "header", "footer", "main", "body")
)
_RULE = "_" * 32  # as Outlook draws it in plain text


def text_of(html: str) -> str:
    """What one would read, in plain text. Empty where nothing can be read."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(html.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    writer = _Writer()
    if root is not None:
        _walk(root, writer)
    return writer.text()


def _walk(root: "etree._Element", writer: "_Writer") -> None:
    """In the order of the document, without calling itself: depth is the sender's to choose."""
    hidden: list[object] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "start":
            if hidden or element.tag in _HIDDEN or _UNSEEN.search(element.get("style") or ""):
                hidden.append(element)
            else:
                writer.open(element)
                writer.say(element.text)
        elif event == "end" and hidden:
            hidden.pop()
        elif event == "end":
            writer.close(element)
        if event != "start" and not hidden:
            writer.say(element.tail)


class _Writer:
    """Lines as they are made: the one being written, how deep it is quoted, and the lists that it stands in."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._words: list[str] = []  # of the line, in pieces: to add to one long string takes long
        self._depth = 0
        self._lists: list[int | None] = []  # None: bullets; else the number of the latest item
        self._links: list[tuple[str, int]] = []
        self._pre = 0

    def say(self, words: str | None) -> None:
        if not words:
            return
        if self._pre:
            first, *others = words.replace("\r", "").split("\n")
            self._words.append(first)
            for each in others:
                self._end_line()
                self._words.append(each)
            return
        said = _SPACE.sub(" ", words)
        if not self._words or self._words[-1].endswith(" "):
            said = said.lstrip(" ")
        if said:
            self._words.append(said)

    def open(self, element: "etree._Element") -> None:
        tag = element.tag
        if tag == "br":
            self._end_line()
        elif tag in _APART:
            self._apart()
        elif tag in _LINES:
            self._fresh()
        if tag == "blockquote":
            self._depth += 1
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._words = [self._item()]
        elif tag == "hr":
            self._words = [_RULE]
        elif tag == "a":
            self._links.append(((element.get("href") or "").strip(), len(self._words)))

    def close(self, element: "etree._Element") -> None:
        tag = element.tag
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in ("td", "th"):
            self.say(" ")
        if tag in _APART:
            self._apart()
        elif tag in _LINES:
            self._fresh()
        if tag == "blockquote":
            self._depth -= 1
        elif tag == "pre":
            self._pre -= 1
        elif tag in ("ul", "ol"):
            self._lists.pop()

    def text(self) -> str:
        self._fresh()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _item(self) -> str:
        inmost = self._lists[-1] if self._lists else None
        if inmost is None:
            return "- "
        self._lists[-1] = inmost + 1
        return f"{inmost + 1}. "

    def _link(self, address: str, start: int) -> None:
        """The address after the words, unless it is what they say."""
        words = "".join(self._words[start:]).strip()
        bare = re.sub(r"^(https?://|mailto:)", "", address).rstrip("/")
        if address.startswith(("http://", "https://")) and re.sub(r"^https?://", "", words).rstrip("/") != bare:
            self._words += [f" <{address}>"] if words else []

    def _apart(self) -> None:
        self._fresh()
        if self._lines and self._lines[-1].strip("> "):
            self._end_line()

    def _fresh(self) -> None:
        if any(map(str.strip, self._words)):
            self._end_line()
        self._words = []

    def _end_line(self) -> None:
        line = "".join(self._words)
        line = line if line == SIGNATURE else line.rstrip(" \t")
        self._lines.append(f"{'>' * self._depth} {line}".rstrip() if self._depth else line)
        self._words = []
