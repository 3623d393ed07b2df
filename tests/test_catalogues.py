"""Everything the interface says is said in all six languages, and the style sheets know no left or right."""

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter
from tomllib import loads

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.language import LANGUAGES, LOCALES

ROOT = Path(__file__).parents[1]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
_NAMED = re.compile(r"%\((\w+)\)s")
_TAG = re.compile(r"</?[a-z][^>]*>")
_ACCUSATIVE = re.compile("\u064b\u0627|\u0627\u064b")  # the ending of an Arabic noun that is counted by eleven or more
_PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


@cache
def messages() -> Catalog:
    """All messages of the code and the templates."""
    found = Catalog()
    mappings = loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    options = {
        each["pattern"]: {key: each[key] for key in each if key not in ("pattern", "method")} for each in mappings
    }
    for file, line, message, _comments, _context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.add(message, locations=[(file, line)])
    return found


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_every_message_is_translated(language: str) -> None:
    with (LOCALES / f"{language}.po").open("rb") as written:
        catalogue = read_po(written, locale=language)
    said = {message.id for message in messages() if message.id}
    assert len(said) > 1_000
    wrong = [_wrong(message, catalogue) for message in messages() if message.id]
    assert not [fault for fault in wrong if fault]
    assert not {message.id for message in catalogue if message.id} - said, "no longer said: run .ci/catalogues"


def test_no_message_stands_where_it_is_not_found() -> None:
    """Such as within an f-string, or in the call of another message."""
    found = {each for message in messages() if message.id for each in _ids(message)}
    missed = [
        f"{source.relative_to(ROOT)}:{node.lineno}: {node.args[0].value!r}"
        for source in sorted((ROOT / "app").rglob("*.py"))
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
        and node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value not in found
    ]  # fmt: skip
    assert not missed


def test_arabic_has_the_accusative_where_eleven_to_ninety_nine_are_counted() -> None:
    """The two last forms are easily swapped: the fifth is for 100 to 102 and the like, the sixth for 11 to 99."""
    with (LOCALES / "ar.po").open("rb") as written:
        counted = [tuple(message.string or ()) for message in read_po(written, locale="ar") if message.pluralizable]
    differing = [forms for forms in counted if forms[4] != forms[5]]
    assert len(differing) > 20
    swapped = [forms for forms in differing if _accusatives(forms[5]) <= _accusatives(forms[4])]
    assert not swapped


def test_french_signs_stay_on_the_line_of_their_word() -> None:
    with (LOCALES / "fr.po").open("rb") as written:
        said = [form for message in read_po(written, locale="fr") if message.id for form in _forms(message)]
    assert not [form for form in said if re.search(r" [:;?!»]|« ", form)]


def _accusatives(form: str) -> int:
    return len(_ACCUSATIVE.findall(form))


def _wrong(message: Message, catalogue: Catalog) -> str:
    theirs = catalogue.get(message.id)
    if theirs is None or not theirs.string or not all(theirs.string if message.pluralizable else [theirs.string]):
        return f"not translated: {message.id!r}"
    if theirs.fuzzy:
        return f"not sure: {message.id!r}"
    if not message.pluralizable:
        one, other = str(message.id), str(theirs.string)
        if _places(one) != _places(other) or sorted(_TAG.findall(one)) != sorted(_TAG.findall(other)):
            return f"other places or tags than in English: {other!r}"
        return ""
    named = _places(message.id[1])
    if len(theirs.string) != catalogue.num_plurals:
        return f"not {catalogue.num_plurals} forms: {message.id!r}"
    if not all(named - {"n"} <= _places(form) <= named for form in theirs.string):
        return f"other places than in English: {theirs.string!r}"
    return ""


def _places(message: str) -> set[str]:
    """The names of what is filled in: `%(name)s` on pages, `{name}` in mails."""
    named = set(_NAMED.findall(message))
    return named | (
        {name for _text, name, _spec, _conversion in Formatter().parse(message) if name} if not named else set()
    )


def test_style_sheets_know_no_left_or_right() -> None:
    sheets = [*ROOT.glob("app/*/static/*.css")]
    assert len(sheets) >= 2
    for sheet in sheets:
        rules = re.sub(r"/\*.*?\*/|@media[^{]*", "", sheet.read_text(), flags=re.DOTALL)
        assert not _PHYSICAL.findall(rules), sheet.name


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string or ()) if message.pluralizable else (str(message.string),)


def _ids(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)
