"""The sections of a report's words, and how far each is translated.

A section is a field of the form: `title`, `summary`, `method`, `results.inclusion.a`, `reason`. That one is done is
said of the original's words at that moment: when these change, it is no longer done.
"""

import hashlib
from collections.abc import Mapping
from typing import Literal, Protocol

State = Literal["missing", "begun", "done", "changed"]
RESULTS = "results."


class Words(Protocol):
    """What has sections: words as given, a version, or its words in another language."""

    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def results(self) -> Mapping[str, str]: ...
    @property
    def reason(self) -> str: ...


def sections(words: Words) -> dict[str, str]:
    """What is written in each section, in their order; those without words are left out."""
    found = {name: getattr(words, name) for name in ("title", "summary", "method")}
    found |= {f"{RESULTS}{key}": body for key, body in words.results.items()}
    found["reason"] = words.reason
    return {name: body for name, body in found.items() if body}


def states(original: Words, translated: Words, done: Mapping[str, str]) -> dict[str, State]:
    """How far each section of the original is, in another language."""
    said = sections(translated)
    return {name: _state(body, said.get(name, ""), done.get(name)) for name, body in sections(original).items()}


def is_complete(found: Mapping[str, State]) -> bool:
    """Whether every section is done."""
    return all(state == "done" for state in found.values())


def mark_of(body: str) -> str:
    """A short mark of some words: a form tells by it which words it showed."""
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _state(original: str, said: str, done: str | None) -> State:
    if not said:
        return "missing"
    if done is None:
        return "begun"
    return "done" if done == original else "changed"
