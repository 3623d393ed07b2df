"""Guiding questions, made like their definition. One that may have been answered is never reworded silently."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations import definition as definitions
from app.consultations.models import GuidingQuestion, QuestionWording, Topic


async def update_questions(session: AsyncSession, topic: Topic, given: definitions.Topic) -> list[str]:
    """Add, reword and, while nobody has spoken in the topic, remove questions. Returns what changed.

    Once somebody has, an earlier wording is kept beside the new one, and a question that is no longer named stays.
    """
    rows = await session.scalars(select(GuidingQuestion).where(GuidingQuestion.topic_id == topic.id))
    present = {question.key: question for question in rows}
    gone = [question for key, question in present.items() if key not in {each.key for each in given.questions}]
    reworded = [each for each in given.questions if each.key in present and present[each.key].text != each.text]
    spoken_in = bool(gone or reworded) and await has_contributions(session, topic)
    changed = []
    for position, wanted in enumerate(given.questions):
        question = present.get(wanted.key) or GuidingQuestion(topic_id=topic.id, key=wanted.key, version=1)
        if wanted in reworded and spoken_in:
            _keep_wording(session, question)
        if (question.text, question.position) != (wanted.text, position):
            question.text, question.position = wanted.text, position
            changed.append(f"question {wanted.key}")
        session.add(question)
    for question in () if spoken_in else gone:
        await session.delete(question)
        changed.append(f"question {question.key}")
    await session.flush()
    return changed


async def has_contributions(session: AsyncSession, topic: Topic) -> bool:
    """Whether anything was said in a topic, public or not. The foreign keys know: it could not be deleted."""
    connection = await session.connection()
    trial = await connection.begin_nested()
    try:
        await connection.execute(delete(Topic.__table__).where(Topic.__table__.c.id == topic.id))  # type: ignore[arg-type]
    except IntegrityError:
        return True
    finally:
        await trial.rollback()
    return False


def _keep_wording(session: AsyncSession, question: GuidingQuestion) -> None:
    session.add(
        QuestionWording(question_id=question.id, version=question.version, text=question.text, until=clock.now())
    )
    question.version += 1


async def questions_of(session: AsyncSession, topic: UUID) -> set[str]:
    """The keys of a topic's questions."""
    return set(await session.scalars(select(GuidingQuestion.key).where(GuidingQuestion.topic_id == topic)))
