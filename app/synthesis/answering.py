"""Institutions answer by the link in their mail, without an account. Opening it changes nothing.

It works for two years, again and again: what becomes of an answer is a further answer. Its secret part is an HMAC
under the server's key, which nothing stores. It is over with the address that it was sent to.
"""

import hmac
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.tokens import sealed
from app.language import gettext as _
from app.outreach import addressees
from app.synthesis.models import Recommendation, Response
from app.synthesis.responding import Answer, enter
from app.synthesis.sending_models import AnswerLink


def link_path(link: UUID) -> str:
    """The path of a link. GET shows what is asked; only POST answers."""
    return f"/answer/{link}/{_token(link)}"


async def answer(session: AsyncSession, link: UUID, token: str, number: int, given: Answer) -> Response:
    """Enter what the holder of the link answers to one of the recommendations that it was asked about.

    Appends `response.received`. Raises NotFound for what is no link or not asked there, Gone where it is over,
    Conflict, Invalid.
    """
    found = await held(session, link, token)
    if found is None:
        raise errors.Gone(_("This link is over."))
    its, institution = found
    query = select(Recommendation).where(
        Recommendation.consultation_id == its.consultation_id, Recommendation.number == number
    )
    asked = number in its.recommendations
    recommendation = await session.scalar(query.with_for_update(key_share=True)) if asked else None
    if recommendation is None:
        raise errors.NotFound(_("There is no such recommendation."))
    return await enter(session, recommendation, given, institution=institution)


async def held(session: AsyncSession, link: UUID, token: str) -> tuple[AnswerLink, str] | None:
    """The link and the institution whose it is; None where it is over. Raises NotFound for what is no link."""
    right = hmac.compare_digest(token.encode(errors="replace"), _token(link).encode())
    row = await session.get(AnswerLink, link) if right else None
    if row is None:
        raise errors.NotFound(_("There is no such link."))
    if row.revoked is not None or row.expires <= clock.now():
        return None
    institution = await addressees.institution_of(session, row.addressee_id)
    return (row, institution) if institution is not None else None


def _token(link: UUID) -> str:
    return sealed("answer link", link.bytes).hex()
