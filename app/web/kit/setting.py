"""Sets lists of contributions, the number of each in the margin.

A page of a thread shows a hundred. So this is plain code that fills the pieces set at writing: what a template engine
does for each value would cost more than the values.
"""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from app.contributions.fragment import OPEN
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.discussion.thread import Beneath
from app.readings.views import ContributionView
from app.web.kit.entries import Entry, entry
from app.web.kit.open_words import words_for

_END = f"{OPEN}end:{OPEN}".encode()
_GAP = re.compile(f"{OPEN}item:gap ([0-9]+){OPEN}".encode())
_REPLY = re.compile(f"{OPEN}acts:.*?(?={OPEN}end:)".encode(), re.DOTALL)


def set_thread(
    beneath: Beneath, consultation: ConsultationView, focus: ContributionView, *, reply: bool, moderates: bool
) -> bytes:
    """What is beneath `focus`, with a way to `reply` to each."""
    pieces = beneath.pieces
    if not reply:
        pieces = _REPLY.sub(b"", pieces)
    if moderates:
        pieces = _moderated(pieces, beneath, consultation)

    def gap(its: re.Match[bytes]) -> bytes:
        left = entry(beneath.gaps[int(its[1])], consultation, base_depth=focus.depth + 1)
        return _set_gap(left, moderates).replace(OPEN, "").encode()

    if beneath.gaps:
        pieces = _GAP.sub(gap, pieces)
    return b'<ol class="entries">' + words_for(consultation.zone).fill(pieces) + b"</ol>"


def _moderated(pieces: bytes, beneath: Beneath, consultation: ConsultationView) -> bytes:
    """With a way to moderate at the end of each piece."""
    public = [number for number in beneath.numbers if number not in beneath.gaps]
    *parts, rest = pieces.split(_END)
    acts = [_moderate(f"/c/{consultation.slug}/{number}", number).encode() for number in public]
    return b"".join([part + its + _END for part, its in zip(parts, acts, strict=True)]) + rest


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
