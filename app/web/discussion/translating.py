"""`/c/{consultation}/{number}/translate` and `…/translations/{id}/…`: say a text in another language; judge what is."""

from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors, text
from app.contributions import machine_translation, translating
from app.contributions.translating import Wording
from app.language import gettext as _
from app.language import tag_named
from app.moderation import translations as deciding
from app.moderation.deciding import NO_GROUNDS, Grounds, Options
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import thread
from app.readings.moderation import translations
from app.readings.views import ContributionView
from app.web.discussion.thread import numbered
from app.web.discussion.translated import facts
from app.web.kit import contribution_form as forms
from app.web.kit.contribution_form import OTHER, Faults
from app.web.kit.entries import entry
from app.web.kit.faults import status_of
from app.web.kit.grounds import grounds_in
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Original:
    """What is translated, where it stands."""

    consultation: ConsultationView
    view: ContributionView
    policy: str

    @property
    def address(self) -> str:
        """Its page."""
        return f"/c/{self.consultation.slug}/{self.view.number}"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields as they stand, unchecked."""

    language: str
    other_language: str = ""
    title: str = ""
    body: str = ""
    revision: int = 0
    website: str = ""  # not for people, who do not see it

    @property
    def tag(self) -> str:
        """The language tag that is meant."""
        return tag_named(self.other_language) if self.language == OTHER else self.language

    def wording(self) -> Wording:
        """What is sent: for the action to check."""
        return Wording(self.tag, self.body, self.revision, self.title or None, trapped=bool(self.website))


@router.get("/c/{slug}/{which}/translate")
async def translate_form(visit: Visiting, slug: str, which: str, into: str = "") -> Response:
    """The form beside the original: with one's own last translation, where `into` names its language."""
    found = await _original(visit, slug, which)
    if found.view.status != "published":
        return visit.go(found.address)
    async with visit.database.writing() as session:
        own = await translations.own_of(session, visit.person, found.view.id)
    last = next((each for each in own if each["language"] == into), None)
    form = Form(into or _proposed(visit, found), revision=found.view.revision)
    if last is not None:
        form = replace(form, title=last["title"] or "", body=last["body"])
    known = dict(forms.language_choices(found.consultation))
    if form.language and form.language not in known:
        form = replace(form, language=OTHER, other_language=form.language)
    return _show(visit, found, form)


@router.post("/c/{slug}/{which}/translate")
async def translate(visit: Visiting, slug: str, which: str) -> Response:
    """Offer it. What cannot be taken comes back with what was written, beside the original as it is now."""
    sent, _signed_in, found = await visit.form(), visit.person, await _original(visit, slug, which)
    form = _form(sent)
    try:
        given = await _by_machine(visit, found, form) if sent.get("do") == "machine" else form.wording()
        async with visit.database.writing() as session:
            made = await translating.offer(session, visit.actor, found.view.id, given)
    except (errors.Invalid, errors.Conflict, errors.Forbidden, errors.Unavailable) as error:
        read_again = found.view.revision if isinstance(error, errors.Conflict) else form.revision
        return _show(visit, found, replace(form, revision=read_again), error)
    if made.status == "waiting":
        return visit.go(f"{found.address}#translations", done="offered")
    return visit.go(f"{found.address}?in={made.language}", done="translation")


@router.get("/c/{slug}/{which}/translations/{id:uuid}/take-away")
async def ask_take_away(visit: Visiting, slug: str, which: str, id: UUID) -> Response:
    """Whether one is sure, and the reason where it is somebody else's."""
    return await _ask(visit, await _original(visit, slug, which), id)


@router.post("/c/{slug}/{which}/translations/{id:uuid}/take-away")
async def take_away(visit: Visiting, slug: str, which: str, id: UUID) -> Response:
    """Take it back, or away."""
    sent, found = await visit.form(), await _original(visit, slug, which)
    grounds = grounds_in(sent)
    try:
        async with visit.database.writing() as session:
            await deciding.take_away(session, visit.actor, found.view.id, id, grounds)
    except errors.Invalid as error:
        return await _ask(visit, found, id, grounds, error)
    return visit.go(found.address, done="translation-gone")


