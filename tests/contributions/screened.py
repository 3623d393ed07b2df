"""What screening stored, and a consultation that screens as a test wants it."""

from uuid import UUID

from sqlalchemy import select

from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.contributions.screening_models import Fingerprint, Screening
from app.database import Database
from app.permissions import OPERATOR
from tests.making import DEFINITIONS, SLUG

LINKS = "Look: " + " ".join(f"https://shop{number}.example/cheap" for number in range(4))
LONG = (
    "Our association has run an evening school for six years, and what keeps people away is neither the fee nor the"
    " distance but the hours: whoever cleans offices at night cannot come at seven, so we open at noon as well."
)


async def screen_with(database: Database, lines: str) -> None:
    """Load the founding definition with these lines under `[screening]`."""
    text = (DEFINITIONS / f"{SLUG}.toml").read_text() + f"\n[screening]\n{lines}\n"
    async with database.writing() as session:
        await load_definition(session, OPERATOR, parse(text))


async def signs(database: Database, id: UUID) -> list[str]:
    """The names of the signs of a contribution."""
    async with database.writing() as session:
        found = select(Screening.sign).where(Screening.contribution_id == id).order_by(Screening.sign)
        return list(await session.scalars(found))


async def fingerprints(database: Database) -> list[Fingerprint]:
    """All that are kept."""
    async with database.writing() as session:
        return list(await session.scalars(select(Fingerprint).order_by(Fingerprint.created)))
