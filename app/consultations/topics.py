"""Topics, made like their definition. A part of loading."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record, text
from app.consultations import dates_in_force
from app.consultations import definition as definitions
from app.consultations.models import Extension, Topic
from app.consultations.questions import update_questions


async def update_topics(
    session: AsyncSession, consultation: UUID, wanted: definitions.Definition, acts: Sequence[Extension]
) -> list[str]:
    """Create, change and, where nothing depends on them, delete topics. Returns what changed, a sentence each.

    What organisers did to a topic's dates since stays while the file has the dates of before.
    """
    rows = await session.scalars(select(Topic).where(Topic.consultation_id == consultation))
    present = {topic.slug: topic for topic in rows}
    report: list[str] = []
    for position, given in enumerate(wanted.topics):
        topic = present.pop(given.slug, None)
        is_new = topic is None
        topic = topic or Topic(id=clock.new_id(), consultation_id=consultation, slug=given.slug)
        changed = _apply(topic, given, position, dates_in_force.window(wanted.window(given), acts, topic.id))
        session.add(topic)
        await session.flush()
        changed += await update_questions(session, topic, given)
        if changed:
            what = ["created"] if is_new else changed
            await record.append(session, consultation, "topic.updated", topic.id, topic=topic.slug, changed=what)
            report.append(f"topic {topic.slug}: {', '.join(what)}{'' if is_new else ' changed'}")
    return report + [await _remove(session, topic) for topic in present.values()]


def _apply(topic: Topic, given: definitions.Topic, position: int, window: tuple[object, object]) -> list[str]:
    values = {
        "position": position, "title": given.title, "background": given.background, "policy": given.policy,
        "opens": window[0], "closes": window[1], "moderators": list(given.moderators),
        "rapporteurs": list(given.rapporteurs),
    }  # fmt: skip
    changed = [name for name, value in values.items() if getattr(topic, name) != value]
    for name in changed:
        setattr(topic, name, values[name])
    if "background" in changed:
        topic.background_html = text.markdown(given.background)
    return changed


async def _remove(session: AsyncSession, topic: Topic) -> str:
    """Delete a topic that nothing refers to. The foreign keys know: contributions keep their topic."""
    try:
        async with session.begin_nested():
            await session.delete(topic)
            await session.flush()
    except IntegrityError:
        return f"topic {topic.slug}: no longer in the file, but it has contributions, so it stays"
    await record.append(
        session, topic.consultation_id, "topic.updated", topic.id, topic=topic.slug, changed=["removed"]
    )
    return f"topic {topic.slug}: removed, it had no contributions"
