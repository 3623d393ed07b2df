"""Takes one file apart: bytes on standard input, a line of JSON and the cleaned bytes on standard output."""

import json
import sys

from app.files.kinds import Cleaned, Refused, family_of

_SECONDS, _MEMORY = 20, 2**30


def main(withheld: bool) -> None:
    """Clean what comes, or say why it cannot be."""
    _limit()
    try:
        made = _cleaned(sys.stdin.buffer.read(), withheld)
        told, content = {"type": made.type, "tells": made.tells}, made.content
    except Refused as refused:
        told, content = {"refused": refused.reason}, b""
    except (MemoryError, RecursionError):
        told, content = {"refused": "heavy"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)


def _cleaned(content: bytes, withheld: bool) -> Cleaned:
    family = family_of(content)
    # Each family is imported where it is needed: the libraries are large, and this process is short.
    if family == "pdf":
        from app.files import pdf

        return pdf.clean(content, withheld=withheld)
    if family in ("png", "jpeg"):
        from app.files import images

        return images.clean_png(content) if family == "png" else images.clean_jpeg(content)
    from app.files import docx, odt, office

    parts = office.opened(content)
    if docx.is_docx(parts):
        return docx.clean(content, parts, withheld=withheld)
    if odt.is_odt(parts):
        return odt.clean(content, parts, withheld=withheld)
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
    main(sys.argv[1:] == ["withheld"])
