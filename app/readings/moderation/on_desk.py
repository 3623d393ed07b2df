"""What lists on the desk show to whom: who moderates one topic sees what stands there, and nothing of any other."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement

from app.contributions.models import Contribution
from app.permissions import Actor


def on_desk(actor: Actor, consultation: UUID) -> Sequence[ColumnElement[bool]]:
    """The condition that a list joined to its contributions must put; none for who moderates the whole."""
    topics = actor.desk(consultation)
    return () if topics is None else (Contribution.topic_id.in_(topics),)
