"""Answers to several guiding questions in one mail: told apart by the questions that the mail quotes."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.inbound.lines import is_blank, is_quoted, marker_at, unquoted
from app.inbound.reply_headers import first_header
from app.inbound.signatures import without_signature
from app.text import is_writing

_LABEL = re.compile(r"\s*[(（\[]?\s*([^\W_]{1,8})\s*(?:[)）\].:：、．]|[-–—](?=\s))\s*")
_LEAST = 15  # letters of a question that somebody has shortened; Chinese says it in half
_LONGEST_BEFORE = 200  # characters of a greeting; more is a text of its own
_LONGEST, _MOST_LINES, _MOST_ON_ONE = 200_000, 5_000, 12


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
    """The answers in the mail's order; none where it answers no question that it quotes.

    Where it is not `sure`, something may belong elsewhere than it was put: ask the sender, or take the text as one.
    """

    answers: tuple[Answer, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A question found in lines `start` to `end` (not included); `rest` was written on its last line, after it."""

    key: str
    start: int
    end: int
    rest: str


def split(text: str, questions: Sequence[Asked], markers: Iterable[str] = ()) -> Split:
    """Takes the whole text of a `Mail`, before `trim`, and the marker lines. Raises nothing."""
    lines = text.split("\n")
    if len(text) > _LONGEST or len(lines) > _MOST_LINES or not is_writing(text):
        return Split((), sure=False)
    lines, known = _without_history(lines, markers)
    places = list(_places(lines, questions))
    if not places:
        return Split((), sure=_labels_without_questions(lines, questions) < 2)
    groups = list(_groups(lines, places))
    before = "\n".join(_own(lines[: places[0].start])).strip()
    answered = [(keys, said) for keys, said in groups if said]
    if not answered:
        return Split((), sure=True)
    first_keys, first_said = answered[0]
    answers = [(first_keys, f"{before}\n\n{first_said}".strip()), *answered[1:]]
    keys = [key for group, _said in answers for key in group]
    strange = not known and any(is_quoted(line) for line in _between(lines, places))
    sure = len(before) <= _LONGEST_BEFORE and len(keys) == len(answers) == len(set(keys)) and not strange
    return Split(tuple(Answer(tuple(dict.fromkeys(keys)), said) for keys, said in answers), sure)


def _without_history(lines: list[str], markers: Iterable[str]) -> tuple[list[str], bool]:
    """The lines without those that mail programs and we put there; and whether a program showed that it quoted."""
    header, marker = first_header(lines), marker_at(lines, markers)
    if marker is not None:
        lines = [line for at, line in enumerate(lines) if at != marker]
    if header is None or (marker is not None and marker < header.start):
        return lines, marker is not None
    if any(is_quoted(line) for line in lines[header.end :]):
        return lines[: header.start] + lines[header.end :], True
    return lines[: header.start], True


def _places(lines: Sequence[str], questions: Sequence[Asked]) -> Iterable[_Place]:
    at = 0
    while at < len(lines):
        found = next(filter(None, (_place(lines, at, question) for question in questions)), None)
        if found:
            yield found
        at = found.end if found else at + 1


def _place(lines: Sequence[str], at: int, question: Asked) -> _Place | None:
    """The question, if it begins on this line: its label with its first words, or its words alone."""
    line = unquoted(lines[at])
    label = _LABEL.match(line)
    labelled = label is not None and _same(label[1], question.label)
    wanted, said = _letters(question.text), _letters(line[label.end() :] if label and labelled else line)
    if labelled and not said and is_quoted(lines[at]):
        return _Place(question.key, at, at + 1, "")
    end = at + 1
    while said and len(said) < len(wanted) and wanted.startswith(said) and end < min(at + _MOST_ON_ONE, len(lines)):
        more = _letters(unquoted(lines[end]))
        if not more or not (wanted.startswith(said + more) or (said + more).startswith(wanted)):
            break
        said, end = said + more, end + 1
    if said.startswith(wanted) and wanted:
        return _Place(question.key, at, end, _rest(lines[end - 1], len(said) - len(wanted)))
    enough = min(len(wanted), _LEAST if said.isascii() else _LEAST // 2)
    return _Place(question.key, at, end, "") if labelled and wanted.startswith(said) and len(said) >= enough else None


def _rest(line: str, letters: int) -> str:
    """The end of a line that holds so many letters, with the marks between them."""
    at = len(line)
    while letters and at:
        at -= 1
        letters -= len(_letters(line[at]))
    return line[at:].strip()


def _groups(lines: Sequence[str], places: Sequence[_Place]) -> Iterable[tuple[tuple[str, ...], str]]:
    """Keys of questions that nothing stands between, and what stands beneath the last of them."""
    keys: tuple[str, ...] = ()
    ends = [place.start for place in places[1:]] + [len(lines)]
    for place, end in zip(places, ends, strict=True):
        beneath = _own(lines[place.end : end])
        if end == len(lines):
            beneath = without_signature(beneath)[0]
        said = "\n".join([place.rest, *beneath]).strip()
        keys = (*keys, place.key)
        if said:
            yield keys, said
            keys = ()


def _own(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not is_quoted(line)]


def _between(lines: Sequence[str], places: Sequence[_Place]) -> list[str]:
    """Lines from the first question on that are no question's."""
    questions = {at for place in places for at in range(place.start, place.end)}
    return [line for at, line in enumerate(lines) if at > places[0].start and at not in questions]


def _labels_without_questions(lines: Sequence[str], questions: Sequence[Asked]) -> int:
    """How many questions' labels begin a line: perhaps answers, to questions that are not quoted."""
    labels = {match[1] for line in lines if not is_blank(line) and (match := _LABEL.match(unquoted(line)))}
    return sum(any(_same(label, question.label) for label in labels) for question in questions)


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _letters(words: str) -> str:
    """What two ways to write the same have in common: letters and digits, without case, marks and width."""
    return "".join(each for each in unicodedata.normalize("NFKD", words).casefold() if each.isalnum())
