"""The states of a contribution in words, for the sentences that say why something cannot be done."""

from app.language import gettext as _
from app.language import gettext_noop as N_

_WORDS = {
    "draft": N_("a draft"),
    "pending": N_("pending"),
    "published": N_("published"),
    "rejected": N_("rejected"),
    "hidden": N_("hidden"),
    "withdrawn": N_("withdrawn"),
    "merged": N_("merged"),
    "erased": N_("erased"),
}


def in_words(status: str) -> str:
    """`hidden`, `withdrawn`, …: what a contribution is, after “This contribution is”."""
    return _(_WORDS[status])
