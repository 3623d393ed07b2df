"""`/c/{consultation}/organise/notices`: organisers post notices and next steps, revise, translate, take back."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from app import clock, errors, text
from app.consultations import notices as actions
from app.consultations.notices import Wording
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.organising import notices as readings
from app.readings.organising.notices import NoticeView
from app.web.kit import words
from app.web.kit.allowed import consultation_to
from app.web.kit.contribution_form import OTHER, language_choices
from app.web.kit.grounds import identifier_in
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.organising.document_form import date_in

router = APIRouter()


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """The fields as they stand, unchecked. `id` becomes the notice's, so that a form sent twice posts once."""

    id: str = ""
    kind: str = "notice"
    title: str = ""
    body: str = ""
    language: str = ""
    date: str = ""
    reason: str = ""

    def wording(self) -> Wording:
        """What it says, for an action to check. Raises Invalid for a date that is none."""
        return Wording(self.title, self.body, self.language, date_in(self.date, "date"))

    def preview(self) -> str:
        """The text as it will be set, as far as it fits; empty for what no text can hold."""
        try:
            return text.markdown(text.paragraphs(self.body)[: actions.BODY_LIMIT])
        except ValueError:
            return ""


@router.get("/c/{slug}/organise/notices")
async def write(visit: Visiting, slug: str) -> Response:
    """The form, and what was posted."""
    consultation = await consultation_to(visit, "notice.manage", slug)
    tag = visit.language if visit.language in consultation.languages else consultation.languages[0]
    return await _show(visit, consultation, NoticeForm(str(clock.new_id()), language=tag))


@router.post("/c/{slug}/organise/notices")
async def send(visit: Visiting, slug: str) -> Response:
    """Post it, or show how it will look."""
    consultation, sent = await consultation_to(visit, "notice.manage", slug), await visit.form()
    form = _form(sent)
    if sent.get("do") == "preview":
        return await _show(visit, consultation, form, preview=True)
    try:
        async with visit.database.writing() as session:
            id, given = identifier_in(sent, "id"), form.wording()
            await actions.post(session, visit.actor, consultation.id, form.kind, given, id)
    except (errors.Invalid, errors.Conflict, errors.Closed) as error:
        return await _show(visit, consultation, form, error=error)
    return visit.go(f"/c/{slug}/organise/notices", done="posted")


@router.get("/c/{slug}/organise/notices/{id}")
async def edit(visit: Visiting, slug: str, id: UUID, language: str = "") -> Response:
    """The form with what a notice says in a language: its own, unless another is asked for."""
    consultation, notice = await _to_revise(visit, slug, id)
    first = notice.texts[0].language if notice.texts else consultation.languages[0]
    said = notice.text_in(language or first)
    form = NoticeForm(
        str(id), notice.kind, said.title if said else "", said.body if said else "",
        said.language if said else language, notice.date.isoformat() if notice.date else "",
    )  # fmt: skip
    return await _show(visit, consultation, form, notice)


@router.post("/c/{slug}/organise/notices/{id}")
async def change(visit: Visiting, slug: str, id: UUID) -> Response:
    """Save what it says in a language, show how that will look, or take it back."""
    sent = await visit.form()
    consultation, notice = await _to_revise(visit, slug, id)
    form, do = _form(sent), str(sent.get("do", ""))
    if do == "preview":
        return await _show(visit, consultation, form, notice, preview=True)
    try:
        async with visit.database.writing() as session:
            await _do(session, visit, consultation, id, form, do)
    except (errors.Invalid, errors.Conflict, errors.Closed) as error:
        return await _show(visit, consultation, form, notice, error=error)
    return visit.go(f"/c/{slug}/organise/notices", done="taken-back" if do == "remove" else "revised")


async def _do(
    session: AsyncSession, visit: Visit, consultation: ConsultationView, id: UUID, form: NoticeForm, do: str
) -> None:
    if do == "remove":
        await actions.take_back(session, visit.actor, consultation.id, id, form.reason)
    else:
        await actions.revise(session, visit.actor, consultation.id, id, form.wording())


def _form(sent: FormData) -> NoticeForm:
    given = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    return NoticeForm(**{name: given[name] for name in NoticeForm.__dataclass_fields__ if name in given})


async def _to_revise(visit: Visit, slug: str, id: UUID) -> tuple[ConsultationView, NoticeView]:
    consultation = await consultation_to(visit, "notice.manage", slug)
    async with visit.database.reading() as connection:
        return consultation, await readings.notice(connection, consultation, id)


async def _show(
    visit: Visit, consultation: ConsultationView, form: NoticeForm, notice: NoticeView | None = None, *,
    preview: bool = False, error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    async with visit.database.reading() as connection:
        posted = [] if notice else await readings.notices(connection, consultation)
    return visit.page(
        "organising/organise_notices.html",
        **refusal(error),
        consultation=consultation,
        form=form,
        notice=notice,
        posted=posted,
        preview=preview,
        kinds=[(kind, _(name), "") for kind, name in words.NOTICE_KINDS.items()],
        languages=[pair for pair in language_choices(consultation) if pair[0] != OTHER],
        limits=actions,
    )
