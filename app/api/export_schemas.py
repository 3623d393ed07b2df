"""What the API says of exports."""

from datetime import datetime
from typing import Any

from pydantic import Field

from app.api.schemas import Shape


class ExportManifest(Shape):
    """What an export holds, to check one that was fetched."""

    file: str = Field(description="The name that it is saved under.")
    consultation: str
    title: str
    record_size: int = Field(description="Entries in the record: the export's `Plenary-Record-Size`.")
    contributions: int
    licence: dict[str, Any] | None = Field(description="Terms of the contributions: name, url, statement.")
    time: datetime = Field(description="Of the record's last entry.")
    sha256: str = Field(description="Of the export's bytes, uncompressed, as this address gives them to everyone.")
