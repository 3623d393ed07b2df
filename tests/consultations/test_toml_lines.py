"""Finding the line of a mistake costs little, however a file is written."""

import tomllib

import pytest

from app.consultations.definition import parse
from app.errors import Invalid


@pytest.mark.parametrize(
    ("after", "where"),
    [("", "line 2"), ("'''\ntitel = 1\n", "line 2, titel")],
    ids=["one that never ends", "another mistake after it"],
)
def test_a_text_of_thousands_of_lines_is_not_read_again_for_each(
    after: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads, read = tomllib.loads, 0

    def counted(text: str) -> object:
        nonlocal read
        read += len(text)
        return loads(text)

    text = "slug = 'food'\npurpose = '''\n" + "This goes on.\n" * 2_000 + after
    monkeypatch.setattr(tomllib, "loads", counted)
    with pytest.raises(Invalid) as caught:
        parse(text)
    assert where in caught.value.fields
    assert read < 6_000_000
