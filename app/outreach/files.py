"""Lists that come as a file: bytes made text, or a sentence that says how to save the file otherwise."""

import codecs

from app import errors
from app.language import gettext as _

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # of today, and of twenty years ago


def decoded(content: bytes) -> str:
    """The text of a CSV or text file, in UTF-8 or, where it says so itself, UTF-16. Raises Invalid."""
    if content.startswith(_SPREADSHEETS):
        raise errors.Invalid({"file": _("This is a spreadsheet. Please save it as “CSV UTF-8” and choose that file.")})
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise errors.Invalid(
            {
                "file": _(
                    "Line %(line)s of this file is not in UTF-8. Please save it as “CSV UTF-8”, or paste the list.",
                    line=line,
                )
            }
        ) from None
