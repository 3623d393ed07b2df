"""What an edit of a definition may not do: take away what people spoke in, or overrule what organisers decided."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations import dates_in_force, schedule
from app.consultations.definition import Definition
from app.consultations.questions import questions_of
from app.consultations.stored import topic_ids
from app.language import gettext as _
from app.language import language_name, ngettext


def require_let_go(before: Definition, lost: list[str], spoken: Mapping[str, int]) -> None:
    """Raises Invalid where there is something in a language that is to go."""
    for tag in lost:
        texts, contributions = len(before.translations.get(tag, {})), spoken.get(tag, 0)
        if texts or contributions:
            said = [
                ngettext("one text of this consultation", "%(n)s texts of this consultation", texts),
                ngettext("one contribution", "%(n)s contributions", contributions),
            ]
            raise errors.Invalid(
                {
                    "languages": _(
                        "%(language)s has %(texts)s and %(contributions)s. Tick the box below to remove it all the "
                        "same: its texts of this consultation go, contributions stay as they are.",
                        language=language_name(tag), texts=said[0], contributions=said[1],
                    )
                }
            )  # fmt: skip


def require_same_window(before: Definition, after: Definition) -> None:
    """Raises Invalid where opening or closing are another: people have made their plans, and are owed a reason.

    An end may still be set where there was none.
    """
    moved = _("It is announced: to move this date, use the page of dates, and say why.")
    were, wanted = before.schedule(), after.schedule()
    for at, phase in enumerate(after.phases):
        earlier = schedule.start_of(were, phase.name)
        if phase.name in ("open", "closed") and earlier is not None and earlier != wanted[at].starts:
            raise errors.Invalid({f"phases.{at}.starts": moved})
    if schedule.closing(were) is not None and schedule.closing(wanted) is None:
        raise errors.Invalid({"phases": moved})


async def require_dates(session: AsyncSession, id: UUID, after: Definition) -> None:
    """Raises Invalid where an act on dates would overrule a date that was just written."""
    acts = await dates_in_force.acts_of(session, id)
    overruled = _("An organiser moved this date away, and gave a reason. To move it again, use the page of dates.")
    wanted, in_force = after.schedule(), dates_in_force.phases(after.schedule(), acts)
    for at, phase in enumerate(wanted):
        if phase not in in_force:
            raise errors.Invalid({f"phases.{at}.starts": overruled})
    ids = await topic_ids(session, id)
    for at, topic in enumerate(after.topics):
        window = after.window(topic)
        for name, asked, is_now in zip(
            ("opens", "closes"), window, dates_in_force.window(window, acts, ids[topic.slug]), strict=True
        ):
            if asked != is_now:
                raise errors.Invalid({f"topics.{at}.{name}": overruled})


async def require_gone(session: AsyncSession, id: UUID, before: Definition, after: Definition) -> None:
    """Raises Invalid where something was taken out that has to stay, since people spoke there."""
    stay = await topic_ids(session, id)
    slugs = {topic.slug for topic in after.topics}
    for topic in before.topics:
        if topic.slug in stay and topic.slug not in slugs:
            raise errors.Invalid(
                {
                    "topics": _(
                        "“%(title)s” has contributions, so it stays, with its short name. It can be closed instead.",
                        title=topic.title,
                    )
                }
            )
    for at, topic in enumerate(after.topics):
        were = {each.key for known in before.topics if known.slug == topic.slug for each in known.questions}
        lost = were - {each.key for each in topic.questions}
        if lost & await questions_of(session, stay[topic.slug]):
            raise errors.Invalid(
                {
                    f"topics.{at}.questions": _(
                        "People have spoken in this topic, so question %(key)s stays. You can reword it.",
                        key=", ".join(sorted(lost)),
                    )
                }
            )
