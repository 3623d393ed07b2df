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
from app.language import gettext as _
from app.language import ngettext
from app.readings.coding import gists
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import contributions
from app.readings.outcome import coverage
from app.readings.outcome.coverage import Asked, Counted, Covered
from app.synthesis import setting_aside
from app.synthesis.setting_aside import Marked
from app.web.discussion.consultation import EXCERPT
from app.web.kit import outcome_words, words
from app.web.kit.allowed import consultation_to
from app.web.kit.entries import entry
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.outcome.recommendations import tables

router = APIRouter()
PAGE = 50
_FIELDS = setting_aside.MOST + 20
_FILTERS = ("state", "question", "region", "language", "kind")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contributions to show, from the address."""

    given: Mapping[str, str]
    after: int

    def asked(self, after: int = 0) -> Asked:
        """The same for the reading."""
        return Asked(**self.given, after=after)

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
        async with visit.database.writing() as session:
            marked = await setting_aside.mark(session, visit.actor, consultation.id, _ids(chosen), reason)
    except errors.Invalid as error:
        return await _show(visit, consultation, chosen, error)
    counted = {f"of_{name}": str(count) for name, count in marked._asdict().items() if count}
    onward = _wanted(visit.request.query_params).query(done="again" if reason is None else "marked", **counted)
    return visit.go(f"/c/{slug}/synthesis/coverage{onward}")


def _ids(chosen: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in chosen]
    except ValueError:
        raise errors.Malformed(_("This form is broken. Please open it again.")) from None


def _wanted(query: QueryParams) -> Wanted:
    """What is none of ours narrows nothing."""
    given = {name: query[name] for name in _FILTERS if query.get(name) and len(query[name]) <= 200}
    given = {name: value for name, value in given.items() if "\x00" not in value}
    if given.get("state") not in outcome_words.COVERAGE:
        given.pop("state", None)
    after = query.get("after", "")
    return Wanted(given, int(after) if _is_count(after) else 0)


async def _show(
    visit: Visit, consultation: ConsultationView, chosen: Sequence[str] = (), error: errors.PlenaryError | None = None
) -> Response:
    wanted = _wanted(visit.request.query_params)
    async with visit.database.writing() as session:
        counted = await coverage.counts(session, consultation.id, wanted.asked(), drafts=True)
        here = await coverage.covered(session, consultation.id, wanted.asked(wanted.after), PAGE + 1, drafts=True)
        items = await _items(session, visit, consultation, here[:PAGE])
    shares = coverage.shares(counted, consultation)
    return visit.page(
        "outcome/coverage.html",
        consultation=consultation,
        wanted=wanted,
        items=items,
        count=sum(each.asked for each in counted),
        next=wanted.query(after=str(here[PAGE - 1].number)) if len(here) > PAGE else "",
        choices=_choices(consultation, counted),
        whole=next(iter(shares["all"]), None),
        tables=tables(shares, consultation),
        chosen=chosen,
        said=_said(visit.request.query_params),
        outcome=outcome_words,
        **refusal(error),
    )


def _said(query: QueryParams) -> list[str]:
    """What became of those that were marked just now: the address has it."""
    many = {name: int(count) for name in Marked._fields if _is_count(count := query.get(f"of_{name}", ""))}
    if query.get("done") == "again":
        return [ngettext("One is to be looked at again.", "%(n)s are to be looked at again.", many.get("anew", 0))]
    if query.get("done") != "marked":
        return []
    found = [ngettext("One is marked as read, not used.", "%(n)s are marked as read, not used.", many.get("anew", 0))]
    if cited := many.get("cited", 0):
        found.append(ngettext("One was left out because it is cited.", "%(n)s were left out because they are cited.",
                              cited))  # fmt: skip
    if same := many.get("same", 0):
        found.append(ngettext("One was marked so before.", "%(n)s were marked so before.", same))
    return found


def _is_count(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) < 10


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
    consultation: ConsultationView, counted: Sequence[Counted]
) -> list[tuple[str, str, list[tuple[str, str]]]]:  # fmt: skip
    """The filters to choose from: name, label, and the values each with its words."""
    questions = [(each.full_key, f"{each.full_key}: {each.text}") for t in consultation.topics for each in t.questions]
    spoken = sorted({each.language for each in counted})
    return [
        ("state", _("What became of it"), [(key, _(label)) for key, label in outcome_words.COVERAGE.items()]),
        ("question", _("Guiding question"), questions),
        ("region", _("Region"), [(key, _(label)) for key, label in words.REGIONS.items()]),
        ("language", _("Language"), [(tag, words.language_name(tag)) for tag in spoken]),
        ("kind", _("Kind"), [(key, _(label)) for key, label in words.KINDS.items() if key != "note"]),
    ]  # fmt: skip
