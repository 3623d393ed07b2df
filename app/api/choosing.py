"""`fields=`: an answer's items with some of their fields only. Names that the shape of the items lacks are refused."""

from typing import Any, ClassVar

import orjson
from pydantic import BaseModel, Field, GetJsonSchemaHandler, field_validator
from pydantic_core import CoreSchema

from app.api.queries import Query
from app.language import gettext as _
from app.readings.json_texts import Texts

NAME = "fields"


class Choosing(Query):
    """Base of the queries of lists and single things: which fields of `shape` to give."""

    shape: ClassVar[type[BaseModel]]
    fields: str | None = Field(None, max_length=1_000, description="Only these fields, separated by commas.")

    @field_validator(NAME)
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        unknown = [name for name in (value or "").split(",") if name not in cls.shape.model_fields]
        if value is not None and unknown:
            raise ValueError(
                _("“%(name)s” is none of %(choice)s", name=unknown[0], choice=", ".join(cls.shape.model_fields))
            )
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """For the document, a list of known names."""
        described = handler.resolve_ref_schema(handler(core_schema))
        given = described["properties"][NAME]
        described["properties"][NAME] = {
            "description": given["description"], "type": "array", "minItems": 1,
            "items": {"type": "string", "enum": list(cls.shape.model_fields)},
        }  # fmt: skip
        return described

    def of(self, items: Texts) -> Texts:
        """The items with what was asked for of each."""
        return items if self.fields is None else Texts([(self.of_one(text),) for text in items])

    def of_one(self, text: bytes) -> bytes:
        """A JSON object with what was asked for of it."""
        if self.fields is None:
            return text
        names = frozenset(self.fields.split(","))
        return orjson.dumps({name: value for name, value in orjson.loads(text).items() if name in names})


class ChosenItem(BaseModel):
    """With `fields=`: those fields of it."""


class ChosenPage(BaseModel):
    """With `fields=`: a page whose items have those fields."""

    items: list[ChosenItem]
    next: str | None
