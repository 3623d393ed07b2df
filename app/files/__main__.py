"""Takes one file apart: bytes on standard input; a line of JSON, then the cleaned bytes, on standard output.

It is cleaned in both ways: as it is kept where its author is named, and where that is withheld.
"""

import json
import sys
from collections.abc import Callable

from app.files.kinds import Cleaned, Refused, family_of

_SECONDS, _MEMORY = 20, 2**30
WAYS = (False, True)  # withheld


def main() -> None:
    """Clean what comes, or say why it cannot be."""
    _limit()
    clean = _cleaner(sys.stdin.buffer.read())
    told: list[dict[str, object]] = []
    contents = []
    for withheld in WAYS:
        try:
            made = clean(withheld)
        except Refused as refused:
            told.append({"refused": refused.reason})
        except (MemoryError, RecursionError):
            told.append({"refused": "heavy"})
        else:
            told.append({"type": made.type, "tells": made.tells, "length": len(made.content)})
            contents.append(made.content)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + b"".join(contents))


def _cleaner(content: bytes) -> Callable[[bool], Cleaned]:
    """What cleans a file of this family, which is imported where it is needed: the libraries are large."""
    family = family_of(content)
    if family == "pdf":
        from app.files import pdf

        reader = pdf.opened(content)
        return lambda withheld: pdf.clean(content, reader, withheld=withheld)
    if family in ("png", "jpeg"):
        from app.files import images

        made = images.clean_png(content) if family == "png" else images.clean_jpeg(content)
        return lambda _withheld: made
    from app.files import docx, odt, office

    parts = office.opened(content)
    if docx.is_docx(parts):
        return lambda withheld: docx.clean(content, parts, withheld=withheld)
    if odt.is_odt(parts):
        return lambda withheld: odt.clean(content, parts, withheld=withheld)
    raise Refused("type")


def _limit() -> None:
    """No more memory and time than a file of the largest size needs, where the system can see to that."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:  # whichever way
        sys.stdout.write(json.dumps([{"refused": refused.reason}] * len(WAYS)) + "\n")
