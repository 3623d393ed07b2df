"""What people write: cleaned once, rendered once, compared readably."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any

import nh3
from isal import isal_zlib
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block.table import table
from markdown_it.rules_core.linkify import linkify as linkify_rest
from markdown_it.rules_inline.linkify import linkify
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from app.language import gettext as _

# BCP 47: the grammar of RFC 5646, section 2.1, and the old tags beside it that do not follow it. The grammar lets a tag
# begin with up to eight letters, which none does: `tagalog` is a name.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(-[a-z]{3}){0,3})(-(?P<script>[a-z]{4}))?(-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-[a-wyz0-9](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?)"
    r"|(?P<whole>x(-[a-z0-9]{1,8})+|en-gb-oed|sgn-(be-fr|be-nl|ch-de)|"
    r"i-(ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu))",
    re.IGNORECASE | re.ASCII,
)
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "dv", "fa", "ha-arab", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"))
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f]+")  # but tab and newline
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")  # NUL, half a surrogate pair
_PILE = re.compile(rb"[^\x00]{50}")  # combining classes: so many marks on one letter are no writing
_REMOVED = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
# What leaves no mark on a page: spaces, controls, joiners, fillers, marks of direction, selectors of variants, tags:
# Unicode's Default_Ignorable_Code_Point, and what is blank of Braille, music, annotations, hieroglyphs, Khitan.
_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U00016fe4\U0001bca0-\U0001bca3\U0001d159"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_BEGINNING = re.compile(r"^[ \t]*(?:#{1,6}|>+|[-*+]|\d{1,9}[.)])[ \t]+", re.MULTILINE)
_MARKS = re.compile(r"[*`~\\_](?:(?<!_)|(?<!\w_)_*|_*(?!\w))")  # by one of a few signs it is found ten times as fast
_CITED = re.compile(r"(?<![\w#&/])(?:#|/c/[a-z0-9-]{1,64}/)([1-9]\d{0,8})(?!\w)", re.ASCII)
_ARABIC_OR_HEBREW = re.compile(r"[\u0590-\u08ff]")
_LEFT_TO_RIGHT = "\u200e"  # a mark that is not seen: after Arabic letters, `#42` would be set as 42#
_GZIP = 31  # window bits, as zlib has it: the largest window, in a gzip container
_MOST_CELLS = 2_000  # in the tables of one text: rows may leave their cells out, and a hundred cells are written by "|"
_FAR = 2_000  # characters
_OF_AN_ADDRESS = re.compile(r"@|:\S|//|\.\w")
_TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "hr",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


def language_tag(value: str) -> str:
    """A BCP 47 tag with its usual capitals (`fil`, `zh-Hant`, `pt-BR`). Raises ValueError where it is malformed."""
    match = _TAG.fullmatch(value.strip())
    if match is None or len(value) > 35:
        raise ValueError(_("must be a language tag such as en, fil or zh-Hant (BCP 47)"))
    if match["whole"]:
        return match["whole"].lower()
    parts = (match["language"].lower(), (match["script"] or "").title(), (match["region"] or "").upper())
    return "-".join(filter(None, parts)) + match["rest"].lower()


def direction(language: str) -> str:
    """`rtl` or `ltr`, by the language's usual script."""
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT or "-Arab" in language else "ltr"


def runs(words: str) -> str:
    """`rtl` or `ltr`, by the first letter that tells; nothing where none does."""
    way = next((way for letter in words if (way := unicodedata.bidirectional(letter)) in ("L", "R", "AL")), "")
    return "ltr" if way == "L" else way and "rtl"


def is_from_right(words: str) -> bool:
    """Whether words are written from right to left, by the first letter that tells."""
    return runs(words) == "rtl"


def line(value: str) -> str:
    """One line as it will be stored: NFC, no control or direction-override characters, single spaces.

    Empty where nothing of it can be seen. Raises ValueError for what no text holds (NUL, half a surrogate pair).
    """
    return _if_seen(" ".join(_CONTROL.sub(" ", _checked(value).translate(_REMOVED)).split()))


def paragraphs(value: str) -> str:
    """Several lines as they will be stored: NFC, line ends as `\\n`, no blank ends. Empty, ValueError: as `line`."""
    return _if_seen(_CONTROL.sub("", _checked(value.replace("\r\n", "\n").replace("\r", "\n"))).strip())


def visible(value: str) -> str:
    """What can be seen of a text, without the spaces between: nothing, of one that is blank.

    Joiners and the like are needed in the writing of many languages, so they stay in texts; alone they are no text.
    """
    return _UNSEEN.sub("", value)


def storable(value: str) -> str:
    """The same without what no database takes for text (NUL, half a surrogate pair): for what is kept unchecked."""
    return _NO_TEXT.sub("", value)


def is_writing(value: str) -> bool:
    """Whether no letter has more marks than any script needs: others take minutes to put in order."""
    return value.isascii() or not _PILE.search(bytes(map(unicodedata.combining, value)))


def _if_seen(value: str) -> str:
    return "" if _UNSEEN.fullmatch(value) else value


