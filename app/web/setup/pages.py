"""`/c/{consultation}/organise/setup`: the checklist, and a page for each section of the definition."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.consultations.setting_up import announce
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting
from app.web.setup.editing import definition_of, send, setup_of, to_set_up
from app.web.setup.sections import BY_KEY, FORM_FIELDS, SECTIONS, Section
from app.web.setup.shown import Setting, names, placed
from app.web.setup.typed import Typed, act

router = APIRouter()


@router.get("/c/{slug}/organise/setup")
async def overview(visit: Visiting, slug: str) -> Response:
    """What there is to set up, what is missing, and the way to announce it."""
    return await _overview(visit, await to_set_up(visit, slug))


@router.post("/c/{slug}/organise/setup")
async def announced(visit: Visiting, slug: str) -> Response:
    """Let everyone see the consultation; what hinders that is told."""
    consultation = await to_set_up(visit, slug)
    try:
        async with visit.database.writing() as session:
            await announce(session, visit.actor, consultation.id)
    except (errors.Conflict, errors.Closed) as error:
        return await _overview(visit, consultation, error)
    return visit.go(f"/c/{slug}/organise/setup", done="announced")


@router.get("/c/{slug}/organise/setup/{key}")
async def section(visit: Visiting, slug: str, key: str) -> Response:
    """The form of one section, as the definition stands."""
    found, consultation = _section(key), await to_set_up(visit, slug)
    definition = await definition_of(visit, consultation)
    return _show(visit, consultation, found, found.typed(definition), found.based_on(definition))


@router.post("/c/{slug}/organise/setup/{key}")
async def save(visit: Visiting, slug: str, key: str) -> Response:
    """Save one section, or do what a button of its form asks for; what cannot be taken comes back as it was sent."""
    found, consultation, form = _section(key), await to_set_up(visit, slug), await visit.form(FORM_FIELDS)
    do, based_on, typed = str(form.get("do", "")), str(form.get("based_on", "")), found.read(form)
    if do == "preview" or act(typed, found.whole, do):
        return _show(visit, consultation, found, typed, based_on, preview=do == "preview")
    faults: dict[str, str] = {}
    typed = found.without_blanks(typed)
    fields = found.fields(typed, faults)
    try:
        if faults:
            raise errors.Invalid(faults)
        await send(visit, consultation, fields, based_on, let_go=bool(form.get("let_go")))
    except errors.Invalid as error:
        return _show(visit, consultation, found, typed, based_on, error=_named(error, fields))
    except (errors.Conflict, errors.Closed) as error:  # sent again, it replaces what the other wrote
        now = found.based_on(await definition_of(visit, consultation))
        return _show(visit, consultation, found, typed, now, error=error)
    return visit.go(f"/c/{fields.get('slug', slug)}/organise/setup/{key}", done="saved")


def _section(key: str) -> Section:
    if key not in BY_KEY:
        raise errors.NotFound(_("There is no such page."))
    return BY_KEY[key]


def _named(error: errors.Invalid, fields: Mapping[str, Any]) -> errors.Invalid:
    """The faults under the names that the form has: phases by their names, listed words by their place."""
    places = {f"phases.{at}": f"phases.{each['name']}" for at, each in enumerate(fields.get("phases") or ())}
    words = (fields.get("screening") or {}).get("words", ())
    places |= {f"screening.words.{language}": f"screening.words.{at}" for at, language in enumerate(words)}
    named = {}
    for path, sentence in error.fields.items():
        place = next((place for place in places if path == place or path.startswith(f"{place}.")), "")
        named[places.get(place, "") + path.removeprefix(place)] = sentence
    return errors.Invalid(named)


def _show(
    visit: Visit, consultation: ConsultationView, section: Section, typed: Typed, based_on: str, *,
    preview: bool = False, error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    given = error.fields if isinstance(error, errors.Invalid) else {}
    setting = Setting(preview=preview, languages=consultation.languages)
    faults, elsewhere = placed(given, _tops(section, typed, setting))
    tops = _tops(section, typed, Setting(faults, preview, consultation.languages))
    return visit.page(
        "setup/setup_section.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        section=section,
        tops=tops,
        names=names(tops),
        based_on=based_on,
        faults=faults,
        message=" ".join(elsewhere) if given else error.message if error else "",
        may_let_go="languages" in faults,
    )


def _tops(section: Section, typed: Typed, setting: Setting) -> list[Any]:
    return [setting.shown(part, typed[part.name], part.name, top=True) for part in section.whole.parts]


async def _overview(visit: Visit, consultation: ConsultationView, error: errors.PlenaryError | None = None) -> Response:
    setup = await setup_of(visit, consultation)
    return visit.page(
        "setup/setup.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        setup=setup,
        findings=_by_section(setup.findings),
        sections=SECTIONS,
        empty={each.key for each in SECTIONS if each.is_empty(setup.definition)},
        message=error.message if error else "",
    )


def _by_section(findings: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for each in findings:
        found.setdefault(each.section, []).append(each)
    return found
