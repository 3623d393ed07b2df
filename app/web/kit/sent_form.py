"""The form that came with a request: read once, within limits, and kept, so that whatever refuses it gives it back."""

from contextlib import suppress

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app import errors
from app.language import gettext as _

FIELDS = 200
LONGEST = 1_000_000  # characters of one field
_WHOLE = 2_000_000  # bytes
# With files; twice what can be taken, so that too large a file is refused without losing the text. Whose session has
# ended meanwhile finds the text as a draft.
_OF_SOMEBODY, _OF_STRANGERS = 110_000_000, 55_000_000
_DIGITS = 12  # that a length may have, or zeros before it would make it look small
# Of any form of ours: for who gives one back without knowing which it is.
_MOST_FIELDS, _MOST_FILES = 5_000, 20


async def read(
    request: Request, *, fields: int = FIELDS, files: int = 0, longest: int = LONGEST, known: bool = False
) -> FormData:
    """The form; `known` is whether somebody is signed in, and may send more than a stranger.

    Raises TooLarge, and Malformed for what no form of ours sends: more files than that, or no word on its length.
    """
    request.state.sent = None  # what was begun cannot be read again
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    if len(length) > _DIGITS or int(length) > _most(request, files, known):
        raise errors.TooLarge(
            _(
                "This is larger than anything that can be sent here, so it was not read and cannot be shown. To find "
                "what you wrote, go back in your browser; then send less at once."
            )
        )
    form = await request.form(max_files=files, max_fields=fields, max_part_size=max(longest, _WHOLE))
    request.state.sent = form
    if any(isinstance(value, str) and len(value) > longest for _name, value in form.multi_items()):
        raise errors.TooLarge(_("This is larger than any text that can be sent here."))
    return form


async def to_give_back(request: Request) -> FormData:
    """What was sent, read now if that was not tried yet: it may have failed before. Empty where it cannot be read."""
    if request.method == "POST" and not hasattr(request.state, "sent"):
        # RuntimeError: what nobody foresaw is answered outside of the application, where nothing can be read.
        with suppress(errors.PlenaryError, HTTPException, ClientDisconnect, RuntimeError):
            await read(request, fields=_MOST_FIELDS, files=_MOST_FILES)
    return getattr(request.state, "sent", None) or FormData()


async def rewind(request: Request) -> None:
    """Let the files of a form that was read be read again, from where they begin."""
    for file in (getattr(request.state, "sent", None) or FormData()).values():
        if isinstance(file, UploadFile):
            await file.seek(0)


def _most(request: Request, files: int, known: bool) -> int:
    """How many bytes the whole may have."""
    given = request.headers.get("content-type", "")
    if not files or not given.startswith("multipart/form-data"):
        return _WHOLE
    return _OF_SOMEBODY if known else _OF_STRANGERS
