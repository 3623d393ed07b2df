"""The report as one document, of which the page and all files are made: cover, parts, annex."""

from collections.abc import Iterator, Sequence

from app import dates
from app.language import current, language_name, speaking
from app.language import gettext as _
from app.printing.from_html import blocks
from app.printing.model import Block, Document, Heading, Paragraph, Run, words
from app.readings.consultation_views import TopicView
from app.readings.outcome.report import Report
from app.readings.views import ContributionView
from app.web.outcome import printed
from app.web.report import report_method, report_outcome, report_people
from app.web.report.report_insertions import written

Said = Sequence[tuple[TopicView, Sequence[ContributionView]]]


def report_document(report: Report, base: str, annex: Said | None = None) -> Document:
    """The document, in the language of the report. `base` comes before links to this site, `annex` is what was said."""
    with speaking(report.text.interface):
        return Document(
            title=report.text.title or _("Report"),
            language=report.text.language or current.get(),
            lines=list(_cover(report, base)),
            contents=_("Contents"),
            blocks=list(_parts(report, base, annex)),
        )


def _cover(report: Report, base: str) -> Iterator[str]:
    said, consultation = report.text, report.consultation
    yield consultation.title
    if said.published:
        day = dates.day(said.published, consultation.zone)
        yield _("Version %(n)s, published on %(day)s.", n=said.version, day=day)
    if said.language != said.original:
        yield _("A translation. It was written in: %(language)s.", language=language_name(said.original))
    if said.reason:
        yield _("Why there is a new version: %(reason)s", reason=said.reason)
    yield _("People and texts are shown as of entry %(size)s of the record.", size=consultation.size)
    if base:
        tongue = f"&language={said.language}" if len(said.languages) > 1 else ""
        yield f"{base}/c/{consultation.slug}/report?version={said.version}{tongue}"


def _parts(report: Report, base: str, annex: Said | None) -> Iterator[Block]:
    said, language = report.text, current.get()
    yield Heading(1, words(_("Summary")), language, "summary")
    yield from written(said.html.get("summary", ""), report, base)
    yield from report_people.contributors(report.contributors)
    yield from _background(report, base)
    yield from report_method.method(report, base)
    yield from _questions(report, base)
    yield from _results(report, base)
    yield from report_outcome.recommendations(report, base)
    yield from report_outcome.dissent(report, base)
    yield from report_outcome.coverage(report)
    yield from report_people.numbers(report)
    yield from report_method.verification(report, base)
    if annex is not None:
        yield Heading(1, words(_("Annex: everything that was said")), language, "annex")
        if not annex:  # too much for one document: it is on the site
            at = f"{base}/c/{report.consultation.slug}"
            title = report.consultation.title
            yield Paragraph((Run(title, link=at),), printed.language_of(title))
        yield from printed.all_said(report.consultation, base, annex, level=2)


def _background(report: Report, base: str) -> Iterator[Block]:
    details = report.consultation.details
    yield Heading(1, words(_("Background")), current.get(), "background")
    for name in ("purpose_html", "background_html"):
        said = details.get(name) or ""
        yield from blocks(said, printed.language_of(said), base)


def _questions(report: Report, base: str) -> Iterator[Block]:
    language_of = printed.language_of
    yield Heading(1, words(_("Topics and guiding questions")), current.get(), "questions")
    for topic in report.consultation.topics:
        yield Heading(2, words(topic.title), language_of(topic.title), f"q-{topic.slug}")
        yield from blocks(topic.background_html, language_of(topic.background_html), base)
        for each in topic.questions:
            yield Paragraph((Run(f"{each.key}. ", bold=True), Run(each.text)), language_of(each.text), "note")


def _results(report: Report, base: str) -> Iterator[Block]:
    language_of = printed.language_of
    found = report.text.html.get("results", {})
    yield Heading(1, words(_("Results, question by question")), current.get(), "results")
    for topic in report.consultation.topics:
        yield Heading(2, words(topic.title), language_of(topic.title), f"results-{topic.slug}")
        yield from written(found.get(topic.slug, ""), report, base)
        for each in topic.questions:
            asked = words(f"{each.key}. {each.text}")
            yield Heading(3, asked, language_of(each.text), f"results-{topic.slug}-{each.key}")
            if each.full_key in found:
                yield from written(found[each.full_key], report, base)
            else:
                yield Paragraph(words(_("No results are given for this question.")), current.get())
