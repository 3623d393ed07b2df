"""The public moderation log: decisions, and what they come to month by month. No key is needed."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from app.api import auth, bodies, queries, reading
from app.api.choosing import Choosing
from app.api.openapi import Slug, described
from app.api.schemas import Shape
from app.moderation.acts import ACTS
from app.readings import consultations, cursors, versions
from app.readings.record import public_log
from app.readings.record.figures import figures

router = APIRouter(tags=["Public log"])
ReasonIs = Literal["shown", "none", "erased", "withheld"]


def _known(act: str) -> str:
    if act not in ACTS:
        raise PydanticKnownError("literal_error", {"expected": ", ".join(ACTS)})
    return act


Act = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(ACTS)})]


class ReasonCommitment(Shape):
    """SHA-256(salt || RFC 8785 JSON of the decision's act, rule and reason). No salt: nothing can be checked (more)."""

    seq: int
    salt: str | None
    hash: str


class PublicAppeal(Shape):
    """An appeal of the author, and what another moderator made of it."""

    made: datetime | None
    decided: datetime | None = Field(description="Null while it waits.")
    outcome: Literal["upheld", "overturned"] | None = Field(description="What became of the decision.")
    role: str | None = Field(description="Of who decided the appeal.")
    by_same: bool | None = Field(description="Whether the same person decided, since there was nobody else.")
    reason: str | None
    reason_is: ReasonIs | None
    commitment: ReasonCommitment | None


class PublicDecision(Shape):
    """A decision as anyone may read it. On what was never public it says no more than that it was made."""

    id: UUID
    seq: int = Field(description="Of its entry in the record.")
    time: datetime
    url: str
    act: str
    rule: str | None = Field(description="Number of a rule of the consultation.")
    number: int | None = Field(description="Of the contribution, if it was ever public.")
    contribution: UUID | None
    contribution_url: str | None
    role: str | None = Field(
        description="Of who decided: moderator, organiser, operator, automatic; author, about a translation of theirs."
    )
    decider_name: str | None = Field(description="Only where who decided chose to sign.")
    reason: str | None
    reason_is: ReasonIs = Field(description="Why there is a reason, or none.")
    commitment: ReasonCommitment | None
    appeal: PublicAppeal | None


class LogQuery(Choosing, queries.Paging):
    """The order of the log, one contribution, and which fields."""

    shape = PublicDecision

    sort: Literal["-seq", "seq"] = Field("-seq", description="Newest first, or oldest first.")
    number: int | None = Field(None, ge=1, lt=2**31, description="Only decisions on the contribution of this number.")
    act: Act | None = Field(None, description="Only decisions of this kind.")


class PublicDecisionPage(Shape):
    """One page of decisions."""

    items: list[PublicDecision]
    next: str | None = Field(description="Address of the next page; null on the last one.")


class MonthOfFigures(Shape):
    """What happened in a month of the consultation's time zone."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$", examples=["2016-08"])
    received: int | None = Field(description="Texts that came in, up to the end of `through`.")
    published: int
    hidden: int
    appealed: int
    overturned: int
    median_hours: int | None = Field(
        description="Begun hours that texts answered in it had waited, up to the end of `through`; null of under three."
    )


class FiguresQuery(Choosing, queries.Paging):
    """Which months, and which fields."""

    shape = MonthOfFigures


class FiguresPage(Shape):
    """Months, oldest first. `through` is the last day of which arrivals and waits are counted."""

    items: list[MonthOfFigures]
    next: str | None
    through: str | None


@router.get(
    "/consultations/{slug}/decisions",
    **described(PublicDecisionPage, "One page of them.", query=LogQuery, headers={"Link": "The next page."}),
)
async def list_decisions(request: Request, slug: Slug) -> Response:
    """The decisions of the moderators, with their public reasons and what became of appeals."""
    asked = bodies.query(request, LogQuery)
    await auth.caller(request)
    base, name = reading.base_of(request), bodies.slug(slug)
    purpose = f"{name}:decisions:{asked.sort}:{asked.number}:{asked.act}"
    after = int(cursors.unseal(purpose, asked.cursor)[0]) if asked.cursor is not None else None
    async with request.app.state.database.reading() as connection:
        version = await versions.version(connection, name)
        if reading.is_known(request, tag := reading.tag_of(request, version)):
            return reading.unchanged(request, tag)
        page = await public_log.log(
            connection, version.consultation, limit=asked.limit, after=after, oldest_first=asked.sort == "seq",
            number=asked.number, act=asked.act,
        )  # fmt: skip
    items = reading.texts(each.json(f"{base}/c/{slug}") for each in page.items)
    return await reading.page(request, asked, items, cursors.seal(purpose, [page.next]) if page.next else None, tag)


@router.get(
    "/consultations/{slug}/decisions/figures", **described(FiguresPage, "Months, oldest first.", query=FiguresQuery)
)
async def list_figures(request: Request, slug: Slug) -> Response:
    """What was received, published, hidden, appealed and overturned month by month, and how long texts waited."""
    asked = bodies.query(request, FiguresQuery)
    await auth.caller(request)
    async with request.app.state.database.reading() as connection:
        version = await versions.version(connection, bodies.slug(slug))
        if reading.is_known(request, tag := reading.tag_of(request, version)):
            return reading.unchanged(request, tag)
        found = await figures(connection, await consultations.consultation(connection, slug))
    part, cursor = reading.part(found.months, asked, f"{version.consultation}:figures")
    through = found.through.isoformat() if found.through else None
    items = reading.texts(month.json() for month in part)
    return await reading.page(request, asked, items, cursor, tag, more={"through": through})
