"""Lines at the top of a mail, and commands: understood as our mails name them, in each language; all else is text."""

import re

import pytest

from app.inbound.opening import Opening, read_answer, read_command, read_opening
from app.inbound.telling import telling
from app.language import LANGUAGES, translator
from app.language import gettext_noop as N_

_BYLINES = N_(
    "Or answer this mail with one of these lines: “Byline: full”, “Byline: organisation”, “Byline: anonymous”."
)
_COMMANDS = N_("This address takes two things in the subject: EDIT 42 with a new text, and WITHDRAW 42. The number is "
               "that of your contribution.")  # fmt: skip
_YES = N_("Or answer this mail with the one word YES.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_our_mails_ask_for_is_understood_as_they_say_it(language: str) -> None:
    say = translator(language)
    lines = re.findall(r"[“«](?:\xa0|\s)?([^”»“«]+?)(?:\xa0|\s)?[”»]", say(_BYLINES))
    assert [read_opening(f"{line}\n\nText.") for line in lines] == [
        Opening("Text.", byline=byline) for byline in ("full", "organisation", "anonymous")
    ]
    named = re.findall(r"(\w+) 42", say(_COMMANDS))
    commands = [read_command(f"Re: {name} 42", "New text.") for name in named]
    assert [(each.verb, each.number, each.rest) for each in commands if each] == [
        ("edit", 42, "New text."), ("withdraw", 42, "New text.")
    ]  # fmt: skip
    assert read_answer(re.split(r"[:：\s]", say(_YES).rstrip("."))[-1]) is True


@pytest.mark.parametrize(
    "text",
    ["Proposal: more buses", "Type: we need all", "Byline: somebody", "Kind regards", "http://example.org/x", ""],
)
def test_what_only_looks_like_such_a_line_stays(text: str) -> None:
    assert read_opening(f"{text}\nMore.").rest.strip() == f"{text}\nMore.".strip()


def test_commands_name_a_text_and_nothing_else() -> None:
    edit = read_command("", "EDIT mayoral-forum-2016/7\nAll new.")
    assert edit is not None and (edit.consultation, edit.number, edit.rest) == ("mayoral-forum-2016", 7, "All new.")
    for subject in ("Edit 42 pages", "I withdraw 3 points", "EDIT", "42", "EDIT 99999999999", "Re: Re: withdrawal 3"):
        assert read_command(subject, "Text.") is None


def test_what_tells_who_wrote_is_found_and_what_does_not_is_left() -> None:
    names = ["José Álvarez", "张伟"]
    assert telling("Yours, JOSE ALVAREZ", names) == ("José Álvarez",)
    assert telling("Signed: Alvarez.", names) == ("Álvarez",)
    assert telling("我是张伟。", names) == ("张伟",)
    assert telling("Call 0044 20 7946 0018 or (020) 7946-0018.", []) == ("0044 20 7946 0018", "(020) 7946-0018")
    assert telling("In 2016-09-30 some 12,000,000 people; 1 200 000 euros; article 04.5.", names) == ()
    assert telling("The Sample Network says so.", [], "Sample network") == ("Sample network",)
