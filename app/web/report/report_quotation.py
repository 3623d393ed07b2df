"""What somebody said, as blocks of a report: by whom, in their words or a translation, linked to where it stands."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.language import current, language_name
from app.language import gettext as _
from app.printing.from_html import blocks
from app.printing.model import Block, Paragraph, Run, words
from app.readings.outcome.citations import CitationView, alike, words_of
from app.readings.outcome.quotations import Quotation
from app.readings.outcome.report import Report
from app.web.discussion.translated import facts
from app.web.kit import words as said
from app.web.kit.entries import entry
from app.web.outcome.printed import plain


def citation(cited: CitationView, report: Report, base: str) -> Iterator[Block]:
    """A citation: a passage, or a text's first words; of what is no longer public, its number and its fate."""
    shown = _shown(cited, report)
    yield _source(cited, report, base)
    if cited.is_public:
        language, its = (
            (shown["language"], words_of(shown["body"], None, None)) if shown else (cited.language, cited.words)
        )
        yield Paragraph(words(its), language, "quote")
        yield from _translation(cited, shown, report, base)


def quotation(quoted: Quotation, report: Report, base: str) -> Iterator[Block]:
    """A quotation: as a citation, but of a text that is quoted as a whole, all of it."""
    cited = quoted.cited
    if not (quoted.is_whole and cited.is_public):
        yield from citation(cited, report, base)
        return
    shown = _shown(cited, report)
    language, html = (shown["language"], shown["html"]) if shown else (cited.language, quoted.html)
    yield _source(cited, report, base)
    yield from set_in(html, language, base)
    yield from _translation(cited, shown, report, base)


def set_in(html: str, language: str, base: str) -> list[Block]:
    """The blocks of some HTML, set in as what somebody else said."""
    return blocks(f"<blockquote>{html}</blockquote>", language, base)


def _shown(cited: CitationView, report: Report) -> Mapping[str, Any] | None:
    """The translation that is shown instead: only where the whole text is cited, since passages do not align."""
    return cited.translation_into(report.text.language) if cited.begin is None else None


def _source(cited: CitationView, report: Report, base: str) -> Paragraph:
    """Which contribution and revision, linked; by whom, and in which language if that is not the report's."""
    at = _address(cited, report, base)
    name = _("Contribution %(n)s", n=cited.number)
    if not cited.is_public or cited.view is None:
        fate = f"{_('Cited, and no longer public:')} {_(said.STATES[cited.state])}."
        return Paragraph((Run(name, link=at), Run(f" · {fate}")), current.get(), "meta")
    revision = _("Revision %(n)s", n=cited.revision)
    about = [plain(entry(cited.view, report.consultation).who)]
    if not alike(cited.language, report.text.language):
        about.append(language_name(cited.language))
    link = Run(f"{name}, {revision}", link=f"{at}/history#r{cited.revision}")
    return Paragraph((link, Run(f" · {' · '.join(about)}")), current.get(), "meta")


def _translation(
    cited: CitationView, shown: Mapping[str, Any] | None, report: Report, base: str
) -> Iterator[Paragraph]:  # fmt: skip
    """Who translated what is shown, with the original; or where a translation of the whole text is."""
    there = shown or cited.translation_into(report.text.language)
    if there is None:
        return
    at, by = _address(cited, report, base), ", ".join(facts(there, cited.revision))
    if shown:
        original = _("Read the original (%(language)s)", language=language_name(cited.language))
        runs = (Run(f"{by} · "), Run(original, link=f"{at}/history#r{cited.revision}"))
    else:
        name = _("Translation of the whole text")
        runs = (Run(name, link=f"{at}?in={there['language']}"), Run(f": {by}"))
    yield Paragraph(runs, current.get(), "meta")


def _address(cited: CitationView, report: Report, base: str) -> str:
    return f"{base}/c/{report.consultation.slug}/{cited.number}"
