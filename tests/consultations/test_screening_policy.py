"""What a definition file says of automatic checks."""

import pytest

from app.consultations.definition import Screening, parse
from tests.consultations.test_definition import EXAMPLE, mistakes


@pytest.mark.parametrize(
    ("lines", "field", "why"),
    [
        ("first_waits = 1", "screening.first_waits", "must be true or false"),
        ("most_links = -1", "screening.most_links", "must be 0 or more"),
        ("most_link = 3", "screening.most_link", "did you mean most_links"),
        ("words = []", "screening.words", "must be a table"),
        ('[screening.words]\nenglish-x1-y = ["a"]', "screening.words.english-x1-y", "language tag"),
        ('[screening.words]\nen = ["good", "!"]', "screening.words.en[2]", "a letter or a digit"),
        ('[screening.words]\nen = ["a"]\nEN = ["b"]', "screening.words.EN", "is listed twice"),
    ],
)
def test_mistakes_about_screening_are_told_with_their_line(lines: str, field: str, why: str) -> None:
    text = EXAMPLE + f"\n[screening]\n{lines}\n"
    [(where, sentence)] = mistakes(text).items()
    assert where == f"line {text.rstrip().count(chr(10)) + 1}, {field}"
    assert why in sentence


def test_what_is_screened_for_is_not_for_the_public() -> None:
    definition = parse(EXAMPLE + '\n[screening]\nfirst_waits = true\n[screening.words]\n"*" = ["secret"]\n')
    assert definition.screening.words == {"*": ("secret",)} and definition.screening.first_waits
    assert "secret" not in str(definition.details())
    assert parse(EXAMPLE).screening == Screening()
