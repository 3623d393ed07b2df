"""A document's blocks as HTML: everything that they say is escaped, and every block tells its language."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from app.printing.model import Bars, Block, Code, Heading, Items, NewPage, Paragraph, Run, Runs, Table
from app.text import direction

_CLASSES = {"meta": "meta", "note": "set-off"}
_SAFE = ("https://", "http://", "mailto:", "/", "#")


def html(blocks: Iterable[Block], beneath: int = 1) -> Markup:
    """The HTML of some blocks; a heading of level 1 becomes one of the level after `beneath`."""
    return Markup("\n").join(_block(block, beneath) for block in blocks)


def _block(block: Block, beneath: int) -> Markup:
    match block:
        case Heading():
            tag = f"h{min(block.level + beneath, 6)}"
            name = Markup(' id="{}"').format(block.name) if block.name else ""
            return Markup("<{0}{1}{2}>{3}</{0}>").format(tag, name, _speaks(block.language), _runs(block.runs))
        case Paragraph(look="quote"):
            return Markup('<blockquote class="quote"{}>{}</blockquote>').format(
                _speaks(block.language), _runs(block.runs)
            )
        case Paragraph():
            look = Markup(' class="{}"').format(_CLASSES[block.look]) if block.look in _CLASSES else ""
            return Markup("<p{}{}>{}</p>").format(look, _speaks(block.language), _runs(block.runs))
        case Items():
            return _items(block, beneath)
        case Code():
            return Markup('<pre dir="ltr"><code>{}</code></pre>').format(block.text)
        case Table():
            return _table(block.rows, block.language)
        case Bars():
            return _bars(block)
        case NewPage():
            return Markup("<hr>")


def _items(block: Items, beneath: int) -> Markup:
    tag = "ol" if block.ordered else "ul"
    start = Markup(' start="{}"').format(block.start) if block.ordered and block.start != 1 else ""
    items = Markup("").join(Markup("<li>{}</li>").format(html(item, beneath)) for item in block.items)
    return Markup("<{0}{1}{2}>{3}</{0}>").format(tag, start, _speaks(block.language), items)


def _table(rows: Sequence[Sequence[Runs]], language: str) -> Markup:
    """A table, whose cells name their columns: on a phone each row is a list."""
    heading = rows[0]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_runs(cell)) for cell in heading)
    names = ["".join(run.text for run in cell) for cell in heading]
    body = Markup("\n").join(_row(row, names) for row in rows[1:])
    return Markup('<table class="stack"{}><thead><tr>{}</tr></thead>\n<tbody>{}</tbody></table>').format(
        _speaks(language), head, body
    )


def _row(cells: Sequence[Runs], names: Sequence[str]) -> Markup:
    first = Markup('<th scope="row">{}</th>').format(_runs(cells[0]))
    rest = (
        Markup('<td data-of="{}">{}</td>').format(name, _runs(cell))
        for name, cell in zip(names[1:], cells[1:], strict=True)
    )
    return Markup("<tr>{}{}</tr>").format(first, Markup("").join(rest))


def _bars(block: Bars) -> Markup:
    """A table, with a bar beneath each name."""
    rows = Markup("\n").join(
        Markup(
            '<tr><th scope="row">{}<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"'
            ' focusable="false"><rect width="{}" height="4"/></svg></th><td>{}</td></tr>'
        ).format(name, share, said)
        for (name, _count, said), share in zip(block.rows, block.shares, strict=True)
    )
    heads = [Markup('<span class="aside">{}</span>').format(block.heads[0]), block.heads[1]]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(each) for each in heads)
    return Markup(
        '<figure class="bars"{}><figcaption>{}</figcaption><table><thead><tr>{}</tr></thead>\n<tbody>{}</tbody></table>'
        "</figure>"
    ).format(_speaks(block.language), block.title, head, rows)


def _runs(runs: Runs) -> Markup:
    return Markup("").join(_run(run) for run in runs)


def _run(run: Run) -> Markup:
    said = Markup("<br>").join(escape(line) for line in run.text.split("\n"))
    for wanted, tag in ((run.code, "code"), (run.bold, "strong"), (run.italic, "em"), (run.struck, "s")):
        said = Markup("<{0}>{1}</{0}>").format(tag, said) if wanted else said
    if not run.link.startswith(_SAFE):
        return said
    elsewhere = Markup(' rel="noopener noreferrer nofollow ugc"') if run.link.startswith("http") else ""
    return Markup('<a href="{}"{}>{}</a>').format(run.link, elsewhere, said)


def _speaks(language: str) -> Markup:
    return Markup(' lang="{}" dir="{}"').format(language, direction(language))
