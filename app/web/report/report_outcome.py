"""What a report recommends, on what that rests, who disagrees, and what became of all contributions, as blocks."""

from collections.abc import Iterator

from app import dates
from app.language import current, ngettext, number
from app.language import gettext as _
from app.printing.from_html import blocks
from app.printing.model import Block, Heading, Paragraph, Run, words
from app.readings.outcome.citations import alike
from app.readings.outcome.coverage import Share
from app.readings.outcome.recommendations import RecommendationView
from app.readings.outcome.report import Report
from app.web.kit import outcome_words
from app.web.kit import words as said
from app.web.outcome.recommendations import tables
from app.web.report import report_quotation
from app.web.report.report_people import table


def recommendations(report: Report, base: str) -> Iterator[Block]:
    """Each recommendation with its addressee, its words, and what it rests on."""
    language = current.get()
    yield Heading(1, words(_("Recommendations")), language, "recommendations")
    if not report.recommendations:
        yield Paragraph(words(_("No recommendation is public.")), language)
    for each in report.recommendations:
        yield _heading(each, report, base, "r")
        yield Paragraph(words(" · ".join(about(each, report))), language, "meta")
        yield from blocks(each.html, each.language, base)
        yield from _answers(each, base)
        yield Heading(3, words(_("What it rests on")), language)
        for cited in each.cited:
            if cited.stance == "support":
                yield from report_quotation.citation(cited, report, base)


def dissent(report: Report, base: str) -> Iterator[Block]:
    """The contributions that are cited as disagreeing, by recommendation."""
    language = current.get()
    yield Heading(1, words(_("Who disagrees")), language, "dissent")
    against = {
        each.number: [cited for cited in each.cited if cited.stance == "dissent"] for each in report.recommendations
    }
    if not any(against.values()):
        yield Paragraph(words(_("No recommendation cites a contribution that disagrees with it.")), language)
    for each in report.recommendations:
        if against[each.number]:
            yield _heading(each, report, base, "d")
        for cited in against[each.number]:
            yield from report_quotation.citation(cited, report, base)


def coverage(report: Report) -> Iterator[Block]:
    """How many contributions are cited, read and not used, or neither."""
    language = current.get()
    yield Heading(1, words(_("What became of the contributions")), language, "coverage")
    if report.coverage is None:
        yield Paragraph(words(_("No recommendation is final, so there is no coverage.")), language)
        return
    whole = report.coverage["all"]
    heads = [_("Contributions"), _("Cited"), _("Read, not used"), _("Neither")]
    for share in whole:
        yield table(heads, [_shares(share)])
    for each in tables(report.coverage, report.consultation):
        for group, rows in each.groups:
            yield table([group or each.title, *heads], [[name, *_shares(share)] for name, share in rows])


def _heading(each: RecommendationView, report: Report, base: str, mark: str) -> Heading:
    here = f"{base}/c/{report.consultation.slug}/recommendations/{each.number}"
    return Heading(2, (Run(f"{each.number}.", link=here), Run(f" {each.title}")), each.language, f"{mark}{each.number}")


def about(each: RecommendationView, report: Report) -> Iterator[str]:
    """To whom it goes, its stage, its language where that is another than the report's, and from how many it comes."""
    of, against = each.support, each.dissent
    yield f"{_('To:')} {each.addressee_name}"
    yield _(outcome_words.STAGES[each.stage])
    if not alike(each.language, report.text.language):
        yield said.language_name(each.language)
    yield ngettext("rests on one contribution", "rests on %(n)s contributions", of.contributions)
    if of.organisations:
        yield ngettext("from one organisation", "from %(n)s organisations", of.organisations)
    if of.regions:
        yield ngettext("in one region", "in %(n)s regions", len(of.regions))
    if against.contributions:
        yield ngettext("one disagrees", "%(n)s disagree", against.contributions)


def _answers(each: RecommendationView, base: str) -> Iterator[Block]:
    """What its addressee answered, and what became of it since, day by day."""
    language = current.get()
    if each.stage == "final":
        yield Heading(3, words(_("What was answered")), language)
        if not each.responses:
            yield Paragraph(words(_("No answer has been received yet.")), language)
    for one in each.responses:
        state = Run(_(outcome_words.ANSWERS[one.answer]), bold=True)
        yield Paragraph((Run(f"{dates.day(one.received)}: "), state), language, "meta")
        yield Paragraph(words(one.words), one.language, "quote")
        if one.document:
            yield Paragraph((Run(one.document, link=one.document),), language, "meta")
        if one.file and not one.file.withdrawn:
            size = said.file_in_words({"type": one.file.type, "size": one.file.size})
            yield Paragraph((Run(one.file.name, link=f"{base}{one.file.path}"), Run(f" ({size})")), language, "meta")


def _shares(share: Share) -> list[str]:
    return [number(count) for count in (share.contributions, share.cited, share.set_aside, share.neither)]
