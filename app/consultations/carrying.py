"""Translations go where their texts go: when a list is put in another order, or a topic gets another short name."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from app.consultations.definition import Definition
from app.consultations.drafting import written
from app.consultations.translations import texts_by_place

_NUMBER = re.compile(r"(?<=\.)\d+(?=\.|$)")
_FIELDS = ("title", "background")  # of topics; any other name beneath one is a question's key


def all_carried(before: Definition, raw: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The translations of a definition in all languages, for the fields that it is to have (`raw`)."""
    were, are = texts_by_place(written(before)), texts_by_place(raw)
    moved = {tag: carried(said, were, are) for tag, said in before.translations.items()}
    return {tag: said for tag, said in moved.items() if said}


def carried(said: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The translations of one language for the texts `after`, from those for the texts `before` (each by its place).

    A text that stands elsewhere takes its translation along; one that was reworded where it is keeps it; one that is
    gone loses it.
    """
    moved: dict[str, str] = {}
    standing = {place for place, text in before.items() if after.get(place) == text}
    elsewhere: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place, text in after.items():
        if place not in standing:
            elsewhere[_shape(place), text].append(place)
    reworded = []
    for place, translation in said.items():
        targets = elsewhere.get((_shape(place), before.get(place, "")), [])
        if place in standing:
            moved[place] = translation
        elif targets:
            moved[targets.pop(0)] = translation
        else:
            reworded.append(place)
    for place in reworded:
        if place in after and place not in moved and after[place] not in before.values():
            moved[place] = said[place]
    return moved


def _shape(place: str) -> str:
    """What places of one list have in common."""
    parts = place.split(".")
    if parts[0] == "topics" and len(parts) == 3:
        return f"topics.*.{parts[2] if parts[2] in _FIELDS else '*'}"
    return _NUMBER.sub("*", place)
