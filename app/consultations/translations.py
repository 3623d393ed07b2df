"""What organisers wrote, in other languages: each text by its place, such as `title` or `topics.inclusion.title`.

In lists a place is a number from 1, of rules the rule's own number; of a topic its slug, of a question its key, of a
phase's note the phase.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app import text

Said = Mapping[str, str]  # place → text
MARKDOWN = ("purpose", "background", "expected_outcome", "how_input_is_used")  # and the backgrounds of topics
HTML = "_html"
_NOT_TEXT = ("translations", "topics", "phases", "screening", "hoped_for", "languages", "sample", "slug", "time_zone")


def flattened(given: object) -> object:
    """Tables in tables as one table, their names joined by dots. What is no table is left for others to refuse."""
    return dict(_flat(given, "")) if isinstance(given, dict) else given


def places(definition: Mapping[str, Any]) -> set[str]:
    """Every place of a definition file at which there is a text to translate."""
    return set(texts_by_place(definition))


def texts_by_place(definition: Mapping[str, Any]) -> dict[str, str]:
    """Every text of a definition file that can be translated, by its place, in the order of the file."""
    found = dict(texts({k: v for k, v in definition.items() if k not in _NOT_TEXT}))
    for topic in _tables(definition.get("topics")):
        its = f"topics.{topic.get('slug')}"
        found |= {f"{its}.{name}": topic.get(name, "") for name in ("title", "background")}
        found |= {f"{its}.{each.get('key')}": each.get("text", "") for each in _tables(topic.get("questions"))}
    notes = (phase for phase in _tables(definition.get("phases")) if phase.get("note") is not None)
    return found | {f"phases.{phase.get('name')}": phase["note"] for phase in notes}


def texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a tree of tables and lists, with its place."""
    if isinstance(value, str):
        yield place, value
    for name, each in _parts(value):
        yield from texts(each, f"{place}.{name}" if place else name)


def overlaid(value: Any, said: Said) -> Any:
    """The same tree with the texts that are said otherwise."""
    return resaid(value, said.get)


def resaid(value: Any, say: Callable[[str, str], str], place: str = "") -> Any:
    """The same tree with each text as `say` says the text of a place."""
    if isinstance(value, str):
        return say(place, value)
    if isinstance(value, dict):
        return {name: resaid(each, say, f"{place}.{name}" if place else name) for name, each in value.items()}
    if isinstance(value, list):
        return [resaid(each, say, f"{place}.{name}") for name, each in _parts(value)]
    return value


def rendered(said: Said) -> dict[str, str]:
    """The texts, with the HTML of those that are Markdown beside them."""
    html = {
        f"{place}{HTML}": text.markdown(source)
        for place, source in said.items()
        if place in MARKDOWN or (place.startswith("topics.") and place.endswith(".background"))
    }
    return {**said, **html}


def _flat(table: Mapping[str, Any], place: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{place}{name}.")
        else:
            yield f"{place}{name}", value


def _parts(value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        for index, each in enumerate(value, 1):
            yield str(each.get("number", index) if isinstance(each, dict) else index), each


def _tables(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
