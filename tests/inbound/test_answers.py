"""Several answers in one mail, told apart by the guiding questions that it quotes."""

from typing import Any

import pytest

from app.inbound.answers import Asked, split
from app.inbound.parsing import read
from tests.inbound.messages import MARKERS, name, raw, those


@pytest.mark.parametrize("expected", those("questions"), ids=name)
def test_answers_are_told_apart(expected: dict[str, Any]) -> None:
    questions = [Asked(**question) for question in expected["questions"]]
    found = split(read(raw(expected)).text, questions, MARKERS)
    assert [{"keys": list(answer.keys), "text": answer.text} for answer in found.answers] == expected["answers"]
    assert found.sure == expected["answers_sure"]


def test_ordinary_replies_are_no_answers() -> None:
    questions = [
        Asked("inclusion.a", "a", "How can newcomers be included?"),
        Asked("inclusion.b", "b", "And violence?"),
    ]
    texts = {expected["file"]: read(raw(expected)).text for expected in those("why")}
    assert [file for file, text in texts.items() if split(text, questions, MARKERS).answers] == []


def test_what_may_belong_elsewhere_is_said_to_be_unsure() -> None:
    questions = [Asked("a", "a", "How can newcomers be included?"), Asked("b", "b", "What reduces violence?")]
    twice = "> a) How can newcomers be included?\nBy asking.\n> a) How can newcomers be included?\nBy asking again."
    strange = "> a) How can newcomers be included?\nBy asking.\n> somebody else said this\nWe agree."
    before = f"{'A text of its own. ' * 20}\n> a) How can newcomers be included?\nBy asking."
    for text in (twice, strange, before):
        found = split(text, questions)
        assert found.answers and not found.sure, text
    assert "A text of its own." in split(before, questions).answers[0].text
    assert split(f"> a) {'e' + chr(0x301) * 100}\nx", questions).answers == ()
