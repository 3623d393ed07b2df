"""Where somebody writes: the consultation, the topic, what is replied to, and who would sign."""

from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.accounts.profile import profile_of
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.discussion import contributions, thread
from app.readings.outcome import recommendations
from app.readings.outcome.recommendations import Commentable
from app.readings.views import ContributionView, view
from app.web.kit.contribution_form import Signer, signer_of
from app.web.kit.visit import Visit


@dataclass(frozen=True, slots=True)
class Place:
    """A topic and, for a reply, the contribution that is answered."""

    consultation: ConsultationView
    topic: TopicView | None
    parent: ContributionView | None = None
    recommendation: Commentable | None = None

    @property
    def is_open(self) -> bool:
        """Whether the topic takes contributions now; of a comment, whether the recommendation does."""
        if self.recommendation is not None:
            return self.recommendation.is_open
        return self.topic is not None and self.topic.phase == "open"


async def place(visit: Visit, slug: str, topic: str, parent: int | None, recommendation: int | None = None) -> Place:
    """The place with this topic's slug, or of contribution or recommendation with this number. Raises NotFound,
    Gone."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        if recommendation is not None:
            on = await recommendations.commentable(connection, consultation.id, recommendation)
            return Place(consultation, consultation.topic(on.topic), recommendation=on)
        if parent is None:
            found = next((each for each in consultation.topics if each.slug == topic), None)
            return Place(consultation, found)
        answered, topic_id = await thread.focus(connection, consultation.id, parent)
    if answered.status != "published":
        raise errors.Gone(_("What you reply to is no longer public, so it takes no replies. Your text is below."))
    return Place(consultation, consultation.topic_by_id(topic_id), answered)


async def signer(visit: Visit) -> Signer:
    """Who would sign."""
    if visit.actor.person is None:
        return Signer()
    async with visit.database.at_once() as connection:
        return signer_of(await profile_of(connection, visit.actor, visit.actor.person))


async def public_view(connection: AsyncConnection, id: UUID) -> ContributionView | None:
    """A contribution by its identifier, None where it is not public."""
    try:
        document, _revision = await contributions.by_id(connection, id, "")
    except errors.PlenaryError:
        return None
    return view(orjson.loads(document))
