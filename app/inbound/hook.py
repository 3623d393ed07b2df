"""`POST /inbound/mail`: a mail as hosted providers hand it over, whole, signed as Standard Webhooks have it."""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response

from app import clock, errors
from app.accounts import limits
from app.config import settings
from app.database import Database
from app.inbound import parsing
from app.inbound.limits import LARGEST, MOST_RECIPIENTS
from app.inbound.mail import Unreadable
from app.inbound.signing import is_signed
from app.mailed import intake
from app.notifications.mailboxes import read_address

log = logging.getLogger(__name__)
router = APIRouter()


def install(app: FastAPI) -> None:
    """Add the webhook."""
    app.router.routes += router.routes


@router.post("/inbound/mail", include_in_schema=False)
async def mail(request: Request) -> Response:
    """Keep a mail for each address of ours that it names. 200 says that it is kept, and may be said twice of one."""
    secret = settings().inbound_secret
    if secret is None:
        return _problem(404, "not-found", "There is no such page.")
    raw = await _body(request)
    if raw is None:
        return _problem(413, "too-large", f"A mail may have {LARGEST // 2**20} MB.")
    if not is_signed(secret.get_secret_value(), request.headers, raw):
        return _problem(401, "unauthenticated", "The signature is missing, wrong or too old.")
    database: Database = request.app.state.database
    try:
        kept = await keep_for_each(database, raw, None)
    except errors.RateLimited as error:
        headers = {"Retry-After": str(error.details["retry_after"])}
        return _problem(429, "rate-limited", error.message, headers)
    return JSONResponse({"kept": [str(id) for id in kept]})


async def keep_for_each(database: Database, raw: bytes, recipient: str | None) -> Sequence[UUID]:
    """Keep a mail for this recipient, or for each address of ours in its headers. Returns their ids.

    Raises RateLimited.

    The sender in its headers is taken for the envelope's, which nobody says here; an automatic mail is known by others.
    """
    returns, addressed = await asyncio.to_thread(_addresses, raw)
    recipients = [recipient] if recipient else [each for each in addressed if read_address(each, clock.now())]
    await limits.allow_mail_in(database, returns)
    kept = []
    for each in recipients[:MOST_RECIPIENTS]:  # each is a copy of all of it
        async with database.writing() as session:
            id, new = await intake.keep(session, returns, each, raw)
        log.info("Mail %s was handed over%s", id, "" if new else ", once more")
        kept.append(id)
    if not recipients:
        log.info("A mail was handed over that names no address of ours")
    return kept


def _addresses(raw: bytes) -> tuple[str, Sequence[str]]:
    """Who sent a mail, and to whom it came. Where it cannot be read, nobody is known."""
    try:
        read = parsing.read(raw)
    except Unreadable:
        return "", ()
    return read.from_address or "", tuple(dict.fromkeys((*read.delivered_to, *read.to, *read.cc)))


async def _body(request: Request) -> bytes | None:
    """The whole body; None where it is too large."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST:
            return None
    return bytes(raw)


def _problem(status: int, kind: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    title = kind.replace("-", " ").capitalize()
    body = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")
