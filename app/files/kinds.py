"""Which files can be attached, how each is told by its content, and what is wrong with those that cannot be taken."""

from dataclasses import dataclass
from typing import Literal

from app.language import gettext_noop as N_

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"

NAMES = {PDF: "PDF", DOCX: "DOCX", ODT: "ODT", PNG: "PNG", JPEG: "JPEG"}  # as people call them

MOST_BYTES = 10 * 2**20

Told = Literal["authors", "comments", "changes"]  # what a document may tell besides its text

# Each reads well after “example.pdf: ”.
REASONS = {
    "type": N_("this is none of the files that can be attached: PDF, DOCX, ODT, PNG and JPEG."),
    "mismatch": N_("its name says another type than its content has. Please name it as what it is."),
    "empty": N_("this file is empty."),
    "large": N_("this file is larger than 10 MB, which is the most."),
    "broken": N_("this file is damaged and cannot be read. Please save it anew and try again."),
    "bomb": N_("this file becomes far too large when it is opened. Please make a smaller one."),
    "pixels": N_("this picture has more than 50 million pixels, which is the most. Please make it smaller."),
    "heavy": N_("it takes too long to check this file. Please save a simpler one."),
    "locked": N_("this file is locked with a password or encrypted. Please save it without."),
    "macros": N_("this file holds macros or scripts. Please save it without them."),
    "active": N_("this PDF holds scripts or other files. Please print it to a new PDF and attach that."),
    "left": N_("what it says about its authors cannot all be removed. Please copy the text into a new document."),
    "fields": N_("it has a field that shows an author or a file name. Please delete that field, or write it as text."),
    "links": N_("it refers to files on somebody’s computer, which could tell who made it. Please remove these links."),
    "parts": N_("it holds objects that cannot be cleaned, such as charts, tables or signatures. Please remove them."),
    "pictures": N_("it holds pictures that cannot be cleaned. Please put them in as PNG or JPEG."),
    "form": N_("this PDF is a form, and what is filled in would be lost. Please print it to a new PDF."),
    "layers": N_("this PDF has layers, and hidden ones would be shown. Please print it to a new PDF."),
}


class Refused(Exception):
    """A file that cannot be taken; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file as it can be stored, and what its author should know that it tells."""

    type: str
    content: bytes
    tells: tuple[str, ...] = ()


def family_of(content: bytes) -> Literal["pdf", "png", "jpeg", "zip"]:
    """The family that a file's first bytes name. Raises Refused for any other."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    raise Refused("type" if content else "empty")
