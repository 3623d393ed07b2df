"""The form of an answer, which organisers and institutions fill in alike: its words, and at most one file."""

from dataclasses import replace

from starlette.datastructures import FormData

from app import errors
from app.language import gettext as _
from app.synthesis.responding import Answer
from app.web.discussion.attachments import chosen_in, cleaned

_FIELDS = ("answer", "words", "received", "language", "document")


def words_in(sent: FormData) -> Answer:
    """All but the file: so the form comes back."""
    answer, words, received, language, document = (str(sent.get(name, "")) for name in _FIELDS)
    return Answer(answer, words, received, language, document, bare=sent.get("bare") == "1")


async def answer_in(sent: FormData) -> Answer:
    """All of it, with its file, of a sender whose limit on files was counted. Raises Invalid for several files."""
    chosen = chosen_in(sent)
    if len(chosen) > 1:
        raise errors.Invalid({"files": _("One file goes with an answer: please choose one.")})
    files = await cleaned(chosen)
    return replace(words_in(sent), file=files[0] if files else None)
