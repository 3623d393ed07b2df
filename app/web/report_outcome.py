"""What a report recommends, on what that rests, who disagrees, and what became of all contributions, as blocks."""

from collections.abc import Iterator

from app.language import current, ngettext, number
from app.language import gettext as _
from app.printing.from_html import blocks
from app.printing.model import Block, Heading, Paragraph, Run, words
from app.readings.citations import CitationView
from app.readings.coverage import Share
from app.readings.recommendations import RecommendationView
from app.readings.report import Report
from app.web import outcome_words
from app.web import words as said
from app.web.entries import entry
from app.web.printed import plain
from app.web.recommendations import tables
from app.web.report_people import table


def recommendations(report: Report, base: str) -> Iterator[Block]:
    """Each recommendation with its addressee, its words, and what it rests on."""
    language = current.get()
    yield Heading(1, words(_("Recommendations")), language, "recommendations")
    if not report.recommendations:
        yield Paragraph(words(_("No recommendation is public.")), language)
    for each in report.recommendations:
        yield _heading(each, report, base, "r")
        yield Paragraph(words(" · ".join(_about(each))), language, "meta")
        yield from blocks(each.html, each.language, base)
        yield Heading(3, words(_("What it rests on")), language)
        for cited in each.cited:
            if cited.stance == "support":
                yield from _citation(cited, report, base)


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
            yield from _citation(cited, report, base)


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
        yield table([each.title, *heads], [[name, *_shares(share)] for name, share in each.rows])


def _heading(each: RecommendationView, report: Report, base: str, mark: str) -> Heading:
    here = f"{base}/c/{report.consultation.slug}/recommendations/{each.number}"
    return Heading(2, (Run(f"{each.number}.", link=here), Run(f" {each.title}")), each.language, f"{mark}{each.number}")


def _about(each: RecommendationView) -> Iterator[str]:
    """To whom it goes, its stage, and from how many it comes."""
    of, against = each.support, each.dissent
    yield f"{_('To:')} {each.addressee_name}"
    yield _(outcome_words.STAGES[each.stage])
    yield ngettext("rests on one contribution", "rests on %(n)s contributions", of.contributions)
    if of.organisations:
        yield ngettext("from one organisation", "from %(n)s organisations", of.organisations)
    if of.regions:
        yield ngettext("in one region", "in %(n)s regions", len(of.regions))
    if against.contributions:
        yield ngettext("one disagrees", "%(n)s disagree", against.contributions)


def _citation(cited: CitationView, report: Report, base: str) -> Iterator[Block]:
    """Who said it, linked to the revision, and the words; of what is no longer public, its number and its fate."""
    language, at = current.get(), f"{base}/c/{report.consultation.slug}/{cited.number}"
    name = _("Contribution %(n)s", n=cited.number)
    if not cited.is_public or cited.view is None:
        fate = f"{_('Cited, and no longer public:')} {_(said.STATES[cited.state])}."
        yield Paragraph((Run(name, link=at), Run(f" · {fate}")), language, "meta")
        return
    revision = _("Revision %(n)s", n=cited.revision)
    who = plain(entry(cited.view, report.consultation).who)
    link = f"{at}/history#r{cited.revision}"
    yield Paragraph((Run(f"{name}, {revision}", link=link), Run(f" · {who}")), language, "meta")
    yield Paragraph(words(cited.words), cited.language, "quote")


def _shares(share: Share) -> list[str]:
    return [number(count) for count in (share.contributions, share.cited, share.set_aside, share.neither)]
