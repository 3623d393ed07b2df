"""`/c/{consultation}/organise/setup/topics`: the topics in their order, and a page for each of them."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.consultations.definition import Definition
from app.consultations.drafting import written
from app.consultations.stored import localised
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting
from app.web.setup.editing import definition_of, send, to_set_up
from app.web.setup.fields import Field, topic
from app.web.setup.raw import numbered, raw_of
from app.web.setup.sections import FORM_FIELDS, Section
from app.web.setup.shown import Setting, names, placed
from app.web.setup.typed import Typed, act, read, typed_of, without_blanks

router = APIRouter()
_TOPICS = Section("topics", "", "", ("topics",))
_NEW = "new-topic"
_MOVES = {"up": -1, "down": 1}


@router.get("/c/{slug}/organise/setup/topics")
async def topics(visit: Visiting, slug: str) -> Response:
    """The topics, with the ways to edit, move and remove them."""
    consultation = await to_set_up(visit, slug)
    return _list(visit, consultation, await definition_of(visit, consultation))


@router.post("/c/{slug}/organise/setup/topics")
async def rearrange(visit: Visiting, slug: str) -> Response:
    """Move a topic up or down, or remove it."""
    form, consultation = await visit.form(), await to_set_up(visit, slug)
    do, _colon, which = str(form.get("do", "")).partition(":")
    definition = await definition_of(visit, consultation)
    raw = written(definition)["topics"]
    at = next((at for at, each in enumerate(raw) if each["slug"] == which), None)
    if at is None:
        raise errors.NotFound(_("There is no such topic in this consultation."))
    each = raw.pop(at)
    if do in _MOVES:
        raw.insert(max(at + _MOVES[do], 0), each)
    try:
        await send(visit, consultation, {"topics": raw}, str(form.get("based_on", "")))
    except (errors.Invalid, errors.Conflict, errors.Closed) as error:
        return _list(visit, consultation, await definition_of(visit, consultation), error)
    return visit.go(f"/c/{slug}/organise/setup/topics", done="saved")


@router.get("/c/{slug}/organise/setup/new-topic")
async def new(visit: Visiting, slug: str) -> Response:
    """The form of a topic, empty."""
    return await _open(visit, slug, None)


@router.post("/c/{slug}/organise/setup/new-topic")
async def add(visit: Visiting, slug: str) -> Response:
    """Add a topic."""
    return await _save(visit, slug, None)


@router.get("/c/{slug}/organise/setup/topics/{which}")
async def one(visit: Visiting, slug: str, which: str) -> Response:
    """The form of one topic. Raises NotFound."""
    return await _open(visit, slug, which)


@router.post("/c/{slug}/organise/setup/topics/{which}")
async def save(visit: Visiting, slug: str, which: str) -> Response:
    """Save one topic. Raises NotFound."""
    return await _save(visit, slug, which)


async def _open(visit: Visit, slug: str, which: str | None) -> Response:
    consultation = await to_set_up(visit, slug)
    definition = await definition_of(visit, consultation)
    raw = written(localised(definition))["topics"]
    at = _place(definition, which)
    typed = typed_of(topic(), raw[at] if at < len(raw) else {"policy": "before"})
    return _show(visit, consultation, which, typed, _TOPICS.based_on(definition))


async def _save(visit: Visit, slug: str, which: str | None) -> Response:
    form, consultation = await visit.form(FORM_FIELDS), await to_set_up(visit, slug)
    do, based_on, typed = str(form.get("do", "")), str(form.get("based_on", "")), read(topic(), form, "topic")
    if do == "preview" or act({"topic": typed}, _whole(), do):
        return _show(visit, consultation, which, typed, based_on, preview=do == "preview")
    definition = await definition_of(visit, consultation)
    raw, at, faults = written(definition)["topics"], _place(definition, which), dict[str, str]()
    typed = without_blanks(topic(), typed)
    raw[at : at + 1] = [raw_of(topic(), _with_slug(typed, raw, at), "topic", faults)]
    try:
        if faults:
            raise errors.Invalid(faults)
        await send(visit, consultation, {"topics": raw}, based_on)
    except errors.Invalid as error:
        here = f"topics.{at}."
        named = {f"topic.{path.removeprefix(here)}" if path.startswith(here) else path: fault
                 for path, fault in error.fields.items()}  # fmt: skip
        return _show(visit, consultation, which, typed, based_on, error=errors.Invalid(named))
    except (errors.Conflict, errors.Closed) as error:
        now = _TOPICS.based_on(await definition_of(visit, consultation))
        return _show(visit, consultation, which, typed, now, error=error)
    return visit.go(f"/c/{slug}/organise/setup/topics/{raw[at]['slug']}", done="saved")


def _place(definition: Definition, which: str | None) -> int:
    """Where in the list a topic is, or will be. Raises NotFound."""
    slugs = [each.slug for each in definition.topics]
    if which is None:
        return len(slugs)
    if which not in slugs:
        raise errors.NotFound(_("There is no such topic in this consultation."))
    return slugs.index(which)


def _with_slug(typed: Typed, raw: Sequence[dict[str, Any]], at: int) -> Typed:
    """The topic with a short name made of its title, where none was typed."""
    others = [{"slug": each["slug"], "title": each["title"]} for place, each in enumerate(raw) if place != at]
    as_list = Field("topics", "groups", "Definition", True, makes="Topic")
    return numbered(as_list, [*others, typed])[-1]


def _whole() -> Field:
    return Field("", "group", "Definition", True, parts=(topic(),), makes="Section")


def _show(
    visit: Visit, consultation: ConsultationView, which: str | None, typed: Typed, based_on: str, *,
    preview: bool = False, error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    given = error.fields if isinstance(error, errors.Invalid) else {}
    faults, elsewhere = placed(given, _tops(typed, Setting()))
    tops = _tops(typed, Setting(faults, preview))
    return visit.page(
        "setup/setup_topic.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        which=which,
        address=f"topics/{which}" if which else _NEW,
        tops=tops,
        names=names(tops),
        based_on=based_on,
        faults=faults,
        message=" ".join(elsewhere) if given else error.message if error else "",
    )


def _tops(typed: Typed, setting: Setting) -> list[Any]:
    return [setting.shown(part, typed[part.name], f"topic.{part.name}", top=True) for part in topic().parts]


def _list(
    visit: Visit, consultation: ConsultationView, definition: Definition, error: errors.PlenaryError | None = None
) -> Response:
    said = " ".join(error.fields.values()) if isinstance(error, errors.Invalid) else error.message if error else ""
    return visit.page(
        "setup/setup_topics.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        topics=definition.topics,
        based_on=_TOPICS.based_on(definition),
        message=said,
    )
