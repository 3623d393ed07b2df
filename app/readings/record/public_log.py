"""The public moderation log: every decision as the record tells it, with its reason where that may be read.

That something was decided is an entry, `decision.made`, and of a decision on what was never public that is all there
is. The reason, and who signed, come from the decision's own row: the reader sees none but those of what was public.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, errors
from app.language import gettext as _
from app.moderation.models import Appeal, Decision
from app.record.models import Entry

MOST = 50
# Why there is a reason to be read, or none: it is shown; none was due and none given; the text is erased and the
# reason with it; or what was decided upon was never public.
ReasonIs = Literal["shown", "none", "erased", "withheld"]
_IS_DECISION = Entry.kind == literal_column("'decision.made'")  # spelt out: the index of these is for them alone
_IS_APPEAL = Entry.kind.in_([literal_column("'appeal.made'"), literal_column("'appeal.decided'")])


@dataclass(frozen=True, slots=True)
class Said:
    """A reason, and what the record committed to: SHA-256(salt || RFC 8785 JSON) is `hash`."""

    reason: str | None
    reason_is: ReasonIs
    salt: str | None
    hash: str | None

    def commitment(self, seq: int) -> dict[str, Any] | None:
        """For the API. Without salt where there is nothing (more) to be checked."""
        return {"seq": seq, "salt": self.salt, "hash": self.hash} if self.hash else None


@dataclass(frozen=True, slots=True)
class LoggedAppeal:
    """An appeal against a decision, and what became of it: `outcome` is None while it waits."""

    made: datetime | None
    decided: datetime | None = None
    decided_seq: int | None = None
    outcome: str | None = None  # upheld, overturned
    role: str | None = None
    by_same: bool | None = None
    said: Said | None = None

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "made": clock.iso(self.made), "decided": clock.iso(self.decided), "outcome": self.outcome,
            "role": self.role, "by_same": self.by_same, "reason": self.said.reason if self.said else None,
            "reason_is": self.said.reason_is if self.said else None,
            "commitment": self.said.commitment(self.decided_seq) if self.said and self.decided_seq else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """One decision as anyone may read it."""

    id: UUID
    seq: int
    time: datetime
    act: str
    rule: str | None
    number: int | None  # of the contribution, if it was ever public
    contribution: UUID | None
    role: str | None
    decider_name: str | None
    said: Said
    appeal: LoggedAppeal | None = None

    @property
    def changed(self) -> datetime:
        """When the last thing happened to it: made, appealed, or looked at again."""
        appeal = self.appeal
        later = (appeal.made, appeal.decided) if appeal else ()
        return max([self.time, *(moment for moment in later if moment is not None)])

    def json(self, home: str) -> dict[str, Any]:
        """As the API gives it. `home` is the consultation's address."""
        return {
            "id": str(self.id), "seq": self.seq, "time": clock.iso(self.time), "url": f"{home}/decisions/{self.seq}",
            "act": self.act, "rule": self.rule, "number": self.number,
            "contribution": str(self.contribution) if self.contribution else None,
            "contribution_url": f"{home}/{self.number}" if self.number else None,
            "role": self.role, "decider_name": self.decider_name, "reason": self.said.reason,
            "reason_is": self.said.reason_is, "commitment": self.said.commitment(self.seq),
            "appeal": self.appeal.json() if self.appeal else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogPage:
    """Decisions, newest first unless asked otherwise; `next` is the `seq` after which they go on, None at the end."""

    items: Sequence[LoggedDecision]
    next: int | None


async def log(
    connection: AsyncConnection, consultation: UUID, *, limit: int = MOST, after: int | None = None,
    oldest_first: bool = False, number: int | None = None, act: str | None = None,
) -> LogPage:  # fmt: skip
    """One page of the log. `after` is where the last one ended; `number` and `act` narrow it down."""
    query = _decisions(consultation)
    if after is not None:
        query = query.where(Entry.seq > after if oldest_first else Entry.seq < after)
    if number is not None:
        query = query.where(Decision.consultation_id == consultation, Decision.number == number)
    if act is not None:
        query = query.where(Entry.payload["act"].astext == act)
    order = Entry.seq.asc() if oldest_first else Entry.seq.desc()
    rows = (await connection.execute(query.order_by(order).limit(limit + 1))).all()
    shown = await _with_appeals(connection, consultation, [_decision(row) for row in rows[:limit]])
    return LogPage(shown, shown[-1].seq if len(rows) > limit else None)


async def logged(connection: AsyncConnection, consultation: UUID, seq: int) -> LoggedDecision:
    """The decision with this number in the record. Raises NotFound."""
    row = (await connection.execute(_decisions(consultation).where(Entry.seq == seq))).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such decision in this consultation’s record."))
    return (await _with_appeals(connection, consultation, [_decision(row)]))[0]


def committed(decision: LoggedDecision) -> dict[str, Any]:
    """What the record committed to: the content of the hash."""
    return {"act": decision.act, "rule": decision.rule, "reason": decision.said.reason}


def _decisions(consultation: UUID) -> Select[Any]:
    return (
        select(
            Entry.subject, Entry.seq, Entry.time, Entry.payload, Decision.id, Decision.reason, Decision.salt,
            Decision.decider_name,
        )
        .outerjoin(Decision, Decision.id == Entry.subject)
        .where(Entry.record_id == consultation, Entry.public, _IS_DECISION)
    )  # fmt: skip


def _decision(row: Any) -> LoggedDecision:
    told = row.payload
    return LoggedDecision(
        id=row.subject, seq=row.seq, time=row.time, act=told["act"], rule=told.get("rule"), number=told.get("number"),
        contribution=UUID(told["contribution"]) if "contribution" in told else None, role=told.get("role"),
        decider_name=row.decider_name, said=_said(row, told),
    )  # fmt: skip


def _said(row: Any, told: dict[str, Any]) -> Said:
    """`row.id` is None where the reader may not see the row."""
    salt = row.salt.hex() if row.salt else None
    if row.id is None:
        reason_is: ReasonIs = "withheld"
    elif salt is None:
        reason_is = "erased"
    else:
        reason_is = "shown" if row.reason else "none"
    return Said(row.reason, reason_is, salt, told.get("hash"))


async def _with_appeals(
    connection: AsyncConnection, consultation: UUID, decisions: Sequence[LoggedDecision]
) -> list[LoggedDecision]:
    if not decisions:
        return []
    entries = (
        select(Entry.seq, Entry.time, Entry.kind, Entry.payload)
        .where(Entry.record_id == consultation, Entry.public, _IS_APPEAL)
        .where(Entry.seq > min(each.seq for each in decisions))
        .where(Entry.payload["decision"].astext.in_([str(each.id) for each in decisions]))
        .order_by(Entry.seq)
    )
    told = (await connection.execute(entries)).all()
    if not told:
        return list(decisions)
    mentioned = {UUID(row.payload["decision"]) for row in told}
    query = select(Appeal.id, Appeal.decision_id, Appeal.reason, Appeal.salt).where(Appeal.decision_id.in_(mentioned))
    rows = {row.decision_id: row for row in (await connection.execute(query)).all()}
    appeals: dict[UUID, LoggedAppeal] = {}
    for entry in told:
        decision = UUID(entry.payload["decision"])
        appeals[decision] = _appeal(appeals.get(decision), entry, rows.get(decision, _UNSEEN))
    return [replace(each, appeal=appeals.get(each.id)) for each in decisions]


def _appeal(before: LoggedAppeal | None, entry: Any, row: Any) -> LoggedAppeal:
    if entry.kind == "appeal.made":
        return LoggedAppeal(entry.time)
    told = entry.payload
    return replace(
        before or LoggedAppeal(None), decided=entry.time, decided_seq=entry.seq, outcome=told.get("outcome"),
        role=told.get("role"), by_same=bool(told.get("by_same")), said=_said(row, told),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Unseen:
    """In place of a row that the reader may not see."""

    id: None = None
    reason: None = None
    salt: None = None


_UNSEEN = _Unseen()
