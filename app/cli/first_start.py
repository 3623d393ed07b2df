"""What happens once, before the first page is served: the founding consultation, and a way in for its organiser."""

from datetime import timedelta
from importlib.resources import files

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import record
from app.accounts.actions import grant_role
from app.accounts.roles import is_held
from app.cli.people import printed_address
from app.config import settings
from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.database import Database
from app.errors import Invalid, OperatorError
from app.permissions import OPERATOR
from app.readings.consultations import consultations

FOUNDING = files("app.consultations") / "definitions" / "mayoral-forum-2016.toml"
_LINK_LASTS = timedelta(days=1)


async def prepare(database: Database) -> list[str]:
    """Bring a migrated database to where people can use it. Returns lines for the operator's terminal.

    Without a consultation (the sample aside) it loads the founding one. Where nobody is an organiser it makes one, with
    a sign-in link. Later starts change nothing. Raises OperatorError where PLENARY_ORGANISER is no address.
    """
    async with database.writing() as session:
        # Several hosts may start together: the second finds all done.
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("first start", 0))))
        await record.ensure_service_log(session)
        lines = []
        if not await _real_ones(session):
            founding = parse(FOUNDING.read_text("utf-8"))
            await load_definition(session, OPERATOR, founding)
            lines.append(f"Loaded the consultation {founding.slug}: {founding.title}")
        if not await is_held(session, "organiser"):
            lines.append(await _make_organiser(session))
        return lines


async def _real_ones(session: AsyncSession) -> list[tuple[str, object]]:
    every = await consultations(await session.connection())
    return [(each.slug, each.id) for each in every if not each.sample]


async def _make_organiser(session: AsyncSession) -> str:
    email = settings().organiser
    try:
        for each in await consultations(await session.connection()):
            if not each.sample:
                await grant_role(session, OPERATOR, email, "organiser", each.id)
        link = await printed_address(session, email, _LINK_LASTS)
    except Invalid:
        raise OperatorError(f"PLENARY_ORGANISER is no mail address: {email}", status=2) from None
    return f"Sign in as organiser ({email}) with this link, once, within a day: {link}"
