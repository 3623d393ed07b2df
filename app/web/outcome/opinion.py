"""`/c/{consultation}/opinion`: what all agree on, where groups differ, the map; and where positions are taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import opinion
from app.readings.outcome.opinion import Named, OpinionView, Own
from app.readings.outcome.recommendations import RecommendationView
from app.synthesis import positions
from app.web.kit.visit import Visit, Visiting, version_of
from app.web.outcome.opinion_map import Picture, picture

router = APIRouter()


class Figure(NamedTuple):
    """What some people say of a recommendation: how many of how many."""

    recommendation: Named
    agree: int
    disagree: int
    passed: int

    @property
    def people(self) -> int:
        """How many took a position."""
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True, slots=True)
class Said:
    """What a group says and others say less: whether it agrees or disagrees, how many of how many."""

    recommendation: Named
    position: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group with what it says."""

    label: str
    people: int
    stands_out: Sequence[Said]
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a recommendation's page asks of its reader: whether it does now, and what they said before."""

    is_open: bool
    own: Own | None
    may: bool


@router.get("/c/{slug}/opinion")
async def at_a_glance(visit: Visiting, slug: str) -> Response:
    """What people think of the recommendations. Raises NotFound where they are not asked."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await opinion.opinion(connection, consultation.id)
        named = await opinion.named(connection, consultation.id)
    figures = {each.recommendation.number: each for each in _figures(found.found["totals"], named)}
    common = {
        word: [figures[number] for number in found.found["common"][word] if number in figures]
        for word in ("agree", "disagree")
    }
    return visit.public(
        "outcome/opinion.html",
        version_of(consultation),
        consultation=consultation,
        opinion=found,
        common=common,
        groups=_groups(found, named),
        figures=list(figures.values()),
        picture=_picture(found),
    )


@router.post("/c/{slug}/recommendations/{number:number}/position")
async def take(visit: Visiting, slug: str, number: int) -> Response:
    """Agree, disagree, pass, or take that back, as the form says."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        await opinion.require_asked(connection, consultation.id)
    sent, _signed_in, address = await visit.form(), visit.person, f"/c/{slug}/recommendations/{number}#position"
    if not visit.actor.complete:
        return visit.complete_first(address)
    async with visit.database.writing() as session:
        await _act(session, visit, consultation, number, str(sent.get("do", "")))
    return visit.go(address)


async def asking(visit: Visit, consultation: ConsultationView, recommendation: RecommendationView) -> Asking | None:
    """What a recommendation's page asks of this visitor; None where the consultation does not ask."""
    if not opinion.asks(consultation.details):
        return None
    own = None
    if visit.actor.person is not None:
        async with visit.database.writing() as session:
            own = await opinion.own(session, visit.actor.person, recommendation.id)
    may = not visit.actor.complete or visit.may("position.take", Thing(consultation.id))  # or completes it first
    return Asking(recommendation.stage == "open" and consultation.phase == "open", own, may)


async def _act(session: AsyncSession, visit: Visit, consultation: ConsultationView, number: int, do: str) -> None:
    if do == "take-back":
        await positions.take_back(session, visit.actor, consultation.id, number)
    elif do in positions.VALUES:
        await positions.take(session, visit.actor, consultation.id, number, do)
    else:
        raise errors.Malformed(_("This form is broken: it does not say what you chose. Please open it again."))


def _figures(totals: Sequence[Mapping[str, int]], named: Mapping[int, Named]) -> list[Figure]:
    return [
        Figure(named[each["recommendation"]], each["agree"], each["disagree"], each["pass"])
        for each in totals
        if each["recommendation"] in named
    ]


def _groups(found: OpinionView, named: Mapping[int, Named]) -> list[Group]:
    return [
        Group(
            each["label"], each["people"],
            [
                Said(named[said["recommendation"]], said["position"], said["count"], said["of"])
                for said in each["stands_out"]
            ],
            _figures(each["totals"], named),
        )
        for each in found.found["groups"]
    ]  # fmt: skip


def _picture(found: OpinionView) -> Picture | None:
    drawn: Mapping[str, Any] | None = found.found["map"]
    return picture(found.found["groups"], drawn) if drawn else None
