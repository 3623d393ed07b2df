"""Answers to several guiding questions in one mail: told apart by the questions that the mail quotes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A guiding question as a mail shows it: its key, its label (`a` or `1`) and its text in that mail's language."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was written beneath one question, or beneath several that stand together."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """The answers in the mail's order; none where it quotes no question. Not `sure`: ask the sender, take it as one."""

    answers: tuple[Answer, ...]
    sure: bool


def split(text: str, questions: Sequence[Asked], markers: Iterable[str] = ()) -> Split:
    """Takes the whole text of a `Mail`, before `trim`. Raises nothing."""
    keys = tuple(each.key for each in questions if each.text in text and each.text not in markers)
    return Split((), sure=not keys)
