"""What people write: cleaned once, rendered once, compared readably."""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# BCP 47 (RFC 5646) in the shape that is used for texts: language, script, region, variants.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}|[a-z]{4,8})(-(?P<script>[a-z]{4}))?(-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*)(-x(-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "dv", "fa", "ha-arab", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"))
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f]+")  # but tab and newline
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")  # NUL, half a surrogate pair
_INVISIBLE = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}|>+|[-*+]|\d{1,9}[.)])[ \t]+|[*`~\\]|(?<!\w)_+|_+(?!\w)", re.MULTILINE)
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
        raise ValueError("must be a language tag such as en, fil or zh-Hant (BCP 47)")
    language = match["language"].lower()
    script, region = (match["script"] or "").title(), (match["region"] or "").upper()
    tail = value.strip()[len("-".join(part for part in (language, script, region) if part)) :].lower()
    return "-".join(part for part in (language, script, region) if part) + tail


def direction(language: str) -> str:
    """`rtl` or `ltr`, by the language's usual script."""
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT or "-Arab" in language else "ltr"


def line(value: str) -> str:
    """One line as it will be stored: NFC, no control or direction-override characters, single spaces.

    Raises ValueError for what no text holds (NUL, half a surrogate pair).
    """
    return " ".join(_checked(value).translate(_INVISIBLE).split())


def paragraphs(value: str) -> str:
    """Several lines as they will be stored: NFC, line ends as `\\n`, no blank ends. Raises ValueError like `line`."""
    return _CONTROL.sub("", _checked(value.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _checked(value: str) -> str:
    if _NO_TEXT.search(value):
        raise ValueError("contains characters that are not text (NUL or half a surrogate pair); please remove them")
    return unicodedata.normalize("NFC", value)


def markdown(source: str) -> str:
    """Sanitised HTML of a Markdown text. Every block is `dir="auto"`; images become links."""
    return _SANITISER.clean(_MARKDOWN.render(source))


def excerpt(source: str, length: int = 160) -> str:
    """The beginning of a Markdown text in plain words, at most `length` characters, cut at a word."""
    words = _MARKS.sub("", _LINK.sub(r"\1", source[: length * 4])).split()
    plain = " ".join(words)
    if len(plain) <= length:
        return plain
    return plain[: length - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """What changed, word by word: pairs of `same`, `removed` or `added` and the words."""
    before, after = (re.findall(r"\s+|[^\s]+", text) for text in (old, new))
    parts: list[tuple[str, str]] = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=len(before) > 2000).get_opcodes():
        if act == "equal":
            parts.append(("same", "".join(before[a:b])))
            continue
        parts += [(name, "".join(words)) for name, words in (("removed", before[a:b]), ("added", after[c:d])) if words]
    return parts


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


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": True}, renderer_cls=_Renderer)
_MARKDOWN.enable(["table", "strikethrough", "linkify"])
_MARKDOWN.core.ruler.push("quiet_headings", _quiet_headings)
_SANITISER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"*": {"dir"}, "a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener noreferrer",
    strip_comments=True,
)
