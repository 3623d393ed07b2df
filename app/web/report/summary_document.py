"""The summary as a document of about two pages, and the speaker's version of it, in the summary's own language."""

from collections.abc import Iterator, Sequence

from app import dates
from app.language import current, speaking
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.printing.from_html import blocks
from app.printing.model import Block, Document, Heading, Items, Paragraph, Run, words
from app.readings.outcome.recommendations import RecommendationView
from app.readings.outcome.summary import Summary

KINDS = {"interim": N_("Interim summary"), "final": N_("Final summary")}


def summary_document(summary: Summary, base: str) -> Document:
    """What is handed out. `base` comes before links to this site."""
    said = summary.text
    with speaking(said.interface):
        return Document(
            title=said.title or _("Summary"), language=said.language or current.get(),
            lines=list(_lines(summary, base)), contents="", blocks=list(_parts(summary, base)), layout="brief",
        )  # fmt: skip


def speech_document(summary: Summary, base: str) -> Document:
    """What is said aloud, in large type."""
    said = summary.text
    with speaking(said.interface):
        for_whom = _("For whoever presents it")
        return Document(
            title=said.title or _("Summary"), language=said.language or current.get(),
            lines=[f"{summary.consultation.title} · {for_whom}", *_dated(summary)], contents="",
            blocks=blocks(said.speech_html, said.language, base), layout="speech",
        )  # fmt: skip


def _lines(summary: Summary, base: str) -> Iterator[str]:
    said, consultation = summary.text, summary.consultation
    yield f"{_(KINDS[said.kind])} · {consultation.title}"
    yield from _dated(summary)
    if said.reason:
        yield _("Why there is a new version: %(reason)s", reason=said.reason)
    if base:
        yield f"{base}/c/{consultation.slug}/summary?version={said.version}"


def _dated(summary: Summary) -> Sequence[str]:
    said = summary.text
    if not said.published:
        return ()
    day = dates.day(said.published, summary.consultation.zone)
    return (_("Version %(n)s, published on %(day)s.", n=said.version, day=day),)


def _parts(summary: Summary, base: str) -> Iterator[Block]:
    said, language = summary.text, current.get()
    yield from blocks(said.html, said.language, base)
    if summary.recommendations:
        yield Heading(1, words(_("Key recommendations")), language, "recommendations")
        yield Items([_one(each, summary, base) for each in summary.recommendations], ordered=False, language=language)


def _one(each: RecommendationView, summary: Summary, base: str) -> Sequence[Block]:
    link = f"{base}/c/{summary.consultation.slug}/recommendations/{each.number}"
    name = Run(f"{each.number}. {each.title}", bold=True, link=link)
    to, is_open = _("To:"), _("open for comment")
    stands = f"; {is_open}" if each.stage == "open" else ""
    return [Paragraph((name, Run(f" ({to} {each.addressee_name}{stands})")), current.get())]
