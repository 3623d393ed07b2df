"""`/organise/new`: a consultation from scratch, as a copy of an earlier one, or from a definition file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.consultations.definition import Definition
from app.consultations.drafting import drafted
from app.consultations.setting_up import create
from app.consultations.starting import Start, as_copy, from_scratch
from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.organising import setup as readings
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting
from app.web.setup.fields import Field, field
from app.web.setup.files import given_file, read_file
from app.web.setup.raw import raw_of, slug_of
from app.web.setup.shown import Setting, names, placed
from app.web.setup.typed import Typed, act, read, typed_of, without_blanks

router = APIRouter()
WAYS = ("scratch", "copy", "file")
_TITLE, _SLUG = Field("title", "line", "Start", True, 200), Field("slug", "line", "Start", False, 64)
_DATES = (Field("opens", "moment", "Start", True), Field("closes", "moment", "Start", False))
_SCRATCH = (
    _TITLE, _SLUG, Field("holder", "line", "Start", True, 200), Field("contact", "email", "Start", True),
    field("languages"), field("time_zone"), *_DATES,
)  # fmt: skip
_FORMS = {"scratch": _SCRATCH, "copy": (_TITLE, _SLUG, *_DATES), "file": ()}
# Where a mistake in the definition is one of these few fields.
_ASKED = {
    "organisers": "holder", "controller.name": "holder", "controller.mail": "contact",
    "phases.0": "opens", "phases.1": "closes", "phases": "opens",
}  # fmt: skip


@router.get("/organise/new")
async def ask(visit: Visiting, way: str = "scratch") -> Response:
    """The form of one of the three ways."""
    _require_may(visit)
    way = way if way in WAYS else "scratch"
    blank = {"languages": [visit.language, "", ""], "time_zone": visit.visitor.time_zone}
    typed = {part.name: blank.get(part.name) or typed_of(part, None) for part in _FORMS[way]}
    return await _show(visit, way, typed)


@router.post("/organise/new")
async def make(visit: Visiting) -> Response:
    """Make it, in preparation; what cannot be taken comes back as it was sent."""
    form = await visit.form(files=1)
    _require_may(visit)
    way = str(form.get("way", ""))
    if way not in WAYS:
        raise errors.Malformed(_("This form is broken. Please open it again."))
    if way == "file":
        return await _from_file(visit, form)
    fields = _FORMS[way]
    typed = {part.name: read(part, form, part.name) for part in fields}
    earlier = str(form.get("earlier", ""))
    if act(typed, _whole(fields), str(form.get("do", ""))):
        return await _show(visit, way, typed, earlier=earlier)
    typed = {part.name: without_blanks(part, typed[part.name]) for part in fields}
    try:
        start = _start(fields, typed)
        raw = from_scratch(start) if way == "scratch" else as_copy(await _earlier(visit, earlier), start)
        definition = drafted(raw)
        async with visit.database.writing() as session:
            await create(session, visit.actor, definition)
    except errors.Invalid as error:
        named = {_asked(path): fault for path, fault in reversed(error.fields.items())}
        return await _show(visit, way, typed, errors.Invalid(named), earlier=earlier)
    return visit.go(f"/c/{definition.slug}/organise/setup", done="made")


async def _from_file(visit: Visit, form: FormData) -> Response:
    text = await given_file(form)
    try:
        definition = await read_file(text)
        async with visit.database.writing() as session:
            await create(session, visit.actor, definition)
    except errors.Invalid as error:
        return await _show(visit, "file", {}, error, text=text)
    return visit.go(f"/c/{definition.slug}/organise/setup", done="made")


def _require_may(visit: Visit) -> None:
    if not visit.may("consultation.create", Thing()):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(
            _("Whoever organises a consultation can make another: ask one of them, or the operator.")
        )


def _start(fields: Sequence[Field], typed: Mapping[str, Typed]) -> Start:
    faults = dict[str, str]()
    given = {part.name: raw_of(part, typed[part.name], part.name, faults) for part in fields}
    missing = _("This entry %(fault)s.", fault=_("must be filled in"))
    faults |= {part.name: missing for part in fields if part.required and given[part.name] in (None, [])}
    if faults:
        raise errors.Invalid(faults)
    title = given["title"] or ""
    return Start(
        given["slug"] or slug_of(title), title, given.get("holder") or "", given.get("contact") or "",
        given.get("languages") or (), given.get("time_zone") or "", given["opens"], _to_its_end(given["closes"]),
    )  # fmt: skip


def _to_its_end(closes: date | datetime | None) -> date | datetime | None:
    """A closing date without a time is the last day, so nothing is taken from the next one on."""
    if closes is None or isinstance(closes, datetime) or closes == date.max:
        return closes
    return closes + timedelta(days=1)


def _asked(path: str) -> str:
    """The field of this form that a place in the definition comes from."""
    return next((name for place, name in _ASKED.items() if path.startswith(place)), path)


async def _mine(visit: Visit) -> list[ConsultationView]:
    """The consultations that the visitor organises."""
    async with visit.database.reading() as connection:
        every = await consultations.consultations(connection)
    return [each for each in every if visit.may("consultation.define", Thing(each.id))]


async def _earlier(visit: Visit, slug: str) -> Definition:
    ids: dict[str, UUID] = {each.slug: each.id for each in await _mine(visit)}
    if slug not in ids:
        raise errors.Invalid({"earlier": _("Please choose one of the consultations that you organise.")})
    async with visit.database.writing() as session:
        return await readings.definition(session, visit.actor, ids[slug])


def _whole(fields: Sequence[Field]) -> Field:
    return Field("", "group", "Start", True, parts=tuple(fields), makes="Section")


async def _show(
    visit: Visit, way: str, typed: Typed, error: errors.Invalid | None = None, *, earlier: str = "", text: str = ""
) -> Response:
    given = error.fields if error else {}
    setting = Setting(languages=typed.get("languages", ()))
    faults, elsewhere = placed(given, _tops(way, typed, setting))
    if "earlier" in given:
        faults["earlier"] = given["earlier"]
    tops = _tops(way, typed, Setting(faults, languages=setting.languages))
    return visit.page(
        "setup/setup_new.html",
        status=status_of(error) if error else 200,
        way=way,
        tops=tops,
        names=names(tops),
        mine=[(each.slug, each.title) for each in await _mine(visit)],
        earlier=earlier,
        text=text,
        faults=faults,
        mistakes=given if way == "file" else {},
        message="" if way == "file" else " ".join(said for said in elsewhere if said != given.get("earlier")),
    )


def _tops(way: str, typed: Typed, setting: Setting) -> list[Any]:
    return [setting.shown(part, typed[part.name], part.name, top=True) for part in _FORMS[way]]
