"""Mail that was written to files, deleted once there is nobody or nothing left that it speaks of.

No file is found by an address: an erased account has none any more. A sign-in's mail stays as long as the sign-in is
known, that of a decision, or of what became of a flag or an appeal, as long as its reader has an account and nothing
was erased of the text, that to a source until it is answered or over, a moderator's letter as long as its words stand,
that about a mandate as long as the request is kept, that about a meeting as long as its reader is registered, that to
an organisation until it is answered or over, the answer to a mail as long as that is kept, so is that with a role that
is offered, and that to somebody on an organiser's list, or to an institution on one, as long as their address is kept.
What quotes others to followers stays for a day, or until anything at all is erased or taken back or a byline lowered:
by its name no file tells whom it quotes.
"""

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.mandate_links import addressed_among as claims_passed_on
from app.accounts.sign_in import known_challenges
from app.config import settings
from app.meetings.sources import addressed_among
from app.notifications.webhooks.forgetting import known_among
from app.outreach.delivering import addressed_among as invitees_kept
from app.readings.letters.letters import kept_letters
from app.readings.letters.meeting_letters import kept_readers, kept_registrations
from app.readings.letters.news_letters import kept_people
from app.readings.letters.outcome_letters import kept_outcomes
from app.readings.letters.sending_letters import kept_links, kept_sendings
from app.readings.letters.told_letters import kept_tellings
from app.readings.mailed import kept_mails
from app.readings.organising.invitation_letters import kept_invitations
from app.readings.organising.mandates import kept_claims
from app.readings.organising.team import kept_offers, kept_roles
from app.record.following import Seen

KINDS = frozenset(("account.erased", "contribution.erased", "contribution.redacted", "text.erased",
                   "contribution.withdrawn", "contribution.updated",
                   "source.confirmed", "source.disputed", "mandate.confirmed", "mandate.declined",
                   "mandate.taken_back", "invitee.declined", "round.forgotten", "role.granted", "role.withdrawn",
                   "role.declined", "addressee.changed"))  # fmt: skip
_ID = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_SIGN_IN, _DECISION = re.compile(rf"sign-in-{_ID}\.eml"), re.compile(rf"decision-{_ID}-{_ID}\.eml")
_OUTCOME = re.compile(rf"(flag|appeal)-{_ID}-{_ID}\.eml")
_SOURCE = re.compile(rf"source-{_ID}\.eml")
_WEBHOOK = re.compile(rf"webhook-{_ID}-\d+\.eml")
_INVITATION = re.compile(rf"invitation-{_ID}-{_ID}\.eml")
_MANDATE = re.compile(rf"mandate-(?:confirmed|declined|ended)-{_ID}\.eml")
_REGISTRATION, _MEETING = re.compile(rf"registration-{_ID}-\d+\.eml"), re.compile(rf"meeting-{_ID}-{_ID}-\d+\.eml")
_ORGANISATION = re.compile(rf"organisation-{_ID}-\d+\.eml")
_ROLE_OFFER, _ROLE_ENDED = re.compile(rf"role-offer-{_ID}\.eml"), re.compile(rf"role-ended-{_ID}\.eml")
_INVITEE, _ANSWER = re.compile(rf"invitee-{_ID}\.eml"), re.compile(rf"mail-{_ID}-\d+\.eml")
_SENT, _ASKED = re.compile(rf"outcome-{_ID}\.eml"), re.compile(rf"answer-{_ID}-\d+\.eml")
_TOLD = re.compile(rf"told-{_ID}-{_ID}\.eml")
_QUOTES = re.compile(rf"(?:news|digest)-[0-9a-f-]+-{_ID}\.eml")
_TO_MANY = re.compile(rf"(?:news|digest|waiting|opened|extended|closing|report|cited)-[0-9a-f-]+-{_ID}\.eml")
_UNFINISHED = re.compile(
    r"\.(sign-in|decision|flag|appeal|source|invitation|invitee|webhook|mandate-[a-z]+|organisation|registration|meeting"
    r"|role-[a-z]+|mail|news|digest|waiting|opened|extended|closing|report|cited|outcome|answer|told)"
    r"-[0-9a-f-]+\.[0-9a-f]{8}"
)
_A_DAY = 86_400.0  # seconds
_GIVEN_UP = 3600.0  # seconds after which nobody is writing a file any more
_AT_ONCE = 1_000  # files asked about in one query

Kept = Callable[[AsyncSession, Collection[UUID]], Awaitable[Collection[UUID]]]
_ABOUT_ONE: dict[re.Pattern[str], Kept] = {
    _WEBHOOK: known_among, _MANDATE: kept_claims, _ORGANISATION: claims_passed_on, _ROLE_OFFER: kept_offers,
    _ROLE_ENDED: kept_roles, _INVITEE: invitees_kept, _REGISTRATION: kept_registrations, _SENT: kept_sendings,
    _ASKED: kept_links, _TO_MANY: kept_people, _ANSWER: kept_mails,
}  # fmt: skip
Result = TypeVar("Result")


