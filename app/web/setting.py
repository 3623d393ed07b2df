"""Sets lists of contributions, the number of each in the margin. See `entries.py` for why this is no template."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from app.web.entries import Entry
from app.web.language import gettext as _


def set_entries(entries: Iterable[Entry], slug: str, moderates: bool = False) -> Markup:
    """Contributions in full, as a thread shows them."""
    reply, to, hide = escape(_("Reply")), escape(_("to")), escape(_("Hide"))
    parts = ['<ol class="entries">']
    for e in entries:
        parts.append(f'<li class="{e.css}" id="n{e.number}"><a class="num" href="{e.href}">{e.number}</a><div>')
        if e.gap:
            again = _again(e) if moderates and e.state == "hidden" else ""
            parts.append(f'<p class="fate" dir="auto">{escape(e.gap)}{again}</p></div></li>')
            continue
        parts.append(f'<p class="who">{e.who}</p><p class="meta"><b>{e.kind_name}</b>')
        if e.replies_to:
            parts.append(f' <span>{to} <a href="#n{e.replies_to}">{e.replies_to}</a></span>')
        parts.append(_meta(e))
        if e.title:
            parts.append(f'<h2 class="title" dir="auto" lang="{escape(e.language)}">{escape(e.title)}</h2>')
        parts.append(f'<div class="text" lang="{escape(e.language)}" dir="auto">{e.html}</div>')
        if e.places:
            parts.append(f'<p class="meta">{escape(e.places)}</p>')
        if e.reply or moderates:
            acts = [f'<a href="/c/{slug}/contribute?parent={e.number}">{reply}{_aside(to, e)}</a>'] if e.reply else []
            if moderates:
                acts.append(f'<a href="{e.href}/hide">{hide}{_aside("", e)}</a>')
            parts.append(f'<p class="acts">{" ".join(acts)}</p>')
        parts.append("</div></li>\n")
    parts.append("</ol>")
    return Markup("".join(parts))  # noqa: S704  # what people wrote is escaped, or was sanitised when it was written


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
        parts.append(
            f'<p class="meta"><span class="by">{e.who}</span> <b>{e.kind_name}</b>{_meta(e, replies)}</div></li>\n'
        )
    parts.append("</ol>")
    return Markup("".join(parts))  # noqa: S704


def _meta(e: Entry, more: str = "") -> str:
    notes = "".join([f" <span>{escape(note)}</span>" for note in e.notes]) if e.notes else ""
    revised = f' <a href="{e.href}/history">{escape(e.revised)}</a>' if e.revised else ""
    return f' <time datetime="{e.iso}">{e.date}</time>{notes}{revised}{more}</p>'


def _again(e: Entry) -> str:
    return f' <a href="{e.href}/restore">{escape(_("Decide again"))}</a>'


def _aside(word: str, e: Entry) -> str:
    return f'<span class="aside"> {word} {e.number}</span>'  # for those who hear the link without what is around it