@router.post("/c/{slug}/{which}/translations/{id:uuid}/{act}")
async def judge(visit: Visiting, slug: str, which: str, id: UUID, act: str) -> Response:
    """The original's author approves a translation, or a moderator finds it right."""
    _sent, found = await visit.form(), await _original(visit, slug, which)
    async with visit.database.writing() as session:
        if act == "approve":
            await translating.approve(session, visit.actor, found.view.id, id)
        elif act == "review":
            options = Options(translation=id)
            await deciding.review(session, visit.actor, found.view.id, None, NO_GROUNDS, options)
        else:
            raise errors.NotFound(_("There is no such page."))
    return visit.go(f"{found.address}#translations", done="translation")


async def _original(visit: Visit, slug: str, which: str) -> Original:
    """The text, for somebody who is signed in. Raises Unauthenticated, NotFound."""
    _signed_in = visit.person
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        view, topic = await thread.focus(connection, consultation.id, numbered(which))
    return Original(consultation, view, consultation.topic_by_id(topic).policy)


def _form(sent: FormData) -> Form:
    names = ("language", "other_language", "title", "body", "website")
    revision = str(sent.get("revision", ""))
    if not (revision.isascii() and revision.isdigit() and len(revision) < 6):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    return Form(**{name: str(sent.get(name, "")) for name in names}, revision=int(revision))


def _proposed(visit: Visit, found: Original) -> str:
    """The reader's language, where it is neither the original's nor taken; else none, so that nobody errs."""
    taken = {found.view.language, *(each["language"] for each in found.view.translations)}
    return "" if visit.language in taken else visit.language


async def _by_machine(visit: Visit, found: Original, form: Form) -> Wording:
    """What a machine makes of the original; it is asked before any transaction is begun. Raises Forbidden, Conflict."""
    provider = machine_translation.provider()
    if provider is None or not visit.may("translation.machine", _thing(found)):
        raise errors.Forbidden(_("Only a moderator can do this."))  # before any word leaves this service
    view, target = found.view, _known_tag(form.tag)
    title = await provider.translate(view.title, view.language, target) if view.title else None
    body = await provider.translate(view.body, view.language, target)
    return Wording(target, body, form.revision, title, machine=True)


def _thing(found: Original) -> Thing:
    return Thing(found.consultation.id, topic=found.consultation.topic(found.view.topic).id)


def _known_tag(tag: str) -> str:
    try:
        return text.language_tag(tag)
    except ValueError as fault:
        raise errors.Invalid({"language": _("The language %(fault)s.", fault=fault)}) from None


def _show(visit: Visit, found: Original, form: Form, error: errors.PlenaryError | None = None) -> Response:
    thing, fields = _thing(found), error.fields if isinstance(error, errors.Invalid) else {}
    choices = [pair for pair in forms.language_choices(found.consultation) if pair[0] != found.view.language]
    return visit.page(
        "discussion/translate.html",
        status=status_of(error) if error else 200,
        consultation=found.consultation,
        entry=entry(found.view.into(None), found.consultation),
        original=found.view,
        address=found.address,
        form=form,
        languages=choices,
        limits=forms.LIMITS,
        faults=Faults(fields),
        message=error.message if error and not fields else "",
        waits=found.policy == "before" and not visit.may("translation.decide", thing),
        by_machine=visit.may("translation.machine", thing) and machine_translation.provider() is not None,
    )


async def _ask(
    visit: Visit, found: Original, id: UUID, grounds: Grounds = NO_GROUNDS, error: errors.Invalid | None = None
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        own = await translations.own_of(session, visit.person, found.view.id)
    mine = next((each for each in own if each["id"] == str(id)), None)
    given = mine or next((each for each in found.view.translations if each["id"] == str(id)), None)
    if given is None:
        raise errors.NotFound(_("There is no such translation."))
    return visit.page(
        "discussion/take_away.html",
        status=422 if error else 200,
        consultation=found.consultation,
        original=found.view,
        address=found.address,
        given=given,
        said=facts(given, found.view.revision),
        mine=mine is not None,
        rules=found.consultation.details["rules"],
        grounds=grounds,
        faults=Faults(error.fields if error else {}),
    )
