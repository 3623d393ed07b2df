"""What people write: cleaned, rendered without danger, compared readably."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import text
from app.readings.discussion.differences import difference
from tests.blanks import BLANKS, JOINED

HOSTILE = Path(__file__).parents[2] / "shared/data/hostile/hostile_dev.jsonl"


@pytest.mark.parametrize(
    ("given_tag", "stored"),
    [("EN", "en"), ("zh-hant-tw", "zh-Hant-TW"), ("fil", "fil"), ("pt-br", "pt-BR"), ("es-419", "es-419"),
     (" ar ", "ar"), ("de-1996", "de-1996"), ("en-x-house", "en-x-house"), ("zh-YUE-hk", "zh-yue-HK"),
     ("de-u-co-phonebk", "de-u-co-phonebk"), ("x-Kitchen", "x-kitchen"), ("i-klingon", "i-klingon"),
     ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"), ("sgn-BE-FR", "sgn-be-fr"), ("mul", "mul"), ("qaa", "qaa")],
)  # fmt: skip
def test_language_tags_get_their_usual_form(given_tag: str, stored: str) -> None:
    assert text.language_tag(given_tag) == stored


@pytest.mark.parametrize(
    "tag",
    ["", "e", "english!", "en_GB", "en-", "-en", "x" * 40, "en-x", "١٢", "i-nothing", "x", "de-u", "en-a-b", "tagalog"],
)
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


@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
def test_where_nothing_can_be_seen_there_is_no_text(blank: str) -> None:
    assert text.line(blank) == text.paragraphs(blank) == text.visible(blank) == ""


@pytest.mark.parametrize("word", JOINED)
def test_what_is_not_seen_stays_where_writing_needs_it(word: str) -> None:
    assert text.paragraphs(f" {word}\n") == word
    assert text.line(word) == word
    assert 0 < len(text.visible(word)) < len(word)


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
    parts = difference(old, new)
    assert "".join(words for kind, words in parts if kind != "added") == old
    assert "".join(words for kind, words in parts if kind != "removed") == new


def test_an_excerpt_is_short_and_plain() -> None:
    source = "## Title\n\n* **One** [two](https://example.org) `three` " + "word " * 100
    short = text.excerpt(source, 60)
    assert short.startswith("Title One two three word") and short.endswith("…") and len(short) <= 60


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("_One_ two_three __four__ five_", "One two_three four five"), ("**a** ~~b~~ `c` \\* d", "a b c d"),
        ("> 1. a\n- b\n* _c_", "1. a b c"), ("__a__b _", "a__b"),
    ],
)  # fmt: skip
def test_an_excerpt_has_no_marks_of_emphasis(source: str, plain: str) -> None:
    assert text.excerpt(source) == plain


@pytest.mark.parametrize(
    ("old", "new"),
    [("a " * 990, "a b " * 490), (" ".join("abcdefgh"[n * n % 8] for n in range(990)), "b a " * 5_000)],
)
def test_no_two_texts_take_long_to_compare(old: str, new: str) -> None:
    began = time.process_time()
    parts = difference(old, new)
    assert time.process_time() - began < 1
    assert "".join(words for kind, words in parts if kind != "added") == old
    assert "".join(words for kind, words in parts if kind != "removed") == new


def test_a_difference_is_readable() -> None:
    parts = difference("the cat sat on the mat", "the dog sat on the mat today")
    assert parts == [
        ("same", "the "), ("removed", "cat"), ("added", "dog"), ("same", " sat on the mat"), ("added", " today")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "<http://" * 2_500,
        "a|b\n-|-\n" + "|\n" * 9_990,
        "|x" * 1_000 + "\n" + "|-" * 1_000 + "\n" + "|a\n" * 5_300,
        ("|x" * 20 + "\n" + "|-" * 20 + "\n" + "|\n" * 90 + "\n") * 70,
        "[" * 20_000,
        "![" * 10_000,
    ],
)
def test_no_text_takes_long_to_set_or_swells(source: str) -> None:
    began = time.process_time()
    html = text.markdown(source[:20_000])
    assert time.process_time() - began < 1
    assert len(html) < 200_000


def test_tables_and_addresses_are_set() -> None:
    html = text.markdown("|a|b|\n|-|-|\n|1|2|\n\nsee https://example.org/a_b_c, " + "word " * 1_000 + "www.example.org")
    assert html.count("<td") == 2
    assert 'href="https://example.org/a_b_c"' in html and 'href="http://www.example.org"' in html


@pytest.mark.parametrize("clean", [text.line, text.paragraphs])
def test_marks_do_not_pile_up(clean: Callable[[str], str]) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match="marks on one letter"):
        clean("a" + "\u0301\u0327" * 250_000)
    assert time.process_time() - began < 1
    assert clean("Vie\u0323\u0302t Nam") == "Việt Nam"


@pytest.mark.parametrize(("source", "said"), [("كما في #42.", "\u200e#42"), ("As in #42.", "#42")])
def test_a_number_reads_from_the_left_among_arabic_letters(source: str, said: str) -> None:
    assert f">{said}</a>" in text.markdown(source, "/c/x", {42})
