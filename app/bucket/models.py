"""The table of what the bucket has to lose. A trigger fills it when a row no longer holds what it kept there."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class BucketRemoval(Base):
    """An object that no row holds, and from when on it may be removed; noted before it is brought there."""

    __tablename__ = "bucket_removals"

    key: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime]
