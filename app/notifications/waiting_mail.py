"""The mail to moderators who want to hear at once of what waits for them. It holds no text: none is public."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actors import actor_of_person
from app.language import gettext as _
from app.language import speaking
from app.notifications.deliveries import Due
from app.notifications.letters import Block, Letter
from app.notifications.mail_headers import of_list, to_hear_less
from app.notifications.preferences import preferences_of
from app.notifications.stopping import Stop
from app.readings.letters.news_letters import reader_of
from app.readings.letters.waiting_letters import WaitingItem, waiting_item


async def waiting_letter(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    """What waits, and where it is decided; None once somebody has done it, or the reader wants no such mail."""
    reader = await reader_of(session, due.person) if due.person else None
    if reader is None or (await preferences_of(session, reader.person)).waiting != "at_once":
        return None
    with speaking(reader.language):
        item = await waiting_item(session, await actor_of_person(session, reader.person), due.subject)
        if item is None:
            return None
        stop = Stop(reader.person, "waiting")
        where = _("It stands in “%(topic)s”, a topic of “%(consultation)s”.", topic=item.topic,
                  consultation=item.consultation)  # fmt: skip
        blocks = (
            Block("paragraph", f"{_what(item)} {where}"),
            Block("link", _("To the desk"), base_url + item.path),
            Block("small", _("You get this because you moderate it.")),
            *to_hear_less(stop, base_url),
        )
        subject = _("It waits for you: %(title)s", title=item.consultation)
        return Letter(reader.email, reader.language, subject, blocks, of_list(("desk", item.slug), stop, base_url))


def _what(item: WaitingItem) -> str:
    if "appeal" in item.reasons:
        return _("An appeal waits for an answer.")
    if "flag" in item.reasons:
        return _("A contribution was reported.")
    if "edit" in item.reasons:
        return _("Changes to a contribution wait for a moderator.")
    return _("A new contribution waits for a moderator.")
