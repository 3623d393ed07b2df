"""`/c/{consultation}/synthesis/coverage`: what is cited nowhere; read and not used, one text or many, with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import QueryParams
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.language import gettext as _
from app.readings import contributions, coverage, gists
from app.readings.consultations import ConsultationView
from app.readings.coverage import Covered
from app.synthesis import setting_aside
from app.web import outcome_words, words
from app.web.allowed import consultation_to
from app.web.consultation import EXCERPT
from app.web.contribution_form import Faults
from app.web.entries import entry
from app.web.faults import status_of
from app.web.recommendations import tables
from app.web.visit import Visit, Visiting

router = APIRouter()
PAGE = 50
_FIELDS = setting_aside.MOST + 20
_FILTERS = ("state", "question", "region", "language", "kind")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contributions to show, from the address."""

    given: Mapping[str, str]
    after: int

    def takes(self, each: Covered) -> bool:
        """Whether a contribution is among them."""
        for name, value in self.given.items():
            if (value not in each.questions) if name == "question" else ((getattr(each, name) or "") != value):
                return False
        return True

    def query(self, **changes: str) -> str:
        """The query of an address with these filters, and some changed."""
        kept = {name: value for name, value in {**self.given, **changes}.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


@router.get("/c/{slug}/synthesis/coverage")
async def page(visit: Visiting, slug: str) -> Response:
    """The coverage so far, drafts included, and the texts that are cited nowhere."""
    return await _show(visit, await consultation_to(visit, "coverage.mark", slug))


@router.post("/c/{slug}/synthesis/coverage")
async def mark(visit: Visiting, slug: str) -> Response:
    """Mark those chosen as read and not used; or as to be looked at again."""
    sent, consultation = await visit.form(_FIELDS), await consultation_to(visit, "coverage.mark", slug)
    reason = None if sent.get("do") == "again" else str(sent.get("reason", ""))
    chosen = [str(value) for value in sent.getlist("item")]
    try:
        await limits.allow_write(visit.database, visit.person)
        async with visit.database.writing() as session:
            await setting_aside.mark(session, visit.actor, consultation.id, _ids(chosen), reason)
    except (errors.Invalid, errors.RateLimited) as error:
        return await _show(visit, consultation, chosen, error)
    return visit.go(f"/c/{slug}/synthesis/coverage{_wanted(visit.request.query_params).query()}", done="marked")


def _ids(chosen: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in chosen]
    except ValueError:
        raise errors.Malformed(_("This form is broken. Please open it again.")) from None


def _wanted(query: QueryParams) -> Wanted:
    """What is none of ours narrows nothing."""
    given = {name: query[name] for name in _FILTERS if query.get(name) and len(query[name]) <= 200}
    if given.get("state") not in outcome_words.COVERAGE:
        given.pop("state", None)
    after = query.get("after", "")
    return Wanted(given, int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0)


async def _show(
    visit: Visit, consultation: ConsultationView, chosen: Sequence[str] = (), error: errors.PlenaryError | None = None
) -> Response:
    wanted = _wanted(visit.request.query_params)
    async with visit.database.writing() as session:
        found = await coverage.covered(session, consultation.id, drafts=True)
        narrowed = [each for each in found if wanted.takes(each)]
        here = [each for each in narrowed if each.number > wanted.after][: PAGE + 1]
        items = await _items(session, visit, consultation, here[:PAGE])
    shares = coverage.shares(found, consultation)
    invalid = isinstance(error, errors.Invalid)
    return visit.page(
        "coverage.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        wanted=wanted,
        items=items,
        count=len(narrowed),
        next=wanted.query(after=str(here[PAGE - 1].number)) if len(here) > PAGE else "",
        choices=_choices(consultation, found),
        whole=next(iter(shares["all"]), None),
        tables=tables(shares, consultation),
        chosen=chosen,
        outcome=outcome_words,
        faults=Faults(error.fields if isinstance(error, errors.Invalid) else {}),
        message=error.message if error and not invalid else "",
    )


async def _items(
    session: AsyncSession, visit: Visit, consultation: ConsultationView, here: Sequence[Covered]
) -> list[object]:
    ids = [each.id for each in here]
    views = await contributions.by_ids(session, ids)
    summed_up = await gists.on_texts(session, visit.actor, ids)
    return [
        {"covered": each, "entry": entry(views[each.id], consultation), "excerpt": views[each.id].excerpt(EXCERPT),
         "gist": summed_up.get(each.id)}
        for each in here
        if each.id in views
    ]  # fmt: skip


def _choices(
    consultation: ConsultationView, found: Sequence[Covered]
) -> list[tuple[str, str, list[tuple[str, str]]]]:  # fmt: skip
    """The filters to choose from: name, label, and the values each with its words."""
    questions = [(each.full_key, f"{each.full_key}: {each.text}") for t in consultation.topics for each in t.questions]
    spoken = sorted({each.language for each in found})
    return [
        ("state", _("What became of it"), [(key, _(label)) for key, label in outcome_words.COVERAGE.items()]),
        ("question", _("Guiding question"), questions),
        ("region", _("Region"), [(key, _(label)) for key, label in words.REGIONS.items()]),
        ("language", _("Language"), [(tag, words.language_name(tag)) for tag in spoken]),
        ("kind", _("Kind"), [(key, _(label)) for key, label in words.KINDS.items() if key != "note"]),
    ]  # fmt: skip
