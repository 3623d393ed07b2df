"""The deliveries that bring the outcome: to institutions on the organisers' list, and to everybody who contributed."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.notifications.models import Delivery
from app.notifications.to_many import BEHIND
from app.readings.letters.told_letters import to_be_told
from app.record.following import Seen

KINDS = ("outcome.sent", "answer.asked", "contributors.told")


async def rows_for(session: AsyncSession, entries: Sequence[Seen]) -> list[dict[str, Any]]:
    """The deliveries that these entries call for: one mail to each institution, one to each person."""
    rows: list[dict[str, Any]] = []
    for entry in entries:
        made = {"created": clock.now(), "due": clock.now(), "subject": entry.subject, "person_id": None}
        if entry.kind == "outcome.sent":
            rows.append(made | {"id": clock.new_id(), "kind": "outcome", "key": f"outcome-{entry.subject}"})
        elif entry.kind == "answer.asked":
            rows.append(made | {"id": clock.new_id(), "kind": "answer", "key": f"answer-{entry.subject}-{entry.seq}"})
        elif entry.kind == "contributors.told":
            rows += [
                made
                | {
                    "id": clock.new_id(),
                    "kind": "told",
                    "key": f"told-{entry.subject}-{person}",
                    "person_id": person,
                    "rank": BEHIND,
                }
                for person in sorted(await to_be_told(session, entry.subject))
            ]
    return rows


async def became(session: AsyncSession, sendings: Collection[UUID]) -> dict[UUID, str]:
    """What became of the mails of these sendings: `waiting`, `sent` or `failed`; of old ones nothing is known."""
    query = select(Delivery.subject, Delivery.sent, Delivery.due).where(
        Delivery.key.in_([f"outcome-{id}" for id in sendings])
    )
    return {
        row.subject: "sent" if row.sent else "waiting" if row.due else "failed" for row in await session.execute(query)
    }
