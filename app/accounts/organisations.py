"""Organisations: who people speak for. There is no list of them anywhere: each person says their own, in a few fields.

Whoever names an organisation is told nothing about it, not even whether somebody named it before: some are at risk.
What two people call by the same name has the same id, so that texts in its name can be brought together: whatever its
case, accents and legal form (`organisation_names.py`).
"""

import unicodedata
from uuid import UUID

from app import text
from app.accounts.organisation_names import matched
from app.accounts.tokens import sealed


def organisation_key(name: str) -> str:
    """What two spellings of a name have in common that differ in case and spaces alone. Empty for what is no name."""
    try:
        words = unicodedata.normalize("NFKC", text.line(name)).casefold().split()
    except ValueError:
        return ""
    return " ".join(filter(None, map(text.visible, words)))


def organisation_id(name: str) -> UUID:
    """The organisation's id, which is public: it tells neither the name nor a time, as a random one (UUIDv4).

    It is made of the name and the server's key rather than kept: to look an organisation up, or to give it another id
    when it comes again after its last account was erased, would tell the one who joins that nobody else had.
    """
    return UUID(bytes=sealed("organisation", matched(name).encode())[:16], version=4)
