"""What organisers do to set a consultation up: make it, edit its definition, announce it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.actions import give_founder
from app.accounts.private_consultations import make_private, make_public
from app.consultations.actions import enter_due_phases, store
from app.consultations.carrying import all_carried
from app.consultations.definition import Definition
from app.consultations.drafting import drafted, written
from app.consultations.models import Consultation
from app.consultations.readiness import hindrances
from app.consultations.staying import require_dates, require_gone, require_let_go, require_same_window
from app.consultations.stored import definition_of, fingerprint
from app.language import gettext as _
from app.permissions import Actor, Thing, require


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be otherwise: fields of the definition as a file has them, and how they were when the form was made.

    A language goes with its texts only where it is `let_go`. `spoken` says how many contributions there are in each
    language: contributions lie above, so the surface that read them says it.
    """

    fields: Mapping[str, Any]
    based_on: str
    let_go: bool = False
    spoken: Mapping[str, int] = field(default_factory=dict)


async def create(session: AsyncSession, actor: Actor, definition: Definition) -> UUID:
    """A new consultation, in preparation: its members alone see it. Who makes it is the first of them, an organiser.

    Raises Unauthenticated, Forbidden, and Invalid where its short name is taken.
    """
    require(actor, "consultation.create", Thing())
    consultation = Consultation(id=clock.new_id(), slug=definition.slug, definition={})
    await make_private(session, consultation.id, "preparing", actor.person)
    await _stored(session, consultation, definition)
    await give_founder(session, actor, consultation.id)
    return consultation.id


async def edit(session: AsyncSession, actor: Actor, id: UUID, asked: Edit) -> list[str]:
    """Make the definition otherwise. Returns what changed, a sentence each.

    Raises NotFound, Forbidden, Conflict where somebody changed the same fields meanwhile, and Invalid with a sentence
    for each field, under the names of `drafting`.
    """
    require(actor, "consultation.define", Thing(id))
    before = await definition_of(session, id, lock=True)
    if fingerprint(before, asked.fields.keys()) != asked.based_on:
        raise errors.Conflict(
            _("Somebody else changed this meanwhile. See theirs in another window; sending yours again replaces it.")
        )
    consultation = await session.get_one(Consultation, id)
    after = _edited(before, asked)
    if after.slug != before.slug and consultation.announced is not None:
        raise errors.Invalid({"slug": _("The short name stays: people and programs have addresses with it.")})
    if consultation.announced is not None:
        require_same_window(before, after)
    report = await _stored(session, consultation, after)
    await require_dates(session, id, after)
    await require_gone(session, id, before, after)
    return report


async def announce(session: AsyncSession, actor: Actor, id: UUID) -> None:
    """Let everyone see a consultation that was in preparation or, of a private one, whoever is invited.

    A second time changes nothing.

    Raises NotFound, Forbidden, and Conflict where something has to be done before.
    """
    require(actor, "consultation.define", Thing(id))
    definition = await definition_of(session, id, lock=True)
    consultation = await session.get_one(Consultation, id)
    if consultation.announced is not None:
        return
    if missing := hindrances(definition):
        raise errors.Conflict(" ".join(each.sentence for each in missing))
    if definition.private:
        await make_private(session, id, "invited", actor.person)
    else:
        await make_public(session, id)
    consultation.announced = consultation.updated = clock.now()
    await session.flush()
    await record.append(session, id, "consultation.updated", id, changed=["announced"])
    await enter_due_phases(session, id)


async def _stored(session: AsyncSession, consultation: Consultation, definition: Definition) -> list[str]:
    try:
        async with session.begin_nested():
            return await store(session, consultation, definition)
    except IntegrityError:
        taken = _("“%(slug)s” is taken: please choose another short name.", slug=definition.slug)
        raise errors.Invalid({"slug": taken}) from None


def _edited(before: Definition, asked: Edit) -> Definition:
    raw = written(before) | {name: value for name, value in asked.fields.items() if value is not None}
    raw = {name: value for name, value in raw.items() if name not in asked.fields or asked.fields[name] is not None}
    if "translations" not in asked.fields:
        raw["translations"] = all_carried(before, raw)
    if "languages" in asked.fields:
        kept = set(raw.get("languages", ()))
        lost = [tag for tag in before.languages if tag not in kept]
        if not asked.let_go:
            require_let_go(before, lost, asked.spoken)
        raw["translations"] = {tag: said for tag, said in raw["translations"].items() if tag not in lost}
    return drafted(raw)
