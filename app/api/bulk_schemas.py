"""Many contributions in one call: what is sent, and what is answered."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from app.api.problem_schemas import FieldError
from app.api.requests import Body, Topic
from app.api.schemas import Shape
from app.contributions.arrivals import ID_LIMIT, SOURCE_LIMIT
from app.contributions.bulk import MOST, Rows
from app.contributions.submissions import BODY_LIMIT, TITLE_LIMIT


def _text(about: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": about, **more}


# Each item is checked by itself, so that one that is wrong does not stop the others.
_ITEM = {
    "type": "object", "additionalProperties": False, "required": ["id", "body"],
    "properties": {
        "id": _text(f"Your own id of it, at most {ID_LIMIT} characters: it stands in the public record for ever."),
        "parent_id": _text("Id of the imported text that it replies to, in this call or an earlier one."),
        "topic_id": _text("Slug of a topic: it begins a thread there. Or the id of an imported text of its thread."),
        "title": _text(f"At most {TITLE_LIMIT} characters; left out of a root, it is how the text begins."),
        "body": _text(f"Markdown; at most {BODY_LIMIT} characters."),
        "author": _text("A name to show, with its bearer’s consent. Left out: anonymous."),
        "created_at": _text("When it was written.", examples=["2016-07-26T09:00:00Z"]),
        "lang": _text("BCP 47 tag; default: `language`."),
        "kind": _text("`experience`, `proposal`, `question`, `resource`, `note`, `reply`."),
        "source": _text("Where it comes from; default: `source`."),
        "questions": {
            "type": "array", "items": {"type": "string"},
            "description": "Guiding questions of its topic that it answers. Of a reply, others are left out.",
        },
        "deposit": {
            "type": "boolean", "description": "Its author agreed that it is deposited in a research archive.",
        },
    },
}  # fmt: skip


class NewContributions(Body):
    """Contributions from a process elsewhere, as rows of an import file: see docs/importing.md."""

    items: Annotated[
        list[dict[str, Any]], Field(min_length=1, max_length=MOST),
        WithJsonSchema({"type": "array", "minItems": 1, "maxItems": MOST, "items": _ITEM}),
    ]  # fmt: skip
    source: str = Field(
        min_length=1, max_length=SOURCE_LIMIT, description="The process that they come from, for the provenance."
    )
    language: str = Field("en", max_length=100, description="Of items that name none.")
    topic: Topic | None = None

    def rows(self) -> Rows:
        """The same for the action."""
        return Rows(self.items, self.source, self.language, self.topic)


class BulkResult(Shape):
    """What became of one item."""

    id: str | None
    state: Literal["created", "unchanged", "refused"] = Field(
        description="`unchanged`: this id was imported before; nothing was done."
    )
    contribution: UUID | None
    number: int | None
    errors: list[FieldError] = Field(description="What is wrong with it, where it was refused.")


class BulkResults(Shape):
    """One result for each item, in their order, and how many of each."""

    items: list[BulkResult]
    created: int
    unchanged: int
    refused: int
