"""Languages as lists name them: by a tag, or by a name in any of the six languages of the interface."""

import re
from functools import lru_cache

from app.language import LANGUAGES, OWN_NAMES, meant
from app.language import gettext as _

_TAG = re.compile(r"[a-z]{2,3}([-_][a-z0-9]+)*", re.IGNORECASE)


def language(said: str) -> str:
    """Which of the six languages is meant; empty where nothing is said. Raises ValueError for any other."""
    if not said:
        return ""
    tag = _tag_of(said)
    if tag is None or meant(tag) is None:
        six = ", ".join(f"{each} ({OWN_NAMES[each]})" for each in LANGUAGES)
        raise ValueError(
            _("“%(said)s” is none of the languages that we can write in: %(six)s.", said=said[:40], six=six)
        )
    return str(meant(tag))


def is_language(said: str) -> bool:
    """Whether this names any language at all, one of the six or another."""
    return _tag_of(said) is not None


def _tag_of(said: str) -> str | None:
    """The tag of a language by its tag or name. Three capital letters are rather an organisation: ILO, Iloko (ilo)."""
    named = _names().get(said.casefold())
    if named is not None:
        return named
    primary = re.split("[-_]", said)[0]
    known = _TAG.fullmatch(said) and primary.lower() in _tags() and (len(primary) == 2 or primary.islower())
    return said.replace("_", "-").lower() if known else None


@lru_cache
def _names() -> dict[str, str]:
    from babel import Locale

    ours = {name.casefold(): tag for tag, name in OWN_NAMES.items()}
    return {
        name.casefold(): tag.replace("_", "-")
        for each in reversed(LANGUAGES)
        for tag, name in Locale.parse(each).languages.items()
    } | ours


@lru_cache
def _tags() -> frozenset[str]:
    from babel import Locale

    return frozenset(Locale.parse("en").languages)
