"""`person`, `key` and `sign-in`: roles, API keys and links for people, with an account made where there is none."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import complete_profile, grant_role, make_key
from app.accounts.actors import actor_of_person
from app.accounts.people import find_or_register
from app.accounts.profile_form import ProfileForm
from app.accounts.sign_in import LASTS, printed_link
from app.cli import Data, address, commands, naming, opened, run, say
from app.config import settings
from app.consultations.floor import consultation_id
from app.permissions import OPERATOR

Email = Annotated[str, typer.Argument(metavar="EMAIL")]


class Role(StrEnum):
    """What `person` grants. Only in a private consultation do participants need a grant."""

    participant = "participant"
    moderator = "moderator"
    rapporteur = "rapporteur"
    organiser = "organiser"


@commands.command()
def person(
    email: Email,
    role: Annotated[Role, typer.Option(help="The role they are to hold.")],
    consultation: Annotated[str, typer.Option(metavar="SLUG")],
    data: Data = None,
) -> None:
    """Give somebody a role in a consultation."""
    run(_person(email, role, consultation, data))


async def _person(email: str, role: Role, slug: str, data: Path | None) -> None:
    async with opened(data) as database, database.writing() as session:
        with naming(slug):
            consultation = await consultation_id(session, slug)
        await grant_role(session, OPERATOR, email, role, consultation)
    say(f"{email} is {role} of {slug}.")


@commands.command()
def key(
    email: Email,
    scope: Annotated[str, typer.Option(metavar="SCOPES", help="One or more of read, write, moderate, with commas.")],
    name: Annotated[str | None, typer.Option(help="Name of the key, and of an account that has none yet.")] = None,
    data: Data = None,
) -> None:
    """Make an API key for somebody, and print it: it is not shown again."""
    run(_key(email, [each.strip() for each in scope.split(",") if each.strip()], name or "API client", data))


async def _key(email: str, scopes: list[str], name: str, data: Path | None) -> None:
    async with opened(data) as database, database.writing() as session:
        owner, _new = await find_or_register(session, email)
        actor = await actor_of_person(session, owner)
        if not actor.complete:
            await complete_profile(session, actor, ProfileForm(name=name), consents=True)
        _row, secret = await make_key(session, OPERATOR, owner, name, scopes)
    if not actor.complete:
        say(f"{email} is named “{name}”. By making this key you state that its holder agrees to the privacy note.")
    print(secret)


@commands.command("sign-in")
def sign_in(email: Email, data: Data = None) -> None:
    """Print a link that signs somebody in, once, within ten minutes, in any browser."""
    run(_sign_in(email, data))


async def _sign_in(email: str, data: Path | None) -> None:
    async with opened(data) as database, database.writing() as session:
        link = await printed_address(session, email)
    print(link)


async def printed_address(session: AsyncSession, email: str, valid_for: timedelta = LASTS) -> str:
    """The whole address of a sign-in link for the operator's terminal."""
    return address(settings()) + await printed_link(session, email, valid_for)
