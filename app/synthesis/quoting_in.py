"""Quotations in a report: bound to a revision and a place in it when they are saved, written out for who edits them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.contributions import quoting
from app.contributions.quoting import Quotable
from app.synthesis.insertions import Insertion, insertions, placed, rewritten
from app.synthesis.passages import place_of

Texts = Mapping[int, Sequence[Quotable]]  # the public revisions of contributions, by number


async def bound(session: AsyncSession, consultation: UUID, body: str) -> str:
    """The Markdown with each quotation bound to the revision that it names, or to the present one.

    What cannot be found stays as it is: the checklist names it.
    """
    quotations = _quotations(body)
    texts = await quoting.by_number(session, consultation, {each.number for each in quotations}) if quotations else {}
    return rewritten(body, {each.raw: kept for each in quotations if (kept := _kept(each, texts))})


async def written_out(session: AsyncSession, consultation: UUID, body: str) -> str:
    """The Markdown with the words of each passage in the place of its position, while these are public."""
    passages = [each for each in _quotations(body) if each.passage]
    texts = await quoting.by_number(session, consultation, {each.number for each in passages}) if passages else {}
    return rewritten(body, {each.raw: said for each in passages if (said := _in_words(each, texts))})


def text_of(quotation: Insertion, texts: Texts) -> Quotable | None:
    """The revision that it names, the present one where it names none; None where no such one is public."""
    found = texts.get(quotation.number, ())
    if quotation.revision is None:
        return found[-1] if found else None
    return next((each for each in found if each.revision == quotation.revision), None)


def _quotations(body: str) -> list[Insertion]:
    return [each for each in insertions(body) if each.kind == "quotation"]


def _kept(quotation: Insertion, texts: Texts) -> str:
    text = text_of(quotation, texts)
    if text is None:
        return ""
    try:
        passage = place_of(quotation.words, text.body) if quotation.words else quotation.passage
    except errors.Invalid:
        return ""
    return placed(quotation.number, text.revision, passage)


def _in_words(quotation: Insertion, texts: Texts) -> str:
    """With its words, if these are found again where they stand."""
    text = text_of(quotation, texts)
    if text is None or quotation.passage is None:
        return ""
    words = " ".join(text.body[slice(*quotation.passage)].split())
    try:
        again = place_of(words, text.body)
    except errors.Invalid:
        return ""
    return f'{{quotation {quotation.number} r{text.revision} "{words}"}}' if again == quotation.passage else ""