def _checked(value: str) -> str:
    if _NO_TEXT.search(value):
        raise ValueError(_("contains characters that are not text (NUL or half a surrogate pair); please remove them"))
    # Putting marks in order takes time that grows with the square of their number: a megabyte of them, minutes.
    if not is_writing(value):
        raise ValueError(_("has more marks on one letter than any script needs; please remove them"))
    return unicodedata.normalize("NFC", value)


def markdown(source: str, home: str = "", cited: Collection[int] = ()) -> str:
    """Sanitised HTML of a Markdown text. Every block is `dir="auto"`; images become links.

    `#42` and `home/42` become links to `home/42` where 42 is one of the numbers that may be `cited`.
    """
    return _SANITISER.clean(_MARKDOWN.render(source, {"home": home, "cited": frozenset(cited)}))


def numbers_in(source: str) -> set[int]:
    """The numbers that a text may cite, as `#42` or at the end of an address."""
    return {int(match[1]) for match in _CITED.finditer(source)}


def zipped(content: bytes) -> bytes:
    """The content in gzip form, by a library that takes a sixth of zlib's time for the same size."""
    return bytes(isal_zlib.compress(content, 3, _GZIP))


def excerpt(source: str, length: int = 160) -> str:
    """The beginning of a Markdown text in plain words, at most `length` characters, cut at a word."""
    words = _MARKS.sub("", _BEGINNING.sub("", _LINK.sub(r"\1", source[: length * 4]))).split()
    plain = " ".join(words)
    if len(plain) <= length:
        return plain
    return plain[: length - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


class _Renderer(RendererHTML):
    """Markdown to HTML with the house's three wishes: directions, quiet headings, no pictures from elsewhere."""

    def renderToken(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: N802
        token = tokens[idx]
        if token.nesting == 1 and token.tag in ("p", "li", "blockquote", "h4", "h5", "h6", "th", "td"):
            token.attrSet("dir", "auto")
        return super().renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        source = str(tokens[idx].attrGet("src") or "")
        words = tokens[idx].content or source
        return f'<a href="{nh3.clean_text(source)}">{nh3.clean_text(words)}</a>'


def _quiet_headings(state: Any) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 3)}"


def _cite(state: Any) -> None:
    """The core rule that makes links of citations, wherever a text is not a link or code already."""
    home, cited = state.env.get("home"), state.env.get("cited")
    if not home or not cited:
        return
    for block in (token for token in state.tokens if token.type == "inline"):
        children: list[Token] = []
        inside = 0
        for token in block.children or ():
            inside += token.nesting if token.type in ("link_open", "link_close") else 0
            children += _with_citations(token, home, cited) if token.type == "text" and not inside else [token]
        block.children = children


def _with_citations(token: Token, home: str, cited: Collection[int]) -> list[Token]:
    parts: list[Token] = []
    end = 0
    mark = _LEFT_TO_RIGHT if _ARABIC_OR_HEBREW.search(token.content) else ""
    for match in _CITED.finditer(token.content):
        if int(match[1]) not in cited or not match[0].startswith(("#", f"{home}/")):
            continue
        parts += [
            Token("text", "", 0, content=token.content[end : match.start()]),
            Token("link_open", "a", 1, attrs={"href": f"{home}/{match[1]}"}),
            Token("text", "", 0, content=mark + match[0]),
            Token("link_close", "a", -1),
        ]
        end = match.end()
    return [*parts, Token("text", "", 0, content=token.content[end:])] if parts else [token]


def _few_cells(state: Any, start: int, end: int, silent: bool) -> bool:
    """The table rule, for as many cells as a text of this size can fill. More stay text."""
    if not table(state, start, end, True):
        return False
    columns = state.getLines(start, start + 1, 0, False).count("|") + 1
    most = (_MOST_CELLS - state.env.get("cells", 0)) // columns
    rows = next((row - start for row in range(start, min(end, start + most + 1)) if state.isEmpty(row)), end - start)
    if rows > most or silent:
        return bool(rows <= most)
    state.env["cells"] = state.env.get("cells", 0) + rows * columns
    return bool(table(state, start, end, False))


def _linkify_near(state: Any, silent: bool) -> bool:
    """The rule that finds addresses early looks through all words since the last mark: not where those are many.

    What it leaves, the core rule of the same name finds later.
    """
    return len(state.pending) <= _FAR and bool(linkify(state, silent))


def _linkify_rest(state: Any) -> None:
    """The core rule of that name, where the text holds anything that an address has: its own test of that takes a
    third of the time that all of a text takes."""
    if _OF_AN_ADDRESS.search(state.src):
        linkify_rest(state)


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": True}, renderer_cls=_Renderer)
_MARKDOWN.enable(["table", "strikethrough", "linkify"])
_MARKDOWN.block.ruler.at("table", _few_cells, {"alt": ["paragraph", "reference"]})
_MARKDOWN.inline.ruler.at("linkify", _linkify_near)
_MARKDOWN.core.ruler.at("linkify", _linkify_rest)
_MARKDOWN.core.ruler.push("quiet_headings", _quiet_headings)
_MARKDOWN.core.ruler.push("cite", _cite)
_SANITISER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"*": {"dir"}, "a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener noreferrer",
    strip_comments=True,
)
