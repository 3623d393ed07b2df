"""Definition files: what they may say, and that every mistake is told with its line and field."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import app.consultations
from app.consultations.definition import Definition, parse
from app.consultations.translations import texts_by_place
from app.errors import Invalid
from app.language import LANGUAGES

SHIPPED = Path(app.consultations.__file__).parent / "definitions"
GUIDE = (Path(__file__).parents[2] / "docs" / "organisers.md").read_text(encoding="utf-8")
EVENT = '[[events]]\nname = "x"\nhost = "x"\nplace = "x"\nhow_input_enters = "x"\n'
EXAMPLE = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[0]


def mistakes(text: str) -> dict[str, str]:
    """What `parse` finds wrong; it must find something."""
    with pytest.raises(Invalid) as caught:
        parse(text)
    return caught.value.fields


def changed(old: str, new: str, text: str = EXAMPLE) -> str:
    assert old in text
    return text.replace(old, new, 1)


def line(words: str, text: str) -> int:
    """The number of the first line with these words."""
    return text[: text.index(words)].count("\n") + 1


def test_the_example_in_the_guide_is_complete() -> None:
    definition = parse(EXAMPLE)
    assert definition.slug == "food-2027"
    assert [phase.starts for phase in definition.schedule()] == [
        datetime(2027, 1, 31, 21, tzinfo=UTC),
        datetime(2027, 5, 1, 15, tzinfo=UTC),
    ]
    assert definition.window(definition.topics[0]) == (None, None)


def test_the_founding_consultation_says_what_it_must() -> None:
    founding = parse((SHIPPED / "mayoral-forum-2016.toml").read_text(encoding="utf-8"))
    assert founding.slug == "mayoral-forum-2016"
    assert not founding.sample
    assert [(topic.slug, topic.policy, len(topic.questions)) for topic in founding.topics] == [
        ("inclusion", "before", 3),
        ("diasporas", "after", 3),
    ]
    assert len(founding.objectives) == 6
    assert [phase.name for phase in founding.schedule()] == ["announced", "open"]  # without an end
    assert founding.events[1].earlier_editions == ("Barcelona (2014)", "Quito (2015)")
    assert set(founding.languages) == {"en", "fr", "es", "ar", "ru", "zh"}
    assert founding.programme is not None
    assert len([paper for session in founding.programme.sessions for paper in session.documents]) == 2
    assert {founding.contact.split("@")[1], founding.controller.mail.split("@")[1]} == {"example.org"}


def test_what_a_page_shows_can_be_stored_as_json() -> None:
    founding = parse((SHIPPED / "mayoral-forum-2016.toml").read_text(encoding="utf-8"))
    details = founding.details()
    assert json.loads(json.dumps(details)) == details
    assert details["programme"]["date"] == "2016-07-19"
    assert "rules" in details
    assert "topics" not in details
    whole = parse(EXAMPLE).model_dump(mode="json")
    assert whole["phases"][1]["starts"] == "2027-05-01T18:00:00"
    assert json.loads(json.dumps(whole)) == whole


def test_the_sample_is_marked_and_its_contributions_fit_it() -> None:
    sample = parse((SHIPPED / "sample.toml").read_text(encoding="utf-8"))
    rows = [json.loads(row) for row in (SHIPPED / "sample.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = {f"{topic.slug}.{question.key}" for topic in sample.topics for question in topic.questions}
    before = {topic.slug for topic in sample.topics if topic.policy == "before"}
    assert sample.sample
    seen: dict[str, str] = {}
    for row in rows:
        assert row["ref"] not in seen
        assert seen.get(row.get("parent"), row["topic"]) == row["topic"]
        assert row.get("parent") is None or row["parent"] in seen
        assert ("title" in row) == ("parent" not in row)
        assert set(row["questions"]) <= questions
        assert row["language"] in sample.languages
        assert row["status"] == "published" or row["topic"] in before
        assert row["author"]["name"].startswith("Sample participant")
        assert datetime.fromisoformat(row["created"]) > sample.schedule()[-1].starts
        assert row["body"].splitlines()[-1].startswith("*")  # the line that says so: sample data
        seen[row["ref"]] = row["topic"]
    assert {row["language"] for row in rows} >= {"en", "fr", "es", "ar", "ru", "zh", "fil"}
    assert {row["byline"] for row in rows} == {"full", "organisation", "anonymous"}
    assert sum(row["status"] == "pending" for row in rows) == 4


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    text = changed('title = "Food for', 'titel = "Food for')
    text = changed('time_zone = "Africa/Nairobi"', 'time_zone = "Africa/Nairobbi"', text)
    text = changed('languages = ["en", "sw"]', 'languages = [\n  "en",\n  # Swahili\n  "s w",\n  "EN",\n]', text)
    text = changed('contact = "food@example.org"', 'contact = "food at example.org"', text)
    text = changed('url = "https://creativecommons.org/licenses/by/4.0/"', 'url = "by/4.0"', text)
    text = changed('name = "closed"\nstarts = 2027-05-01T18:00:00', 'name = "ended"\nstarts = "1 May"', text)
    text = changed("number = 1", "number = 0", text)
    text = changed('policy = "after"', 'policy = "maybe"\ncloses = 2027-03-01\nopens = 2027-04-01', text)
    text = changed('key = "a"', 'key = "A"', text)
    text += '\n[[topics]]\nslug = "markets"\n'
    found = mistakes(text)
    last = text.count("\n")
    expected = [
        (1, "title"),
        (line("titel", text), "titel"),
        (line("time_zone", text), "time_zone"),
        (line('"s w"', text), "languages[2]"),
        (line('"EN"', text), "languages[3]"),
        (line("contact", text), "contact"),
        (line("by/4.0", text), "licence.url"),
        (line("ended", text), "phases[2].name"),
        (line("1 May", text), "phases[2].starts"),
        (line("number = 0", text), "rules[1].number"),
        (line("maybe", text), "topics[1].policy"),
        (line("closes", text), "topics[1].closes"),
        (line("key = ", text), "topics[1].questions[1].key"),
        (last - 1, "topics[2].background"),
        (last - 1, "topics[2].policy"),
        (last - 1, "topics[2].title"),
        (last, "topics[2].slug"),
    ]
    assert list(found) == [f"line {number}, {field}" for number, field in expected]
    assert found["line 2, titel"] == "is not a field here; did you mean title?"
    assert "Africa/Nairobi" in found[f"line {line('time_zone', text)}, time_zone"]


def test_of_many_mistakes_some_are_told_and_how_many_more_there_are() -> None:
    *told, last = mistakes(EXAMPLE + "".join(f"[[rules]]\nnumber = {n}\n" for n in range(1_000, 1_040))).items()
    assert (len(told), last) == (30, ("and 90 more", "please mend these first"))


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ('slug = "food-2027"', 'slug = "Food 2027"', "slug", "lower-case letters"),
        ('slug = "food-2027"', 'slug = "f"', "slug", "2 to 64"),
        ('slug = "food-2027"', 'slug = "' + "f" * 65 + '"', "slug", "2 to 64"),
        ('title = "Food for every neighbourhood"', 'title = ""', "title", "is empty"),
        (
            'title = "Food for every neighbourhood"',
            f'title = "{"x" * 201}"',
            "title",
            "201 characters; 200 is the most",
        ),
        ('title = "Food for every neighbourhood"', "title = 3", "title", "text in quotes"),
        ('title = "Food for every neighbourhood"', r'title = "a\u0000b"', "title", "not text"),
        ('contact = "food@example.org"', 'contact = "food@example.org"\nsample = "yes"', "sample", "true or false"),
        ('languages = ["en", "sw"]', "languages = []", "languages", "at least one"),
        ('languages = ["en", "sw"]', 'languages = "en"', "languages", "square brackets"),
        ('languages = ["en", "sw"]', 'languages = ["en", "EN"]', "languages[2]", "twice: en"),
        ("starts = 2027-02-01", "starts = 0027-02-01", "phases[1].starts", "1900"),
        ("starts = 2027-02-01", "starts = 09:00:00", "phases[1].starts", "must be a date"),
        ("starts = 2027-02-01", "starts = 2027-05-02", "phases[2].starts", "later than the start"),
        ('name = "open"', 'name = "reported"', "phases[2].name", "closed cannot follow reported"),
        ('name = "open"', 'name = "announced"', "phases", "phase named open"),
        ('name = "closed"', 'name = "open"', "phases[2].name", "each once"),
        ("number = 1", 'number = "1"', "rules[1].number", "whole number"),
        ("number = 1", "number = 1000", "rules[1].number", "999 or less"),
        ("[[rules]]", "[moderation]\nhide_at_flags = 1\n\n[[rules]]", "moderation.hide_at_flags", "2 or more"),
        ("[[rules]]", '[moderation]\nhide_at_flags = "3"\n\n[[rules]]', "moderation.hide_at_flags", "whole number"),
        ("[[rules]]", "[moderation]\nhide_at_flag = 3\n\n[[rules]]", "moderation.hide_at_flag", "hide_at_flags?"),
        ('key = "a"', 'key = "a b"', "topics[1].questions[1].key", "such as a"),
        ('mail = "privacy@example.org"', 'mail = "a@b"', "controller.mail", "mail address"),
        ('[controller]\nname = "Food forum of the city"', "[controller]", "controller.name", "is missing"),
        ('[[organisers]]\nname = "Food forum of the city"', "", "organisers", "is missing"),
        ('policy = "after"', 'policy = "after"\nphase = "open"', "topics[1].phase", "is not a field here"),
    ],
)
def test_a_mistake_is_told_with_its_field(old: str, new: str, field: str, sentence: str) -> None:
    found = mistakes(changed(old, new))
    told = {where.split(", ")[1]: said for where, said in found.items()}
    assert sentence in told.get(field, "")


def test_times_that_the_clocks_skip_are_mistakes_of_their_line() -> None:
    text = changed('time_zone = "Africa/Nairobi"', 'time_zone = "Europe/Berlin"')
    text = changed("starts = 2027-02-01", "starts = 2027-03-28T02:30:00", text)
    (where, said), *others = mistakes(text).items()
    assert where == f"line {line('starts', text)}, phases[1].starts"
    assert "does not exist in Europe/Berlin" in said
    assert not others
    parse(text.replace("02:30:00", "02:30:00+01:00"))


def test_entries_used_twice_are_told_at_the_second() -> None:
    text = (
        EXAMPLE + '\n[[topics.questions]]\nkey = "a"\ntext = "Again?"\n[[rules]]\nnumber = 1\ntitle = "x"\ntext = "x"\n'
    )
    assert [where.split(", ")[1] for where in mistakes(text)] == ["topics[1].questions[2].key", "rules[2].number"]


@pytest.mark.parametrize(
    ("added", "field"),
    [
        ('[[milestones]]\ndate = 2027-03-02\nuntil = 2027-03-01\ntext = "x"', "milestones[1].until"),
        (EVENT + "starts = 2027-03-02\nends = 2027-03-01", "events[1].ends"),
        ('[[milestones]]\ndate = 2027-03-02T10:00:00\ntext = "x"', "milestones[1].date"),
    ],
)
def test_dates_that_cannot_be(added: str, field: str) -> None:
    assert [where.split(", ")[1] for where in mistakes(f"{EXAMPLE}\n{added}\n")] == [field]


def test_a_last_day_may_be_the_first() -> None:
    parse(EXAMPLE + '\n[[milestones]]\ndate = 2027-03-02\nuntil = 2027-03-02\ntext = "x"\n')
    parse(changed('policy = "after"', 'policy = "after"\nopens = 2027-03-02\ncloses = 2027-03-02'))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('slug = "a\ntitle = "b"', "line 1"),
        ('slug = "food"\n\nslug = "drink"\n', "line 3"),
        ('slug = "food"\npurpose = """\nThis never ends.\n\n', "line 2"),
        ('slug = "food"\nlanguages = [\n"en",\n', "line 2"),
        ("slug = " + "[" * 100_000, "line 1"),
        ("\x00", "line 1"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_its_line(text: str, where: str) -> None:
    assert list(mistakes(text)) == [where]


def test_marks_and_line_ends_of_other_systems_do_not_matter() -> None:
    windows = "\ufeff" + EXAMPLE.replace("\n", "\r\n")
    assert parse(windows) == parse(EXAMPLE)
    assert mistakes(windows.replace("number = 1", "number = -1")) == mistakes(changed("number = 1", "number = -1"))


def test_an_empty_file_lists_what_is_required() -> None:
    required = {name for name, field in Definition.model_fields.items() if field.is_required()}
    assert {where.removeprefix("line 1, ") for where in mistakes("")} == required


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))
LINES = (
    'slug = "markets"',
    "number = 1",
    'languages = ["en", "sw"]',
    'name = "closed"',
    'time_zone = "Africa/Nairobi"',
)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(LINES), VALUES)
def test_no_value_of_the_wrong_type_breaks_the_reader(replaced: str, value: object) -> None:
    written = json.dumps(value).replace("null", "2027-01-01")
    with suppress(Invalid):
        parse(changed(replaced, f"{replaced.split(' = ')[0]} = {written}"))


def _fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        stack = [field.annotation]
        while stack:
            annotation = stack.pop()
            stack += get_args(annotation)
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                yield from _fields(annotation)


def test_the_guide_names_every_field() -> None:
    assert [name for name in _fields(Definition) if not re.search(rf"`[\[\w.]*\b{name}\b\]*`", GUIDE)] == []


def test_the_founding_consultation_is_said_in_all_languages_but_for_names_and_addresses() -> None:
    text = (SHIPPED / "mayoral-forum-2016.toml").read_text(encoding="utf-8")
    there, definition = texts_by_place(tomllib.loads(text)), parse(text)
    names = r"contact|controller\..*|licence\.(name|url)|organisers\.\d\.(name|url)|.*\.documents\.\d\..*"
    to_say = {place for place in there if not re.fullmatch(names, place)}
    assert definition.translations.keys() == set(LANGUAGES) - {"en"}
    for language, said in definition.translations.items():
        assert to_say <= said.keys(), language
