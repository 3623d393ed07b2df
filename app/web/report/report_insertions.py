"""What rapporteurs wrote, as blocks of a report: with what lines in braces stand for (`synthesis/insertions.py`)."""

from collections.abc import Iterator

from app.language import current, number
from app.language import gettext as _
from app.printing.from_html import blocks
from app.printing.model import Bars, Block, Paragraph, Run, words
from app.readings.outcome.recommendations import RecommendationView
from app.readings.outcome.report import Report
from app.synthesis.insertions import Insertion, insertion
from app.web.public.numbers import pictures
from app.web.report.report_outcome import about
from app.web.report.report_quotation import quotation, set_in

PICTURES = {
    "organisations": "organisation_kind", "regions": "region", "countries": "country", "languages": "language",
    "kinds": "kind", "channels": "channel", "months": "month", "topics": "topic", "questions": "question",
}  # fmt: skip


def written(html: str, report: Report, base: str) -> Iterator[Block]:
    """The blocks of some words of the report. A line that cannot be shown, which only a draft has, stays as it is."""
    for block in blocks(html, report.text.language, base):
        found = _insertion(block)
        made = list(_put_in(found, report, base)) if found else []
        yield from made or [block]


def _insertion(block: Block) -> Insertion | None:
    plain = isinstance(block, Paragraph) and block.look == "plain"
    return insertion("".join(run.text for run in block.runs)) if plain and isinstance(block, Paragraph) else None


def _put_in(found: Insertion, report: Report, base: str) -> Iterator[Block]:
    match found.kind:
        case "recommendation":
            for each in report.recommendations:
                if each.number == found.number:
                    yield from _recommendation(each, report, base)
        case "quotation":
            if quoted := report.quotations.get(found.raw):
                yield from quotation(quoted, report, base)
        case "figure":
            yield from _figure(found.figure, report)


def _recommendation(each: RecommendationView, report: Report, base: str) -> Iterator[Block]:
    at = f"{base}/c/{report.consultation.slug}/recommendations/{each.number}"
    name = Run(_("Recommendation %(n)s", n=each.number), bold=True, link=at)
    yield Paragraph((name, Run(f". {each.title}", bold=True)), each.language)
    yield Paragraph(words(" · ".join(about(each, report))), current.get(), "meta")
    yield from set_in(each.html, each.language, base)


def _figure(name: str, report: Report) -> Iterator[Block]:
    for picture in pictures(report.numbers, report.consultation):
        if picture.key == PICTURES.get(name):
            rows = [(row.name, row.contributions, number(row.contributions)) for row in picture.rows]
            yield Bars(picture.title, (picture.title, _("Contributions")), rows, current.get())
