"""The shapes of what is sent and answered about endorsements; see requests.py and schemas.py."""

from pydantic import Field

from app.api.requests import Body
from app.api.schemas import EndorsingOrganisation, Shape


class NewEndorsement(Body):
    """In which capacity you support it."""

    capacity: str | None = Field(
        None,
        description="`organisation`, with a confirmed mandate, or `personal`. Left out: what you gave before stays.",
    )

    model_config = Body.model_config | {"json_schema_extra": {"examples": [{"capacity": "organisation"}]}}


class Endorsements(Shape):
    """Who supports a contribution, as far as that is public."""

    people: int = Field(description="All of them, each once: `endorsements` of the contribution.")
    personal: int = Field(description="Of these, who did not name an organisation.")
    organisations: list[EndorsingOrganisation] = Field(description="Each once, in the order of time.")
