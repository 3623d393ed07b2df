"""The shapes of what rapporteurs send and are answered about drafts of recommendations; see requests.py, schemas.py."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.recommendation_schemas import Addressee, Citation
from app.api.requests import Body
from app.api.schemas import Shape
from app.synthesis.wording import NAME_LIMIT, STATEMENT_LIMIT, TITLE_LIMIT, Wording


class RecommendationWords(Body):
    """What a recommendation says, and to whom. A draft may lack anything but its topic."""

    topic: str = Field(description="Slug of the topic.")
    title: str = Field("", description=f"At most {TITLE_LIMIT} characters.")
    statement: str = Field(
        "", description=f"Markdown; at most {STATEMENT_LIMIT} characters. `#42` links a contribution."
    )
    language: str = Field("en", description="BCP 47 tag.")
    addressee: str = Field("", description=f"The name of whom it goes to; at most {NAME_LIMIT} characters.")
    addressee_kind: str = Field("city", description="`city`, `ministry`, `organisation`, `event` or `other`.")

    def wording(self) -> Wording:
        """For the action."""
        return Wording(self.topic, self.title, self.statement, self.language, self.addressee, self.addressee_kind)


class NewDraft(Body):
    """A draft to be begun: either `words`, or a new version of the `recommendation` with this number."""

    words: RecommendationWords | None = None
    recommendation: int | None = Field(None, ge=1, lt=2**31, description="Its public version is what it begins with.")

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [
                {
                    "words": {
                        "topic": "diasporas", "title": "Count the hours", "statement": "Cities count the hours.",
                        "language": "en", "addressee": "The city", "addressee_kind": "city",
                    }
                }
            ]
        }
    }  # fmt: skip


class NewCitation(Body):
    """A public text that a draft rests on, or that disagrees with it. Citing the same again changes how."""

    contribution: UUID
    revision: int | None = Field(None, ge=1, lt=2**15, description="The newest, where none is named.")
    passage: str | None = Field(None, description="Words of the revision; null for the whole text.")
    stance: str = Field("support", description="`support` or `dissent`.")


class NewPublication(Body):
    """How a draft becomes public."""

    stage: str = Field(description="`open` for comment, or `final`.")
    acknowledged: bool = Field(False, description="That cited texts were revised since was looked at.")


class RecommendationDraft(Shape):
    """A draft of a recommendation, for those who write the outcome."""

    id: UUID = Field(description="Of the recommendation.")
    number: int | None = Field(description="Null before it was public.")
    version: int
    topic: str
    title: str
    statement: str
    language: str
    addressee: Addressee
    missing: list[str] = Field(description="What has to be said before it can be public.")
    citations: list[Citation]
    public: Literal["draft", "open", "final"] = Field(description="The stage of what is public; `draft`: nothing is.")


class RecommendationDraftPage(Shape):
    """The drafts, newest first."""

    items: list[RecommendationDraft]
    next: str | None
