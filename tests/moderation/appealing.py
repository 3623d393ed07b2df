"""Appeals as the record tells them: rows and entries, whoever makes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import clock, record
from app.database import Database
from app.moderation.models import Appeal, Decision
from app.record import commitments
from tests.making import Made


async def newest_decision(database: Database) -> Decision:
    """The decision that was made last."""
    async with database.writing() as session:
        return (await session.scalars(select(Decision).order_by(Decision.seq.desc()).limit(1))).one()


async def appeal(
    database: Database, made: Made, decision: Decision, outcome: str | None = None, *, by_same: bool = False,
    reason: str = "It broke no rule.",
) -> UUID:  # fmt: skip
    """The author appeals against a decision, and, with an outcome, somebody looks at it again."""
    about = {"contribution": decision.contribution_id, "number": decision.number} if decision.number else {}
    salt, answer = commitments.fresh_salt(), {}
    committed = commitments.commitment(salt, {"outcome": outcome, "reason": reason})
    if outcome:
        answer = {"reason": reason, "salt": salt, "hash": committed, "by_same": by_same, "decided": clock.now()}
    async with database.writing() as session:
        made_appeal = Appeal(
            id=clock.new_id(), consultation_id=made.id, contribution_id=decision.contribution_id,
            decision_id=decision.id, number=decision.number, words="Words of an author.", outcome=outcome, **answer,
        )  # fmt: skip
        session.add(made_appeal)
        await session.flush()
        await record.append(session, made.id, "appeal.made", made_appeal.id, decision=decision.id, **about)
        if outcome:
            await record.append(
                session, made.id, "appeal.decided", made_appeal.id, decision=decision.id, outcome=outcome,
                hash=committed, role="organiser", by_same=by_same or None, **about,
            )  # fmt: skip
    return made_appeal.id


def at(monkeypatch: object, moment: datetime) -> None:
    """Let the clock stand still at a moment."""
    monkeypatch.setattr(clock, "now", lambda: moment)  # type: ignore[attr-defined]
