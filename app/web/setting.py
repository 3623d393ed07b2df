"""Sets lists of contributions, the number of each in the margin.

A page of a thread shows a hundred. So this is plain code that joins the bytes set at writing: what a template engine
does for each value would cost more than the values.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from app.contributions.fragment import OPEN
from app.language import gettext as _
from app.readings.consultations import ConsultationView
from app.readings.thread import Item
from app.readings.views import ContributionView
from app.web.entries import INDENTED_LEVELS, Entry, entry, indented
from app.web.headings import beneath
from app.web.open_words import words_for

_BEGIN = [f'<li class="entry{indented(level, 0)}'.encode() for level in range(INDENTED_LEVELS + 1)]
_BEGIN_NOTE = [begin.replace(b"entry", b"note") for begin in _BEGIN]
_END, _ACTS = b"</div></li>\n", f"{OPEN}acts:{OPEN}".encode()


def set_thread(
    items: Sequence[Item], consultation: ConsultationView, focus: ContributionView, *, reply: bool, moderates: bool
) -> bytes:
    """What is beneath `focus`, with a way to `reply` to each."""
    margin, parts = focus.depth + 1, [b'<ol class="entries">']
    for item in items:
        if item.gap is not None:
            parts.append(_set_gap(entry(item.gap, consultation, base_depth=margin), moderates).encode())
            continue
        level = item.depth - margin
        parts.append((_BEGIN_NOTE if item.is_note else _BEGIN)[level if level < INDENTED_LEVELS else -1])
        parts.append(_leveled(item.piece if reply else item.piece[: item.piece.index(_ACTS)]))
        if moderates:
            parts.append(_moderate(f"/c/{consultation.slug}/{item.number}", item.number).encode())
        parts.append(_END)
    parts.append(b"</ol>")
    return words_for(consultation.zone).fill(b"".join(parts))


def _leveled(piece: bytes) -> bytes:
    """The piece with the headings of its text beneath “replies”."""
    return beneath(piece.decode(), 3).encode() if b"<h" in piece else piece


def set_entries(entries: Sequence[Entry], moderates: bool = False) -> Markup:
    """Contributions in full, in the places of a template."""
    return Markup(f'<ol class="entries">{"".join(_set(e, moderates) for e in entries)}</ol>')  # noqa: S704


def set_excerpts(listed: Sequence[tuple[Entry, str]]) -> Markup:
    """Contributions in a list: number, title, the beginning of the text, who."""
    parts = ['<ol class="entries list">']
    for e, excerpt in listed:
        language, text = escape(e.language), escape(excerpt)
        parts.append(f'<li class="{e.css}"><a class="num" href="{e.href}">{e.number}</a><div>')
        if e.title:
            parts.append(
                f'<h3 dir="auto" lang="{language}"><a href="{e.href}">{escape(e.title)}</a></h3>'
                f'<p class="text" lang="{language}" dir="auto">{text}</p>'
            )
        else:
            parts.append(f'<p class="text" lang="{language}" dir="auto"><a href="{e.href}">{text}</a></p>')
        replies = f" <span>{escape(e.replies)}</span>" if e.replies else ""
        parts.append(f'<p class="meta"><span class="by">{e.who}</span> {e.kind}{e.meta}{replies}</p></div></li>\n')
    parts.append("</ol>")
    return Markup("".join(parts))  # noqa: S704  # what people wrote is escaped, or was sanitised when it was written


def _set(e: Entry, moderates: bool) -> str:
    if e.gap:
        return _set_gap(e, moderates)
    acts = _moderate(e.href, e.number or 0) if moderates else ""
    return (
        f'{_begin(e)}<p class="who">{e.who}</p><p class="meta">{e.kind}{e.meta}</p>{e.heading}{e.text}{acts}</div></li>'
    )


def _set_gap(e: Entry, moderates: bool) -> str:
    words = escape(_("Decide again"))
    again = f' <a href="{e.href}/restore">{words}</a>' if moderates and e.state == "hidden" else ""
    return f'{_begin(e)}<p class="fate" dir="auto">{escape(e.gap)}{again}</p></div></li>'


def _begin(e: Entry) -> str:
    return f'<li class="{e.css}" id="n{e.number}"><a class="num" href="{e.href}">{e.number}</a><div>'


def _moderate(href: str, number: int) -> str:
    hide, more = escape(_("Hide")), escape(_("Moderate"))
    aside = f'<span class="aside"> {number}</span></a>'
    return f'<p class="acts"><a href="{href}/hide">{hide}{aside} <a href="{href}/moderate">{more}{aside}</p>'
