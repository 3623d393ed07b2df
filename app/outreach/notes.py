"""The concept note that goes with an invitation: one document, cleaned of what tells who made it."""

from dataclasses import dataclass

from app import errors
from app.files.kinds import DOCX, ODT, PDF, REASONS, Cleaned, Refused
from app.files.uploads import Upload, name_of
from app.language import gettext as _

MOST_BYTES = 5 * 2**20  # a third more in a mail, of which many servers take ten million bytes at most


@dataclass(frozen=True, slots=True)
class Note:
    """The document as it is mailed."""

    name: str
    type: str
    content: bytes


def note_of(upload: Upload) -> Note:
    """The note of an uploaded file. Raises Invalid with the reason why it cannot be taken."""
    try:
        clean = _clean(upload)
        name = name_of(upload.name, clean.type)
    except Refused as refused:
        why = _(REASONS[refused.reason])
        raise errors.Invalid({"note": _("“%(name)s”: %(why)s", name=upload.name[:100], why=why)}) from None
    if clean.type not in (PDF, DOCX, ODT):
        raise errors.Invalid({"note": _("The note has to be a document: PDF, DOCX or ODT.")})
    if len(clean.content) > MOST_BYTES:
        raise errors.Invalid({"note": _("The note is larger than 5 MB, which is the most that goes well with a mail.")})
    return Note(name, clean.type, clean.content)


def _clean(upload: Upload) -> Cleaned:
    """As it is, where it tells nothing but its text; else without comments, changes and authors. Raises Refused."""
    full = upload.cleaned(withheld=False)
    return upload.cleaned(withheld=True) if full.tells else full