async def follow(session: AsyncSession, entries: Sequence[Seen]) -> None:
    """After an erasure, delete what is left of it in files; only then the cursor moves. Raises RuntimeError."""
    if any(entry.kind != "contribution.updated" or "byline" in entry.payload for entry in entries):
        await _tidy(session, quoted_before=0.0)


async def tidy(session: AsyncSession) -> None:
    """Delete every mail file that has lost what it speaks of. Also done by the clock: a mail may be under way."""
    await _tidy(session, quoted_before=_A_DAY)


async def _tidy(session: AsyncSession, *, quoted_before: float) -> None:
    folder = settings().mail_folder
    names, over = await _aside(_names, folder, quoted_before)
    for start in range(0, len(names), _AT_ONCE):
        over += await _over(session, names[start : start + _AT_ONCE])
    if over:
        await _aside(_delete, folder, over)


async def _over(session: AsyncSession, names: Sequence[str]) -> list[str]:
    challenges = {UUID(match[1]): name for name, match in _matches(_SIGN_IN, names)}
    told = {(UUID(match[1]), UUID(match[2])): name for name, match in _matches(_DECISION, names)}
    outcomes = {(match[1], UUID(match[2]), UUID(match[3])): name for name, match in _matches(_OUTCOME, names)}
    asked = {UUID(match[1]): name for name, match in _matches(_SOURCE, names)}
    invited = {(UUID(match[1]), UUID(match[2])): name for name, match in _matches(_INVITATION, names)}
    meetings = list(_matches(_MEETING, names))
    told_all = {(UUID(match[1]), UUID(match[2])): name for name, match in _matches(_TOLD, names)}
    reachable = await kept_tellings(session, told_all) if told_all else set()
    expected = await kept_readers(session, {(UUID(m[1]), UUID(m[2])) for _name, m in meetings}) if meetings else set()
    known = await known_challenges(session, challenges) if challenges else set()
    kept = await kept_letters(session, told) if told else set()
    standing = await kept_outcomes(session, outcomes) if outcomes else set()
    waited_for = await addressed_among(session, asked) if asked else set()
    unerased = await kept_invitations(session, invited) if invited else set()
    return [
        *(challenges[id] for id in challenges.keys() - known),
        *(told[pair] for pair in told.keys() - kept),
        *(outcomes[letter] for letter in outcomes.keys() - standing),
        *(asked[id] for id in asked.keys() - waited_for),
        *(name for name, match in meetings if (UUID(match[1]), UUID(match[2])) not in expected),
        *(invited[pair] for pair in invited.keys() - unerased),
        *(told_all[pair] for pair in told_all.keys() - reachable),
        *[name for pattern, kept in _ABOUT_ONE.items() for name in await _lost(session, names, pattern, kept)],
    ]


async def _lost(session: AsyncSession, names: Sequence[str], pattern: re.Pattern[str], kept: Kept) -> list[str]:
    """Those of the files of one kind, each about one thing, whose thing is not kept any more."""
    found = list(_matches(pattern, names))
    standing = await kept(session, {UUID(match[1]) for _name, match in found}) if found else set()
    return [name for name, match in found if UUID(match[1]) not in standing]


def _matches(pattern: re.Pattern[str], names: Sequence[str]) -> Iterator[tuple[str, re.Match[str]]]:
    return ((name, match) for name in names if (match := pattern.fullmatch(name)))


async def _aside(work: Callable[..., Result], *given: object) -> Result:
    """Work on files, without keeping others waiting. An OSError would be taken for a database that is away."""
    try:
        return await asyncio.to_thread(work, *given)
    except OSError as fault:
        raise RuntimeError("the mail files cannot be read or deleted") from fault


def _names(folder: Path, quoted_before: float) -> tuple[list[str], list[str]]:
    """The names of all files; and of those that somebody began to write and never finished, or that quote and are so
    many seconds old."""
    names = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    unfinished = [name for name in names if _UNFINISHED.fullmatch(name) and _is_older(folder / name, _GIVEN_UP)]
    quoting = [name for name in names if _QUOTES.fullmatch(name) and _is_older(folder / name, quoted_before)]
    return names, unfinished + quoting


def _is_older(file: Path, seconds: float) -> bool:
    try:
        return file.stat().st_mtime < time.time() - seconds
    except FileNotFoundError:
        return False


def _delete(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)  # or a crash of the machine could bring them back
    finally:
        os.close(opened)
