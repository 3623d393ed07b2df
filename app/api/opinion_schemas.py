"""The shapes of what is sent and answered about positions; see requests.py and schemas.py."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.requests import Body
from app.api.schemas import Shape

Position = Literal["agree", "disagree", "pass"]


class NewPosition(Body):
    """What you think of it."""

    value: Position

    model_config = Body.model_config | {"json_schema_extra": {"examples": [{"value": "agree"}]}}


class PositionTotals(Shape):
    """How many people said what of one recommendation."""

    recommendation: int = Field(description="Its number.")
    agree: int
    disagree: int
    pass_: int = Field(alias="pass")


class InCommon(Shape):
    """Recommendations that most of each group (where there are none: of everybody) agree or disagree with, by number.

    What is surest comes first.
    """

    agree: list[int]
    disagree: list[int]


class StandsOut(Shape):
    """What a group says and others say less: `count` of the `of` people of it who took a position."""

    recommendation: int
    position: Literal["agree", "disagree"]
    count: int
    of: int


class OpinionGroup(Shape):
    """People who answered alike. `label` stays with the people from one map to the next."""

    label: str
    people: int
    x: float = Field(description="The middle of the group on the map, from -1 to 1.")
    y: float
    radius: float = Field(description="How far from it they stand: root of the mean square.")
    stands_out: list[StandsOut]
    totals: list[PositionTotals] = Field(description="Where five or more of every group took a position.")


class Dot(Shape):
    """A place on the map where five or more people of a group stand; fewer are not drawn."""

    group: str
    x: float
    y: float
    people: int


class DrawnMap(Shape):
    """The map as it is drawn. Its axes have no meaning; what is near answered alike."""

    share: float = Field(description="The part of all differences that two axes show, 0 to 1.")
    dots: list[Dot]


class OpinionCommitment(Shape):
    """SHA-256(salt || RFC 8785 JSON of {state, people, totals, common, groups, map})."""

    seq: int
    salt: str
    hash: str


class Opinion(Shape):
    """What people think of the recommendations: sums, and never of whom."""

    consultation: str
    url: str
    updated: datetime | None = Field(description="When it was counted last: no more often than every ten minutes.")
    needed: int = Field(description="How many more people must take positions, at most, before anything is shown.")
    state: Literal["few", "totals", "groups", "unavailable"] = Field(
        description="`few`: too few people; `totals`: no groups of five or more can be told apart; `groups`: they can; "
        "`unavailable`: this server makes no maps."
    )
    people: int = Field(description="Who took a position; rounded down to a multiple of five while they are too few.")
    totals: list[PositionTotals] = Field(description="Where five people or more took a position.")
    common: InCommon
    groups: list[OpinionGroup]
    map: DrawnMap | None
    commitment: OpinionCommitment | None = Field(description="Null until it was counted for the first time.")
