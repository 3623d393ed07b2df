"""What people write: cleaned, rendered without danger, compared readably."""

import json
from pathlib import Path

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import text

HOSTILE = Path(__file__).parents[2] / "shared/data/hostile/hostile_dev.jsonl"


@pytest.mark.parametrize(
    ("given_tag", "stored"),
    [("EN", "en"), ("zh-hant-tw", "zh-Hant-TW"), ("fil", "fil"), ("pt-br", "pt-BR"), ("es-419", "es-419"),
     (" ar ", "ar"),      ("de-1996", "de-1996"), ("en-x-house", "en-x-house")],
)  # fmt: skip
def test_language_tags_get_their_usual_form(given_tag: str, stored: str) -> None:
    assert text.language_tag(given_tag) == stored


@pytest.mark.parametrize("tag", ["", "e", "english!", "en_GB", "en-", "-en", "x" * 40, "en-x", "١٢"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="language tag"):
        text.language_tag(tag)


def test_directions() -> None:
    assert [text.direction(tag) for tag in ("ar", "ar-EG", "fa", "he", "uz-Arab", "en", "zh-Hans", "fil")] == [
        *["rtl"] * 5, *["ltr"] * 3,
    ]  # fmt: skip


@given(st.text())
def test_a_cleaned_text_is_clean(value: str) -> None:
    try:
        once, one_line = text.paragraphs(value), text.line(value)
    except ValueError:
        assert "\0" in value or any("\ud800" <= character <= "\udfff" for character in value)
        return
    assert text.paragraphs(once) == once
    assert text.line(one_line) == one_line
    assert "\n" not in one_line and "\u202e" not in one_line and "\r" not in once


@given(st.text(max_size=300))
def test_rendering_lets_nothing_dangerous_through(source: str) -> None:
    html = text.markdown(source)
    allowed = nh3.clean(html, tags=text._TAGS, attributes={"*": {"dir"}, "a": {"href", "title"}, "ol": {"start"}},
                        link_rel="nofollow ugc noopener noreferrer")  # fmt: skip
    assert html == allowed


def test_hostile_strings_become_harmless() -> None:
    if not HOSTILE.exists():
        pytest.skip("the collection of hostile strings is not here")
    for row in map(json.loads, HOSTILE.read_text().strip().split("\n")):
        try:
            html = text.markdown(text.paragraphs(row["payload"])).lower()
        except ValueError:
            continue
        for danger in (
            "<script",
            "<iframe",
            "<img",
            "<svg",
            "<style",
            "<object",
            "<form",
            '<a href="javascript',
            '<a href="data',
        ):
            assert danger not in html, row["id"]


def test_markdown_is_quiet_and_asks_nobody() -> None:
    html = text.markdown("# Big\n\n![pixel](https://example.org/p.png)\n\nSee https://example.org/x")
    assert '<h4 dir="auto">Big</h4>' in html and "<img" not in html
    assert html.count('rel="nofollow ugc noopener noreferrer"') == 2


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_a_difference_tells_both_texts(old: str, new: str) -> None:
    parts = text.difference(old, new)
    assert "".join(words for kind, words in parts if kind != "added") == old
    assert "".join(words for kind, words in parts if kind != "removed") == new


def test_an_excerpt_is_short_and_plain() -> None:
    source = "## Title\n\n* **One** [two](https://example.org) `three` " + "word " * 100
    short = text.excerpt(source, 60)
    assert short.startswith("Title One two three word") and short.endswith("…") and len(short) <= 60
