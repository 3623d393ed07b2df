"""Who contributed to what a report is about, and participation in numbers, as blocks of its document."""

from collections.abc import Callable, Iterator, Sequence

from app.language import current, listed, ngettext, number
from app.language import gettext as _
from app.printing.model import Block, Heading, Paragraph, Table, words
from app.readings.contributors import Contributor, Contributors
from app.readings.numbers import Count
from app.readings.outcome.report import Report
from app.web.kit import words as said


def contributors(found: Contributors) -> Iterator[Block]:
    """By kind of organisation and country, as they wished to be named; who is not named is counted only."""
    language = current.get()
    yield Heading(1, words(_("Contributors")), language, "contributors")
    yield Paragraph(
        words(_("Named as they chose to sign, with the number of their contributions. Replies count as well.")),
        language,
    )
    for kind, label in said.ORGANISATION_KINDS.items():
        if kind in found.organisations:
            yield Heading(2, words(_(label)), language, f"by-{kind}")
            yield _organisations(found.organisations[kind])
    if found.persons:
        yield Heading(2, words(_("In a personal capacity")), language, "by-persons")
        yield table([_("Name"), _("Contributions")], [[each.name, number(each.texts)] for each in found.persons])
    if found.withheld:
        line = ngettext("One contribution names nobody.", "%(n)s contributions name nobody.", found.withheld)
        yield Paragraph(words(line), language)


def numbers(report: Report) -> Iterator[Block]:
    """How much was said, in which languages, from which regions, of which kinds."""
    counted, language = report.numbers, current.get()
    yield Heading(1, words(_("In numbers")), language, "numbers")
    whole = (
        (_("Contributions"), counted.contributions), (_("Threads"), counted.threads), (_("Replies"), counted.replies),
        (_("Endorsements"), counted.endorsements),
    )  # fmt: skip
    yield table([_("Counted"), _("Number")], [[name, number(count)] for name, count in whole])
    for title, counts, named in (
        (_("By language"), counted.languages, said.language_name),
        (_("By region"), counted.regions, lambda key: _(said.REGIONS[key])),
        (_("By kind"), counted.kinds, lambda key: _(said.KINDS[key])),
    ):
        yield by(title, counts, named)


def by(title: str, counts: Sequence[Count], named: Callable[[str], str]) -> Table:
    """A table of how many contributions have what in common."""
    rows = [[_("withheld or not given") if each.key is None else named(each.key), number(each.contributions)]
            for each in counts]  # fmt: skip
    return table([title, _("Contributions")], rows)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table of plain words, in the language of the report's headings."""
    return Table([[words(cell) for cell in row] for row in (heads, *rows)], current.get())


def _organisations(found: Sequence[Contributor]) -> Table:
    heads = [_("Organisation"), _("Country"), _("Named people"), _("Contributions")]
    return table(heads, [
        [each.name, said.country_name(each.country) or "–", listed(list(each.people)) if each.people else "–",
         number(each.texts)]
        for each in found
    ])  # fmt: skip
