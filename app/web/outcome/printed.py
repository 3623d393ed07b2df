"""The proceedings as a document for print: what was said, by topic, numbered, each with who said it and how it came."""

from collections.abc import Iterator, Sequence

from lxml import html as lxml_html

from app import clock, dates
from app.language import current, ngettext
from app.language import gettext as _
from app.printing.from_html import blocks
from app.printing.model import Block, Document, Heading, NewPage, Paragraph, Run, words
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.spoken import Foreign
from app.readings.views import ContributionView
from app.web.kit.entries import Entry, entry
from app.web.kit.words import CHANNELS, KINDS, language_name

_DEEPEST = 4  # heading: what is further down has headings of the same level


def proceedings(
    consultation: ConsultationView, base: str, said: Sequence[tuple[TopicView, Sequence[ContributionView]]],
    question: str = "",
) -> Document:  # fmt: skip
    """The proceedings of some topics, or of one guiding question, as they stand now."""
    count = sum(len(views) for _topic, views in said)
    return Document(
        title=_("Proceedings: %(title)s", title=consultation.title),
        language=current.get(),
        lines=_under_the_title(consultation, base, count, question),
        contents=_("Contents"),
        blocks=list(all_said(consultation, base, said)),
    )


def _under_the_title(consultation: ConsultationView, base: str, count: int, question: str) -> list[str]:
    asked = [question] if question else []
    return [
        *asked,
        _("As of %(moment)s, entry %(size)s of the record.", moment=dates.moment(clock.now(), consultation.zone),
          size=consultation.size),
        ngettext("One contribution is public.", "%(n)s contributions are public.", count),
        _("Draft: texts can still be edited, withdrawn or hidden. Each number leads to the text as it is now."),
        f"{base}/c/{consultation.slug}",
    ]  # fmt: skip


def all_said(
    consultation: ConsultationView, base: str, said: Sequence[tuple[TopicView, Sequence[ContributionView]]],
    level: int = 1,
) -> Iterator[Block]:  # fmt: skip
    """What was said in some topics, each with its questions; the headings of topics are of this level."""
    for index, (topic, views) in enumerate(said):
        if index:
            yield NewPage()
        yield Heading(level, words(topic.title), language_of(topic.title), f"t-{topic.slug}")
        for question in topic.questions:
            asked = (Run(f"{question.key}. ", bold=True), Run(question.text))
            yield Paragraph(asked, language_of(question.text), "note")
        if not views:
            yield Paragraph(words(_("Nothing has been said yet.")), current.get())
        for view in views:
            yield from _one(view, consultation, base, level + 1)


def _one(view: ContributionView, consultation: ConsultationView, base: str, highest: int) -> Iterator[Block]:
    """A contribution: its number and title, who and how, its text."""
    language, its = current.get(), entry(view, consultation)
    level = min(highest + view.depth, _DEEPEST)
    number = Run(f"{view.number}. ", link=f"{base}{its.href}")
    title = view.title or (plain(its.kind) if view.kind == "note" else _reply_to(view))
    yield Heading(level, (number, Run(title)), view.language if view.title else language, f"c{view.number}")
    yield Paragraph(words(" · ".join(_about(view, its, consultation))), language, "meta")
    yield from blocks(view.html, view.language, base)


def _about(view: ContributionView, its: Entry, consultation: ConsultationView) -> Iterator[str]:
    """Who said it, what it is, when, in which language, and how it came."""
    yield plain(its.who)
    yield _(KINDS[view.kind])
    if view.published:
        yield dates.short(view.published, consultation.zone)
    if view.language != current.get():
        yield language_name(view.language)
    if view.channel in CHANNELS:
        yield _(CHANNELS[view.channel])


def language_of(written: str) -> str:
    """In which language something that organisers wrote is here: the reader's, or theirs if it is not translated."""
    return written.language if isinstance(written, Foreign) else current.get()


def _reply_to(view: ContributionView) -> str:
    return _("Reply to %(n)s", n=view.parent_number) if view.parent_number else _("Reply")


def plain(said: str) -> str:
    """The words of some HTML."""
    return " ".join(lxml_html.fromstring(f"<p>{said}</p>").text_content().split()) if said else ""
