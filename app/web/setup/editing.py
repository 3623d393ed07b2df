"""What the pages of setting up share: who may, the definition as it stands, and sending an edit to the one action."""

from collections.abc import Mapping
from typing import Any

from app import errors
from app.consultations.definition import Definition
from app.consultations.setting_up import Edit, edit
from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.organising import setup as readings
from app.readings.organising.setup import Setup
from app.web.kit.visit import Visit


async def to_set_up(visit: Visit, slug: str) -> ConsultationView:
    """The consultation, for its organisers. Raises NotFound, Unauthenticated, Forbidden."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    if not visit.may("consultation.define", Thing(consultation.id)):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(_("Only an organiser can do this."))
    return consultation


async def definition_of(visit: Visit, consultation: ConsultationView) -> Definition:
    """The definition as it stands, with what is not for the public."""
    async with visit.database.writing() as session:
        return await readings.definition(session, visit.actor, consultation.id)


async def setup_of(visit: Visit, consultation: ConsultationView) -> Setup:
    """The definition with the checklist."""
    async with visit.database.writing() as session:
        return await readings.setup(session, visit.actor, consultation.id)


async def send(
    visit: Visit, consultation: ConsultationView, fields: Mapping[str, Any], based_on: str, *, let_go: bool = False
) -> None:
    """Make these fields of the definition otherwise. Raises as `setting_up.edit`."""
    async with visit.database.writing() as session:
        spoken = await readings.spoken(session, consultation.id) if "languages" in fields else {}
        await edit(session, visit.actor, consultation.id, Edit(fields, based_on, let_go, spoken))
