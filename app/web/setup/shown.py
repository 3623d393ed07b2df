"""A form as the template sets it: each field with its words, its value, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app import clock, text
from app.language import gettext as _
from app.web.kit import words
from app.web.kit.contribution_form import Faults
from app.web.setup import labels
from app.web.setup.fields import Field
from app.web.setup.typed import Typed, empty, moment

_ROWS = {"sentence": 2, "text": 4, "markdown": 10, "lines": 4}
_TYPES = {"url": "url", "email": "email", "number": "number"}
_NOT_PLACES = {"Factory", "localtime"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One field, or a group of them, or one entry of a list."""

    path: str
    kind: str
    label: str
    hint: str = ""
    fault: str = ""
    optional: bool = False
    value: Typed = ""
    rows: int = 0
    type: str = "text"
    limit: int = 0
    options: Sequence[tuple[str, str, str]] = ()
    parts: Sequence["Shown"] = ()
    add: str = ""  # the words of the button for one more entry
    preview: str = ""
    tag: Sequence[str] = ()  # of languages: the words of the field for any other
    marks: frozenset[str] = field(default_factory=frozenset)  # of an entry: first, last


@dataclass(frozen=True, slots=True)
class Setting:
    """How a form is set: what is wrong with it, which choices there are, and whether Markdown is rendered."""

    faults: Mapping[str, str] = field(default_factory=Faults)
    preview: bool = False
    languages: Sequence[str] = ()

    def shown(self, each: Field, typed: Typed, path: str, top: bool = False) -> Shown:
        """A field as the template sets it. A list at the `top` of a form has a place for an entry where it has none."""
        its_label = labels.label(each.of, each.name)
        its_hint = labels.hint(each.of, each.name, each.kind)
        if each.kind in ("group", "groups"):
            return Shown(
                path, each.kind, its_label, its_hint, self.faults.get(path, ""), not each.required,
                parts=self._parts(each, typed, path, top), add=_add(each),
                tag=_tag() if each.makes == "Language" else (),
            )  # fmt: skip
        return Shown(
            path, each.kind, its_label, its_hint, self.faults.get(path, ""), not each.required, typed,
            _ROWS.get(each.kind, 0), _type(each, typed), each.most if each.kind == "line" else 0,
            self._options(each, typed), preview=_rendered(typed) if self.preview and each.kind == "markdown" else "",
        )  # fmt: skip

    def _parts(self, each: Field, typed: Typed, path: str, top: bool) -> list[Shown]:
        if each.kind == "group":
            return [self.shown(part, typed[part.name], f"{path}.{part.name}") for part in each.parts if _is_shown(part)]
        entries = typed or ([empty(each)] if top or each.required else [])
        return [self._entry(each, entry, f"{path}.{at}", at, len(entries)) for at, entry in enumerate(entries)]

    def _entry(self, each: Field, entry: Typed, path: str, at: int, of: int) -> Shown:
        marks = frozenset(mark for mark, is_so in (("first", at == 0), ("last", at == of - 1)) if is_so)
        own = (entry.get("number") or entry.get("key")) if isinstance(entry, dict) else None
        name = _(labels.ENTRIES[each.makes][0], number=own or at + 1)
        if isinstance(entry, str):
            (part,) = each.parts
            options = self._options(part, entry)
            return Shown(
                path, part.kind, name, fault=self.faults.get(path, ""), value=entry, options=options, marks=marks
            )
        parts = [self.shown(part, entry[part.name], f"{path}.{part.name}") for part in each.parts]
        return Shown(path, "entry", name, fault=self.faults.get(path, ""), parts=parts, marks=marks)

    def _options(self, each: Field, typed: Typed) -> Sequence[tuple[str, str, str]]:
        if each.kind == "zone":
            return [(zone, zone.replace("_", " "), "") for zone in sorted(clock.time_zones() - _NOT_PLACES)]
        if each.kind == "language":
            return languages((*self.languages, typed))
        return labels.options(each.name, each.options) if each.options else ()


def languages(more: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """The languages to choose from, by their names: those that texts are often in, and those that are there already."""
    tags = {*words.LANGUAGES, *(tag for tag in more if tag)}
    return sorted(((tag, words.language_name(tag), "") for tag in tags), key=lambda each: each[1].casefold())


def placed(faults: Mapping[str, str], tops: Sequence[Shown]) -> tuple[Faults, list[str]]:
    """What is wrong, at the nearest field that the form shows, and what concerns none of them."""
    known = {each.path for top in tops for each in _all(top)}
    found, elsewhere = Faults(), []
    for path, sentence in faults.items():
        parts = path.split(".")
        near = next((here for end in range(len(parts), 0, -1) if (here := ".".join(parts[:end])) in known), None)
        if near is None:
            elsewhere.append(sentence)
        else:
            line = parts[len(near.split("."))] if near != path else ""
            said = _("Line %(n)s: %(fault)s", n=int(line) + 1, fault=sentence) if line.isdigit() else sentence
            found.setdefault(near, said)
    return found, elsewhere


def names(tops: Sequence[Shown]) -> dict[str, str]:
    """What each field is called, by its place: in a list of what is wrong a sentence alone does not tell of which."""
    return {each.path: each.label for top in tops for each in _all(top)}


def _all(shown: Shown) -> list[Shown]:
    return [shown, *(deeper for part in shown.parts for deeper in _all(part))]


def _is_shown(part: Field) -> bool:
    return part.kind != "hidden"


def _type(each: Field, typed: Typed) -> str:
    """The type of input; a date that is none, or a time with its offset, stays as it was typed."""
    if each.kind in ("moment", "day"):
        try:
            found = moment(typed if each.kind == "moment" else {"date": typed, "time": ""})
        except ValueError:
            return "text"
        return "text" if isinstance(found, datetime) and found.tzinfo else "date"
    return _TYPES.get(each.kind, "text")


def _tag() -> tuple[str, str]:
    return labels.label("Language", "tag"), labels.hint("Language", "tag", "")


def _add(each: Field) -> str:
    return _(labels.ENTRIES[each.makes][1]) if each.kind == "groups" else ""


def _rendered(typed: Typed) -> str:
    try:
        return text.markdown(text.paragraphs(str(typed))[:20_000])
    except ValueError:
        return ""
