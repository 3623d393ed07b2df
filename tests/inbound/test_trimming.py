"""What is left of replies, from the programs and in the ways that people use; and what is never cut."""

from typing import Any

import pytest

from app.inbound.parsing import read
from app.inbound.trimming import Why, trim
from tests.inbound.messages import MARKERS, name, raw, those


@pytest.mark.parametrize("expected", those("why"), ids=name)
def test_the_senders_words_are_left(expected: dict[str, Any]) -> None:
    trimmed = trim(read(raw(expected)).text, MARKERS)
    assert (trimmed.sure, trimmed.why) == (True, Why[expected["why"]])
    if "text" in expected:
        assert trimmed.text == expected["text"]
    assert trimmed.signature.removeprefix("-- ").strip() == expected.get("signature", "")


@pytest.mark.parametrize("expected", those("unsure"), ids=name)
def test_where_it_is_unsure_nothing_is_cut(expected: dict[str, Any]) -> None:
    whole = read(raw(expected)).text
    trimmed = trim(whole, MARKERS)
    assert (trimmed.sure, trimmed.why, trimmed.text) == (False, Why[expected["unsure"]], whole)
    assert all(words in whole for words in expected["holds"])


def test_without_a_marker_it_says_that_it_is_unsure_before_it_cuts_wrongly() -> None:
    """Programs and people lose the line above which one writes."""
    trimmed = {expected["file"]: (trim(read(raw(expected)).text), expected) for expected in those("text")}
    assert {
        file: got.text for file, (got, expected) in trimmed.items() if got.sure and got.text != expected["text"]
    } == {}
    assert sum(got.sure for got, _expected in trimmed.values()) > len(trimmed) * 0.9


def test_a_marker_broken_by_a_program_is_still_one() -> None:
    marker = "##- Write your answer above this line; what is below it is not read. -##"
    for line in (marker, f"> {marker}", f">> {marker[:40]}", f"\u200f*{marker}*", marker.upper(), f"> {marker} more"):
        trimmed = trim(f"Our answer.\n\n{line}\n{'> ' * line.startswith('>')}and the letter", [marker])
        assert (trimmed.text, trimmed.sure) == ("Our answer.", True), line
    assert trim(f"We discussed {marker}", [marker]).text == f"We discussed {marker}"


def test_what_nobody_would_write_is_left_alone() -> None:
    long = "A line.\n" * 6_000
    assert (trim(long).text, trim(long).sure) == (long, False)


@pytest.mark.parametrize(
    "own",
    [
        "Three letters.\n\nSent via registered mail, and never answered.",
        "Nobody came.\n\nEnvoyé de notre village par téléphone.",
        "Nadie vino.\n\nEnviado el escrito desde el pueblo, sin teléfono.",
        "来自手机用户的意见很多。",
        "De : Lyon\nÀ : Paris\nDate : 3 mai\nC’est loin.",
        "First.\n--\nP.S. We also ask that the line be extended to the harbour.",
        "首先。\n--\n我们还要求把公共汽车线路延长到港口，这样老人也能坐车。",
        "On Mondays we meet at 10:15 and write letters.\nThe mayor wrote: no.",
        "> 5,000 people came."[2:],
    ],
)
def test_own_sentences_that_look_like_a_programs_are_kept(own: str) -> None:
    trimmed = trim(own, MARKERS)
    assert (trimmed.text, trimmed.sure, trimmed.signature) == (own, True, "")


def test_a_time_alone_does_not_make_a_letter_out_of_what_follows() -> None:
    own = "On 3 May 2016, 10:15, the mayor wrote:\nnobody is sent away."
    assert trim(own) == trim(own, MARKERS)
    assert (trim(own).text, trim(own).sure) == (own, False)
