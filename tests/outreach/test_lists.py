"""Lists as people paste them: what becomes of each line, and how long ten thousand of them take."""

import time

import pytest

from app import errors
from app.language import speaking
from app.outreach import files, lists, spoken
from app.outreach.lists import Entry


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ("Ana@Sample.Example", [Entry("ana@sample.example")]),
        ("'ana@sample.example' ", [Entry("ana@sample.example")]),
        ("Ana <ana@sample.example>;", [Entry("ana@sample.example", "Ana")]),
        ('"Alva, Ana" <ana@sample.example>', [Entry("ana@sample.example", "Alva, Ana")]),
        ("Alva, Ana <ana@sample.example>", [Entry("ana@sample.example", "Alva, Ana")]),
        ('"ana@sample.example" <ana@sample.example>', [Entry("ana@sample.example")]),
        ("ana@sample.example, Ana, fr, One", [Entry("ana@sample.example", "Ana", "fr", "One")]),
        ("Ana\tana@sample.example\tEspañol\tOne, Two", [Entry("ana@sample.example", "Ana", "es", "One, Two")]),
        ('ana@sample.example;Ana;русский;"One; Two"', [Entry("ana@sample.example", "Ana", "ru", "One; Two")]),
        ("ana@sample.example, Ana, Sample union", [Entry("ana@sample.example", "Ana", "", "Sample union")]),
        ("ana@sample.example, Ana, ILO", [Entry("ana@sample.example", "Ana", "", "ILO")]),
        ("ana@sample.example,, zh-Hant", [Entry("ana@sample.example", "", "zh")]),
        ("a@sample.example; Bo <b@sample.example>, c@sample.example", "several mail addresses"),
        ("A <a@sample.example>, B <b@x.example>", [Entry("a@sample.example", "A"), Entry("b@x.example", "B")]),
        ("ana@sample.example，Ana，中文，One", [Entry("ana@sample.example", "Ana", "zh", "One")]),
        ("a@sample.example b@sample.example", [Entry("a@sample.example"), Entry("b@sample.example")]),
        ("Prénom,Nom,Courriel\nAna,Alva,ana@sample.example", [Entry("ana@sample.example", "Ana Alva")]),
        ("الاسم,البريد الإلكتروني\nAna,ana@sample.example", [Entry("ana@sample.example", "Ana")]),
        ("\ufeff邮箱\nana@sample.example", [Entry("ana@sample.example")]),
        ("name;email\nAna;ana@sample.example\nBo <b@x.example>", [Entry("ana@sample.example", "Ana"),
                                                                 Entry("b@x.example", "Bo")]),
        ("E-mail\nana@sample.example\n\n ,;\t\n", [Entry("ana@sample.example")]),
        ("nobody", "There is no mail address"),
        ("ana@", "is not a mail address"),
        ("ana@sample.example, Ana, pt", "“pt” is none of the languages"),
        ("ana@sample.example, Ana, Portuguese, One", "“Portuguese” is none of the languages"),
        ("ana@sample.example, a, fr, b, c", "more than four parts"),
        (f"ana@sample.example, {'x' * 121}", "more than 120 characters"),
        (f"ana@sample.example, {'x' * 2_000}", "more than 2,000 characters"),
        ("x" * 200_000, "more than 2,000 characters"),
        (" " * 1_900 + "@", "is not a mail address"),
        ("Ana\0 <ana@sample.example>", "not text"),
        ("Ana, ana@sample.example\x0bBcc: eve@sample.example", "several"),
        ("ana@sample.example\u2028x", "is not a mail address"),
    ],
)  # fmt: skip
def test_each_line_becomes_people_or_a_reason(line: str, entries: list[Entry] | str) -> None:
    found = lists.parse(line)
    if isinstance(entries, str):
        assert [entries in fault.why for fault in found.faults] == [True], found
        assert found.faults[0].why.endswith(".") and "\0" not in found.faults[0].words
    else:
        assert (list(found.entries), found.faults) == (entries, [])


def test_ten_thousand_lines_with_two_hundred_bad_ones_take_well_under_a_second() -> None:
    lines = [f"Person {n}; person-{n}@sample.example; fr; Sample, {n}" for n in range(9_900)]
    bad = {place: f"line {place} says nothing" for place in range(0, 9_900, 50)}
    for place, words in bad.items():
        lines[place] = words
    lines += [f"PERSON-{n}@sample.EXAMPLE" for n in range(1, 99)] + ["a@b", "<>"]
    spoken.is_language("fr")  # the names of languages are read once
    started = time.process_time()
    found = lists.parse("\r\n".join(lines))
    assert time.process_time() - started < 1
    assert (len(found.entries), len(found.faults), found.merged) == (9_703, 200, 97)
    assert [fault.line for fault in found.faults] == [*(place + 1 for place in bad), 9_999, 10_000]
    assert found.entries[0] == Entry("person-1@sample.example", "Person 1", "fr", "Sample, 1")


def test_a_second_line_for_an_address_adds_what_the_first_lacks() -> None:
    found = lists.parse("ana@sample.example,Ana\nANA@sample.example,Another,es,One")
    assert (list(found.entries), found.merged) == ([Entry("ana@sample.example", "Ana", "es", "One")], 1)


def test_faults_are_told_in_the_language_of_who_asks() -> None:
    with speaking("fr"):
        assert "langues" in lists.parse("a@sample.example,,pt").faults[0].why


def test_files_in_other_encodings_are_refused_with_what_to_do() -> None:
    assert files.decoded("\ufeffé".encode()) == files.decoded("é".encode("utf-16")) == "é"
    for content, said in (("a\né".encode("latin-1"), "Line 2"), (b"PK\x03\x04", "spreadsheet"), (b"\xff\xfea", "UTF")):
        with pytest.raises(errors.Invalid, match=said):
            files.decoded(content)
