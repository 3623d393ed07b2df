"""What was said in a room, on paper or in another organisation's process, as contributions with their provenance.

Who transcribed it owns the text: they can edit, withdraw and erase it, and hear of decisions on it. Who said it is in
the byline alone, and only as far as they agreed; a name in the provenance would outlive a byline that is lowered.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app import clock, errors
from app.accounts.byline import Signature
from app.accounts.organisations import organisation_id, organisation_key
from app.accounts.tokens import sealed
from app.consultations import schedule
from app.consultations.floor import Floor
from app.contributions import bylines, depositing, publishing, writing
from app.contributions.acting import note_privately
from app.contributions.models import Contribution
from app.contributions.submissions import Submission
from app.language import gettext as _

TRANSCRIBED, CONFIRMED = "transcribed", "confirmed"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it, as far as they agreed to be named: a name, an organisation, both or neither (a participant)."""

    name: str | None = None
    organisation: str | None = None
    organisation_kind: str = "other"
    organisation_country: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """One checked text that somebody else said. `provenance` is as its JSON shows it."""

    id: UUID
    floor: Floor
    given: Submission
    channel: str
    speaker: Speaker
    provenance: dict[str, Any]
    deposit: bool = False  # the source agreed that it goes into a research archive


def is_transcript(provenance: Mapping[str, Any] | None) -> bool:
    """Whether this is the provenance of a transcription: an import's names its file instead."""
    return provenance is not None and "confirmation" in provenance


def is_of_others(provenance: InstrumentedAttribute[dict[str, Any] | None]) -> ColumnElement[bool]:
    """The same for queries of packages above."""
    found: ColumnElement[bool] = provenance.has_key("confirmation")
    return found


def require_time(floor: Floor, said: date, *, at_once: bool) -> None:
    """Raises Closed where the topic takes nothing now; moderators may still enter what was said before it closed."""
    if not at_once:
        floor.require_open()
        return
    _opens, closes = schedule.topic_window(floor.phases, floor.opens, floor.closes)
    if closes is not None and said > closes.astimezone(ZoneInfo(floor.time_zone)).date():
        raise errors.Closed(
            _(
                "This was said after “%(topic_title)s” closed, so it cannot become a contribution to it.",
                topic_title=floor.topic_title,
            ),
            since=clock.iso(closes),
        )


async def take_in(
    session: AsyncSession, person: UUID, consultation: UUID, given: Sequence[Transcript], *, at_once: bool
) -> list[Contribution]:
    """Root contributions from these texts, owned by who transcribed them: public at once, or waiting in the queue."""
    owner = await bylines.author_of(session, consultation, person)
    texts = []
    for each in given:
        contribution = _contribution(each, owner)
        shown = bylines.shown(*_signed(each.speaker, consultation))
        texts.append((contribution, writing.new_revision(contribution, 1, each.given, shown), each.floor))
    agreed = [each.id for each in given if each.deposit]
    await depositing.keep_many(session, person, consultation, agreed)
    if at_once:
        await publishing.publish_many(session, texts, {})
    else:
        for contribution, revision, _floor in texts:
            await writing.let_wait(session, contribution, revision)
    return [contribution for contribution, _revision, _floor in texts]


async def mark_confirmed(session: AsyncSession, contribution: Contribution, floor: Floor, revision: int) -> None:
    """The source has confirmed this revision of a locked contribution. Public readers and followers are told."""
    today = clock.now().astimezone(ZoneInfo(floor.time_zone)).date()
    await _set(session, contribution, floor, confirmation=confirmation(CONFIRMED, today, revision))


async def forget_transcriber(session: AsyncSession, contribution: Contribution, floor: Floor) -> None:
    """Who transcribed it is no longer named, since they close their account; what others said stays."""
    by = (contribution.provenance or {}).get("transcribed_by") or {}
    if by.get("name"):
        await _set(session, contribution, floor, transcribed_by={**by, "name": None})


def confirmation(state: str = TRANSCRIBED, day: date | None = None, revision: int | None = None) -> dict[str, Any]:
    """Whether the source has confirmed the text, when, and which revision of it."""
    return {"state": state, "date": day.isoformat() if day else None, "revision": revision}


def require_speaker(speaker: Speaker, consent: str, faults: dict[str, str], at: Collection[str] = ()) -> None:
    """A fault for every name that is given without a recorded consent to it. `at` leads to the field."""

    def refuse(field: str, fault: str) -> None:
        faults[".".join((*at, field))] = fault

    if speaker.name and consent != "name":
        refuse("consent", _("Nobody is named without a recorded consent: record it, or leave the name out."))
    elif speaker.organisation and consent not in ("name", "organisation"):
        refuse("consent", _("No organisation is named without a recorded consent: record it, or leave the name out."))
    elif consent == "name" and not speaker.name:
        refuse("name", _("Who agreed to be named? Please write the name."))
    elif consent == "organisation" and not speaker.organisation:
        refuse("organisation", _("Which organisation agreed to be named? Please write its name."))


def _contribution(given: Transcript, owner: UUID) -> Contribution:
    contribution = Contribution(
        id=given.id, consultation_id=given.floor.consultation, topic_id=given.floor.topic, thread_id=given.id,
        parent_id=None, depth=0, author_id=owner, kind=given.given.kind, channel=given.channel,
        provenance=given.provenance, tags=[], latest=1, status="pending", since=clock.now(),
    )  # fmt: skip
    contribution.created = contribution.updated = contribution.since
    return contribution


def _signed(speaker: Speaker, consultation: UUID) -> tuple[str, UUID, Signature]:
    """The byline that a speaker's consent allows, and what it shows.

    A speaker has no account and no row: their id is made of the name and the server's key, one in each consultation.
    """
    byline = "full" if speaker.name else "organisation" if speaker.organisation else "anonymous"
    named = organisation_key(speaker.name or "").encode()
    id = UUID(bytes=sealed("speaker", consultation.bytes, named)[:16], version=4)
    if speaker.organisation is None:
        return byline, id, Signature(speaker.name or "", "personal")
    return byline, id, Signature(
        speaker.name or "", "organisation", organisation_id=organisation_id(speaker.organisation),
        organisation_name=speaker.organisation, organisation_kind=speaker.organisation_kind,
        organisation_country=speaker.organisation_country,
    )  # fmt: skip


async def _set(session: AsyncSession, contribution: Contribution, floor: Floor, **changes: Any) -> None:
    contribution.provenance = {**(contribution.provenance or {}), **changes}
    if contribution.status == "published":
        await publishing.update_public(session, contribution, floor, "contribution.updated", changed=["provenance"])
    else:
        await note_privately(session, contribution, "text.updated", changed=["provenance"])


def still_there(id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether the contribution with this id is not erased: for queries of packages above."""
    return exists().where(Contribution.id == id, Contribution.status != "erased")
