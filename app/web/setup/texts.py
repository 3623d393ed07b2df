"""`/c/{consultation}/organise/setup/texts`: what organisers wrote, in its other languages, each beside its original."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from app import errors, text
from app.consultations.definition import Definition
from app.consultations.drafting import written
from app.consultations.readiness import is_translatable, reads_otherwise, untranslated
from app.consultations.stored import fingerprint
from app.consultations.translations import texts_by_place
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting
from app.web.setup import labels
from app.web.setup.editing import definition_of, send, to_set_up
from app.web.setup.fields import field
from app.web.setup.sections import FORM_FIELDS

router = APIRouter()
_FIELDS = ("translations",)


@dataclass(frozen=True, slots=True)
class Line:
    """One text: where it stands, in words, as it was written, as it is in the other language, and whether it is missed
    there: names of organisations are not."""

    place: str
    group: str
    label: str
    original: str
    said: str
    missing: bool
    rows: int


@dataclass(frozen=True, slots=True)
class Part:
    """Texts of one kind, and how many of them are missing. One is open at first: where there is something to do."""

    name: str
    lines: Sequence[Line]
    missing: int
    is_open: bool


@router.get("/c/{slug}/organise/setup/texts")
async def languages(visit: Visiting, slug: str) -> Response:
    """Its other languages, and how much is missing in each."""
    consultation = await to_set_up(visit, slug)
    definition = await definition_of(visit, consultation)
    missing = [(tag, len(untranslated(definition, tag))) for tag in _others(definition)]
    return visit.page("setup/setup_languages.html", consultation=consultation, missing=missing)


@router.get("/c/{slug}/organise/setup/texts/{tag}")
async def texts(visit: Visiting, slug: str, tag: str) -> Response:
    """Every text beside its original."""
    consultation = await to_set_up(visit, slug)
    definition = await definition_of(visit, consultation)
    _require_language(definition, tag)
    return _show(visit, consultation, definition, tag, definition.translations.get(tag, {}), _state(definition))


@router.post("/c/{slug}/organise/setup/texts/{tag}")
async def save(visit: Visiting, slug: str, tag: str) -> Response:
    """Save the texts of one language; those left empty are shown as they were written first."""
    consultation, form = await to_set_up(visit, slug), await visit.form(FORM_FIELDS)
    definition = await definition_of(visit, consultation)
    _require_language(definition, tag)
    places = texts_by_place(written(definition))
    typed = {place: text.storable(str(form.get(f"t.{place}", ""))) for place in places if is_translatable(place)}
    said = {place: each.strip() for place, each in typed.items() if each.strip()}
    unseen = {place: each for place, each in definition.translations.get(tag, {}).items() if place not in typed}
    every = {other: dict(texts) for other, texts in definition.translations.items()} | {tag: unseen | said}
    every = {other: texts for other, texts in every.items() if texts}
    try:
        await send(visit, consultation, {"translations": every}, str(form.get("based_on", "")))
    except errors.Invalid as error:
        return _show(visit, consultation, definition, tag, typed, str(form.get("based_on", "")), error)
    except (errors.Conflict, errors.Closed) as error:
        now = _state(await definition_of(visit, consultation))
        return _show(visit, consultation, definition, tag, typed, now, error)
    return visit.go(f"/c/{slug}/organise/setup/texts/{tag}", done="saved")


def _others(definition: Definition) -> list[str]:
    return [*definition.languages[1:], *(tag for tag in definition.translations if tag not in definition.languages)]


def _require_language(definition: Definition, tag: str) -> None:
    if tag not in _others(definition):
        raise errors.NotFound(_("This is none of the other languages of the consultation."))


def _state(definition: Definition) -> str:
    return fingerprint(definition, _FIELDS)


def _show(
    visit: Visit, consultation: ConsultationView, definition: Definition, tag: str, said: Mapping[str, str],
    based_on: str, error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    given = error.fields if isinstance(error, errors.Invalid) else {}
    start = f"translations.{tag}."
    faults = Faults({f"t.{path.removeprefix(start)}": fault for path, fault in given.items()})
    return visit.page(
        "setup/setup_texts.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        tag=tag,
        original=definition.languages[0],
        parts=_parts(_lines(definition, said), faults),
        based_on=based_on,
        faults=faults,
        message="" if given or not error else error.message,
    )


def _lines(definition: Definition, said: Mapping[str, str]) -> list[Line]:
    return [
        Line(
            place, *_in_words(definition, place), original, said.get(place, ""),
            missing=reads_otherwise(place) and not said.get(place), rows=_rows(original),
        )
        for place, original in texts_by_place(written(definition)).items()
        if is_translatable(place)
    ]  # fmt: skip


def _parts(lines: Sequence[Line], faults: Mapping[str, str]) -> list[Part]:
    wrong = {line.group for line in lines if f"t.{line.place}" in faults}
    to_do = wrong or set([line.group for line in lines if line.missing][:1])
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(line.group, []).append(line)
    return [Part(name, its, sum(line.missing for line in its), name in to_do) for name, its in parts.items()]


def _rows(original: str) -> int:
    return 0 if len(original) < 80 and "\n" not in original else min(12, 2 + len(original) // 60)


def _in_words(definition: Definition, place: str) -> tuple[str, str]:
    """Where a text stands, as a heading for its like and a label for itself: “Moderation rules”, “3: Title”."""
    first, *rest = place.split(".")
    if first == "topics":
        topic = next(each for each in definition.topics if each.slug == rest[0])
        known = rest[1] in ("title", "background")
        label = labels.label("Topic", rest[1]) if known else _("Question %(number)s", number=rest[1])
        return _("Topic: %(title)s", title=topic.title), label
    if first == "phases":
        return labels.label("Definition", "phases"), labels.label("Phases", rest[0])
    here, said, top = field(first), list[str](), labels.label("Definition", first)
    for step in rest:
        if step.isdigit():
            said.append(step)
        else:
            here = here.part(step)
            said.append(labels.label(here.of, here.name))
    return (top, " · ".join(said)) if rest else (_("What it is for"), top)
