"""What the API says of attachments."""

from typing import Literal

from pydantic import Field

from app.api import queries
from app.api.schemas import Attachment, Shape


class ListedAttachment(Attachment):
    """A file, with what it tells besides its text, as far as the caller is to know."""

    tells: list[Literal["authors", "comments", "changes"]] | None = Field(description="Null for all but the author.")


class ListedAttachmentPage(Shape):
    """The files of a contribution."""

    items: list[ListedAttachment]
    next: str | None


class Named(queries.Nothing):
    """What a file is called."""

    name: str = Field("", max_length=500, description="Its file name, where the body is the file itself.")
