"""What the API says and hears of translations, besides what a contribution's own JSON has of them."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.api.requests import Body
from app.api.schemas import Shape, Translation
from app.contributions.submissions import BODY_LIMIT, TITLE_LIMIT
from app.contributions.translating import Wording


class AnyTranslation(Translation):
    """A translation, also one that does not stand: for its translator and, while it waits, for moderators."""

    status: Literal["waiting", "offered", "reviewed", "approved", "superseded", "refused", "removed"]  # type: ignore[assignment]


class AnyTranslationPage(Shape):
    """The translations of a contribution, as far as the caller may read them."""

    items: list[AnyTranslation]
    next: str | None


class Original(Shape):
    """What is public of a contribution now."""

    revision: int
    title: str | None
    body: str
    html: str
    language: str


class WaitingTranslation(AnyTranslation):
    """A translation that waits for a moderator, beside the original."""

    contribution: UUID
    number: int
    original: Original
    replaces: bool = Field(description="Another one stands in its language, whose place it would take.")


class WaitingTranslationPage(Shape):
    """One page of what waits."""

    items: list[WaitingTranslation]
    next: str | None


class NewTranslation(Body):
    """A translation that is offered."""

    language: str = Field(description="BCP 47 tag; any but the original's.", examples=["fr"])
    revision: int = Field(ge=1, le=2**15 - 1, description="The contribution's `revision` that it translates.")
    title: str | None = Field(
        None, description=f"Needed where the original has one; at most {TITLE_LIMIT} characters."
    )  # fmt: skip
    body: str = Field(description=f"Markdown; at most {BODY_LIMIT} characters.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"language": "fr", "revision": 1, "title": "Un registre", "body": "Texte en *Markdown*."}]
        }
    )

    def wording(self) -> Wording:
        """The same for the action."""
        return Wording(self.language, self.body, self.revision, self.title)
