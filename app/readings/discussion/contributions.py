"""Single contributions as the public reads them, and what became of those no longer public."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased

from app import clock, errors
from app.consultations.models import Consultation
from app.contributions.models import Contribution, Publication
from app.contributions.public_row import just_published
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.readings import json_texts
from app.readings.views import ContributionView, view


async def by_id(connection: AsyncConnection, id: UUID, base: str) -> tuple[bytes, str]:
    """A published contribution as JSON text, and `R-S`: its public revision's number and its `seq`.

    Raises NotFound for what never was public, Gone (with its state) for what no longer is, Moved for what was merged.
    """
    row = (
        await connection.execute(
            select(*json_texts.COLUMNS, Consultation.slug)
            .join(Consultation, Consultation.id == Publication.consultation_id)
            .where(Publication.contribution_id == id)
        )
    ).one_or_none()
    if row is None:
        raise await absence(connection, Contribution.id == id, base)
    (text,) = json_texts.texts([row], f"{base}/c/{row.slug}/")
    return text, f"{json_texts.revision_in(text)}-{row.seq}"


async def by_ids(on: AsyncConnection | AsyncSession, ids: Collection[UUID]) -> dict[UUID, ContributionView]:
    """Those of these contributions that are public now."""
    query = select(Publication.contribution_id, Publication.document).where(Publication.contribution_id.in_(ids))
    return {row.contribution_id: view(row.document) for row in await on.execute(query)}


def as_published(session: AsyncSession, id: UUID, prefix: str) -> tuple[bytes, str] | None:
    """As `by_id`, of what this session has published last. None for all else."""
    row = just_published(session, id)
    if row is None:
        return None
    (text,) = json_texts.texts([[row[column.key] for column in json_texts.COLUMNS]], prefix)
    return text, f"{json_texts.revision_in(text)}-{row['seq']}"


async def support(connection: AsyncConnection, id: UUID, base: str) -> tuple[int, bytes]:
    """How many people support a published contribution, and the organisations as JSON. Raises as `by_id` does."""
    query = (
        select(Publication.endorsements, Publication.endorsers)
        .join(Consultation, Consultation.id == Publication.consultation_id)
        .where(Publication.contribution_id == id)
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise await absence(connection, Contribution.id == id, base)
    return row.endorsements, row.endorsers


async def absence(connection: AsyncConnection, which: ColumnElement[bool], base: str) -> errors.PlenaryError:
    """Why there is nothing to show: NotFound, exactly as for what never existed, Gone with the state,
    Moved where it was merged."""
    survivor = aliased(Contribution)
    row = (
        await connection.execute(
            select(
                Contribution.id,
                Contribution.number,
                Contribution.status,
                Contribution.since,
                Consultation.slug,
                survivor.id.label("into"),
                survivor.number.label("into_number"),
            )
            .join(Consultation, Consultation.id == Contribution.consultation_id)
            .outerjoin(survivor, and_(survivor.id == Contribution.merged_into, Contribution.status == "merged"))
            .where(which, Contribution.number.is_not(None))
        )
    ).one_or_none()
    if row is None or row.status == "published":
        return errors.NotFound(_("There is no such contribution."))
    if row.into is not None:
        return errors.Moved(
            _(
                "Contribution %(number)s was merged into %(into_number)s.",
                number=row.number,
                into_number=row.into_number,
            ),
            id=str(row.into),
            number=row.into_number,
            url=f"{base}/c/{row.slug}/{row.into_number}",
            state=row.status,
            since=clock.iso(row.since),
        )
    return errors.Gone(
        _("Contribution %(number)s is no longer public: %(value)s.", number=row.number, value=_(_PAST[row.status])),
        id=str(row.id), number=row.number, url=f"{base}/c/{row.slug}/{row.number}", state=row.status,
        since=clock.iso(row.since),
    )  # fmt: skip


_PAST = {
    "hidden": N_("a moderator hid it"),
    "withdrawn": N_("its author withdrew it"),
    "merged": N_("it was merged into another"),
    "erased": N_("it was erased"),
    "rejected": N_("it was not accepted"),
    "pending": N_("it waits"),
}
