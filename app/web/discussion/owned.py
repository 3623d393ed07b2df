"""A text that its author, or a moderator, is about to act on: found by its number or its identifier."""

from dataclasses import dataclass
from uuid import UUID

from app import errors
from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import private, thread
from app.readings.discussion.private import Own
from app.web.discussion.own import address, own_entry
from app.web.kit.entries import Entry
from app.web.kit.visit import Visit


@dataclass(frozen=True, slots=True)
class Owned:
    """The text and where it stands."""

    consultation: ConsultationView
    own: Own

    @property
    def id(self) -> UUID:
        """The contribution's identifier."""
        return UUID(self.own.fields["id"])

    @property
    def thing(self) -> Thing:
        """Where it stands, as the rules need to know it."""
        return Thing(self.consultation.id, topic=self.consultation.topic(self.own.fields["topic"]).id)

    @property
    def address(self) -> str:
        """The contribution's page."""
        return address(self.own, self.consultation.slug)

    @property
    def entry(self) -> Entry:
        """The text as a page sets it."""
        return own_entry(self.own, self.consultation)


async def owned(visit: Visit, slug: str, which: str, *, by_author: bool = True) -> Owned:
    """The text at this address. Raises Unauthenticated, NotFound; Forbidden where it is public and somebody else's.

    Raises Gone for who erases twice: nobody knows any more whose an erased text was.
    """
    _signed_in = visit.person  # raises where nobody is
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        if which.isascii() and which.isdigit() and len(which) < 11:
            found, _topic = await thread.focus(connection, consultation.id, int(which))
            id, erased = found.id, found.status == "erased"
        else:
            id, erased = _identifier(which), False
    async with visit.database.writing() as session:
        own = await private.own(session, visit.actor, id, visit.base)
    known = which.isdigit()
    if own is not None and own.fields["consultation"] == slug and (own.mine or not by_author):
        return Owned(consultation, own)
    if erased:
        raise errors.Gone(
            _("Contribution %(number)s is no longer public: %(value)s.", number=which, value=_("it was erased"))
        )
    if known:
        raise errors.Forbidden(_("Only its author can do this.") if by_author else _("Only a moderator can do this."))
    raise errors.NotFound(_("There is no such contribution."))


def _identifier(which: str) -> UUID:
    try:
        return UUID(which)
    except ValueError:
        raise errors.NotFound(_("There is no such page.")) from None
