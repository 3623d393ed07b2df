"""`inbound`: a mail from a file, taken in as if it had just arrived: for tests, and for what was stuck elsewhere."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app import clock
from app.cli import Data, commands, opened, run, say
from app.database import Database
from app.errors import OperatorError
from app.inbound.hook import keep_for_each
from app.inbound.limits import LARGEST
from app.inbound.processing import take_in
from app.notifications.mailboxes import read_address
from app.readings.mailed import what_became


@commands.command()
def inbound(
    file: Annotated[Path, typer.Argument(metavar="FILE.eml", help="The mail, as it was sent.")],
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDRESS", help="To which address of ours; default: its headers.")
    ] = None,
    data: Data = None,
) -> None:
    """Take a mail in, and print what became of it: one JSON line for each address of ours."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise OperatorError(f"Cannot read {file}: {error.strerror}.", status=2) from None
    if len(raw) > LARGEST:
        raise OperatorError(f"This mail is larger than {LARGEST // 2**20} MB.", status=2)
    run(_inbound(raw, to, data))


async def _inbound(raw: bytes, to: str | None, data: Path | None) -> None:
    async with opened(data) as database:
        if to is not None and read_address(to, clock.now()) is None:
            raise OperatorError("This is no address of ours (see PLENARY_MAIL_DOMAIN).", status=2)
        kept = await keep_for_each(database, raw, to)
        if not kept:
            say("The mail names no address of ours: give one with --to.")
        for id in kept:
            print(await _told(database, id))


async def _told(database: Database, id: UUID) -> str:
    await take_in(database, only=id)
    async with database.writing() as session:
        return json.dumps(await what_became(session, id))
