"""`/c/{consultation}/organise/setup/definition`: the whole definition as a file, to keep and to bring back."""

import asyncio

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from app import errors, text
from app.consultations.definition import Definition, parse
from app.consultations.drafting import written
from app.consultations.stored import fingerprint
from app.consultations.toml_file import toml
from app.language import gettext as _
from app.language import number
from app.readings.consultation_views import ConsultationView
from app.web.kit.faults import status_of
from app.web.kit.visit import PRIVATE, Visit, Visiting
from app.web.setup.editing import definition_of, send, to_set_up

router = APIRouter()
_MOST = 300_000  # bytes of a file: six times the shipped one, in six languages


@router.get("/c/{slug}/organise/setup/definition.toml")
async def download(visit: Visiting, slug: str) -> Response:
    """The definition as a file that loads to the same."""
    definition = await definition_of(visit, await to_set_up(visit, slug))
    headers = {"Cache-Control": PRIVATE, "Content-Disposition": f'attachment; filename="{definition.slug}.toml"'}
    return Response(toml(definition), media_type="application/toml; charset=utf-8", headers=headers)


@router.get("/c/{slug}/organise/setup/definition")
async def page(visit: Visiting, slug: str) -> Response:
    """The way to the file, and a place to bring another."""
    consultation = await to_set_up(visit, slug)
    return _show(visit, consultation, _state(await definition_of(visit, consultation)))


@router.post("/c/{slug}/organise/setup/definition")
async def replace(visit: Visiting, slug: str) -> Response:
    """Make the consultation like the file."""
    form, consultation = await visit.form(files=1), await to_set_up(visit, slug)
    given, based_on = await given_file(form), str(form.get("based_on", ""))
    try:
        wanted = written(await read_file(given))
        await send(visit, consultation, {name: wanted.get(name) for name in Definition.model_fields}, based_on)
    except errors.Invalid as error:
        return _show(visit, consultation, based_on, given, error)
    except (errors.Conflict, errors.Closed) as error:
        return _show(visit, consultation, _state(await definition_of(visit, consultation)), given, error)
    return visit.go(f"/c/{wanted['slug']}/organise/setup/definition", done="saved")


async def given_file(form: FormData) -> str:
    """The text of the file that was chosen or, where none was, the one that was pasted."""
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        content = await file.read(_MOST + 1)
        return text.storable(content.decode("utf-8", "replace"))
    return text.storable(str(form.get("toml", "")))


async def read_file(given: str) -> Definition:
    """The definition in a text. Raises Invalid with every mistake, by its line."""
    if not given.strip():
        raise errors.Invalid({"toml": _("Please choose a file, or paste its text.")})
    if len(given) > _MOST:
        raise errors.Invalid(
            {"toml": _("This file is too long: %(most)s characters are the most.", most=number(_MOST))}
        )
    return await asyncio.to_thread(parse, given)  # to find the lines of many mistakes takes a while


def _state(definition: Definition) -> str:
    return fingerprint(definition, Definition.model_fields.keys())


def _show(
    visit: Visit, consultation: ConsultationView, based_on: str, given: str = "",
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    mistakes = error.fields if isinstance(error, errors.Invalid) else {}
    return visit.page(
        "setup/setup_file.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        based_on=based_on,
        text=given,
        mistakes=mistakes,
        message="" if mistakes or not error else error.message,
    )
