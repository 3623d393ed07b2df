"""A document as Markdown: for those who go on working with its words."""

from collections.abc import Iterator, Sequence

from app.printing.model import Bars, Block, Code, Document, Heading, Items, NewPage, Paragraph, Run, Runs, Table

# What Markdown would read as marks. Where a line begins, its first character can make it a list, heading or quotation.
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>~|#&"})
_FENCE = "`"


def markdown(document: Document) -> str:
    """The whole document, ending in a line end. The same document gives the same text."""
    parts = [f"# {_plain(document.title)}", "  \n".join(_plain(line) for line in document.lines)]
    parts += [part for block in document.blocks for part in _block(block)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * min(block.level + 1, 6)} {_runs(block.runs)}"
        case Paragraph(look="quote"):
            yield _indented(_started(_runs(block.runs)), "> ", "> ")
        case Paragraph(look="meta"):
            yield f"*{said}*" if _is_plain(block.runs) and (said := _runs(block.runs)) else _started(_runs(block.runs))
        case Paragraph():
            yield _started(_runs(block.runs))
        case Items():
            yield "\n".join(_item(item, f"{at}. " if block.ordered else "- ")
                            for at, item in enumerate(block.items, block.start))  # fmt: skip
        case Code():
            fence = _FENCE * max(3, _longest(block.text) + 1)
            yield f"{fence}\n{block.text}\n{fence}"
        case Table():
            yield _table(block.rows)
        case Bars():
            yield f"**{_plain(block.title)}**"
            yield _table(block.table.rows)
        case NewPage():
            yield "---"


def _item(item: Sequence[Block], mark: str) -> str:
    content = "\n\n".join(part for block in item for part in _block(block))
    return _indented(content, mark, " " * len(mark))


def _table(rows: Sequence[Sequence[Runs]]) -> str:
    lines = ["| " + " | ".join(_runs(cell).replace("\\\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def _runs(runs: Runs) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    if not run.text.strip():
        return "\\\n" if run.text == "\n" else run.text
    said = _code(run.text) if run.code else _plain(run.text).replace("\n", "\\\n")
    for wanted, mark in ((run.bold, "**"), (run.italic, "*"), (run.struck, "~~")):
        said = _marked(said, mark) if wanted else said
    if not run.link:
        return said
    address = run.link.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"[{said}](<{address}>)"


def _marked(said: str, mark: str) -> str:
    """The words between two marks, which must not stand beside blanks."""
    bare = said.strip()
    before, after = said[: len(said) - len(said.lstrip())], said[len(said.rstrip()) :]
    return f"{before}{mark}{bare}{mark}{after}"


def _plain(words: str) -> str:
    return words.translate(_MARKS)


def _code(words: str) -> str:
    fence = _FENCE * (_longest(words) + 1)
    room = " " if words.startswith(_FENCE) or words.endswith(_FENCE) else ""
    return f"{fence}{room}{' '.join(words.splitlines())}{room}{fence}"


def _longest(words: str) -> int:
    """The longest run of backticks."""
    longest = run = 0
    for letter in words:
        run = run + 1 if letter == _FENCE else 0
        longest = max(longest, run)
    return longest


def _started(said: str) -> str:
    """A paragraph of which no line begins as a list, heading or rule would."""
    return "\n".join(_line(line) for line in said.split("\n"))


def _line(line: str) -> str:
    head = line.lstrip()
    digits = head[: len(head) - len(head.lstrip("0123456789"))]
    if digits and head[len(digits) : len(digits) + 1] in (".", ")"):
        return f"{digits}\\{head[len(digits) :]}"
    return f"\\{head}" if head[:1] in ("-", "+", "=") else head


def _is_plain(runs: Runs) -> bool:
    return not any(run.link or run.italic or run.code for run in runs)


def _indented(content: str, first: str, rest: str) -> str:
    lines = content.split("\n")
    return "\n".join([first + lines[0], *(rest + line if line or rest.strip() else line for line in lines[1:])])
