"""Codes and codings as files for other programs: what of a consultation they hold. Needs a write session.

A file holds what everyone can read and what rapporteurs made of it. Of who wrote a text it says nothing, whatever the
byline: the number leads there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.models import Person
from app.contributions import quoting
from app.contributions.quoting import PublicText
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.readings.coding.gists import GistView, of_consultation
from app.readings.consultation_views import ConsultationView
from app.readings.exporting.sheets import Cell
from app.synthesis.code_words import COLOURS
from app.synthesis.coders import label
from app.synthesis.coding_models import Code, Coder, Coding, Memo
from app.synthesis.exchange.csv_codebook import BETWEEN
from app.synthesis.exchange.ours import subject_of
from app.synthesis.exchange.plan import Subject
from app.synthesis.exchange.texts import source_name
from app.synthesis.qdpx import model

ORIGIN = "Plenary"


@dataclass(frozen=True, slots=True)
class CoderView:
    """Who codes, named to those who work together: by their profile, or as the file has it that they came in."""

    id: UUID
    name: str
    imported: bool


async def project(session: AsyncSession, actor: Actor, consultation: ConsultationView, base: str) -> model.Project:
    """Everything of a consultation's coding, with the texts. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation.id))
    notes = await _notes(session, consultation.id)
    gists = await of_consultation(session, actor, consultation.id)
    summed_up = {each.contribution: each for each in gists}
    texts = await quoting.public_texts(session, consultation.id)
    coded = await _coded(session, consultation.id, notes)
    sources = [
        _source(
            text, _description(text, f"{base}/c/{consultation.slug}", summed_up.get(text.contribution)),
            coded[text.contribution, text.revision], notes,
        )
        for text in texts
        if coded[text.contribution, text.revision] or (text.current and not text.note)
    ]  # fmt: skip
    used = {each.code for source in sources for each in source.coded}
    return model.Project(
        consultation.title,
        ORIGIN,
        [model.User(coder.id, coder.name) for coder in await coders(session, actor, consultation.id)],
        await codes(session, actor, consultation.id, notes, used),
        sources,
    )


async def codes(
    session: AsyncSession, actor: Actor, consultation: UUID,
    notes: Mapping[Subject, Sequence[model.Note]] | None = None, used: set[UUID] | None = None,
) -> list[model.Code]:  # fmt: skip
    """The code book: each code after its parent. Those that are retired only where they are `used`, as not for coding.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "outcome.read", Thing(consultation))
    query = select(Code).where(Code.consultation_id == consultation).order_by(Code.id)
    rows = {code.id: code for code in await session.scalars(query)}
    kept = [code for code in rows.values() if code.retired is None or (used and code.id in used)]
    return [
        model.Code(
            code.id, code.name, code.definition, COLOURS.get(code.colour, "").upper(), code.parent_id,
            code.retired is None, (notes or {}).get(("code", code.id), ()),
        )
        for code in _parents_first(kept)
    ]  # fmt: skip


async def coders(session: AsyncSession, actor: Actor, consultation: UUID) -> list[CoderView]:
    """All who code in a consultation, in the order in which they began. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    query = (
        select(Coder.id, Coder.number, Coder.name, Person.name.label("person"))
        .outerjoin(Person, Person.id == Coder.person_id)
        .where(Coder.consultation_id == consultation)
        .order_by(Coder.number)
    )
    return [
        CoderView(
            row.id, row.name or row.person or _("Coder %(letter)s", letter=label(row.number)), row.name is not None
        )
        for row in await session.execute(query)
    ]  # fmt: skip


def paths(codes: Sequence[model.Code]) -> Mapping[UUID, str]:
    """Each code with the names on the way down to it."""
    found: dict[UUID, str] = {}
    for code in codes:
        above = found.get(code.parent) if code.parent else None
        found[code.guid] = f"{above}{BETWEEN}{code.name}" if above else code.name
    return found


def codebook_rows(codes: Sequence[model.Code]) -> list[list[Cell]]:
    """The code book as a table, in the columns in which one is read."""
    names, palette = paths(codes), {colour.upper(): name for name, colour in COLOURS.items()}
    heading: list[Cell] = ["name", "definition", "colour", "parent", "id"]
    rows: list[list[Cell]] = [
        [each.name, each.definition, palette.get(each.colour, each.colour),
         names.get(each.parent, "") if each.parent else "", str(each.guid)]
        for each in codes
    ]  # fmt: skip
    return [heading, *rows]


def coding_rows(whole: model.Project) -> list[list[Cell]]:
    """The codings as a table. No position means the whole text."""
    names, who = paths(whole.codes), {user.guid: user.name for user in whole.users}
    heading: list[Cell] = ["text", "code", "begin", "end", "passage", "coder", "made", "id"]
    return [heading, *_coding_rows(whole, names, who)]


def _coding_rows(whole: model.Project, names: Mapping[UUID, str], who: Mapping[UUID, str]) -> Iterator[list[Cell]]:
    for source in whole.sources:
        for each in source.coded:
            words = (source.text or "")[each.begin : each.end] if each.begin is not None else ""
            begin: Cell = "" if each.begin is None else each.begin
            end: Cell = "" if each.end is None else each.end
            coder = who.get(each.user, "") if each.user else ""
            yield [
                source.name, names.get(each.code, ""), begin, end, words, coder, clock.iso(each.made) or "",
                str(each.guid),
            ]  # fmt: skip


def gist_rows(gists: Sequence[GistView]) -> list[list[Cell]]:
    """Gists as a table, in the columns in which one is read."""
    heading: list[Cell] = ["number", "gist", "revision", "state", "coder", "written"]
    rows: list[list[Cell]] = [
        [each.number, each.body, each.revision, "revised" if each.revised else "current", each.who or each.label,
         clock.iso(each.written) or ""]
        for each in gists
    ]  # fmt: skip
    return [heading, *rows]


def _parents_first(codes: Sequence[Code]) -> list[Code]:
    beneath: Mapping[UUID | None, list[Code]] = defaultdict(list)
    among = {code.id for code in codes}
    for code in codes:
        beneath[code.parent_id if code.parent_id in among else None].append(code)
    found: list[Code] = []
    waiting = beneath[None][::-1]
    while waiting:
        found.append(waiting.pop())
        waiting += beneath[found[-1].id][::-1]
    return found


def _source(
    text: PublicText, described: str, coded: Sequence[model.Coded], notes: Mapping[Subject, Sequence[model.Note]]
) -> model.Source:
    about = notes.get(("contribution", text.contribution), ()) if text.current else ()
    return model.Source(text.id, source_name(text), text.body, described, coded, about)


def _description(text: PublicText, address: str, gist: GistView | None) -> str:
    """Where a text is, and its gist where that is of this revision. Not a note, as it would come back as a memo."""
    where = f"Contribution {text.number}, revision {text.revision}: {address}/{text.number}"
    return f"{where}\nGist: {gist.body}" if gist and gist.revision == text.revision else where


async def _coded(
    session: AsyncSession, consultation: UUID, notes: Mapping[Subject, Sequence[model.Note]]
) -> Mapping[tuple[UUID, int], Sequence[model.Coded]]:
    """The codings of each revision, in the order in which they were made."""
    columns = (
        Coding.id, Coding.code_id, Coding.contribution_id, Coding.revision, Coding.begin, Coding.end, Coding.coder_id,
        Coding.made,
    )  # fmt: skip
    query = select(*columns).where(Coding.consultation_id == consultation).order_by(Coding.made, Coding.id)
    found: Mapping[tuple[UUID, int], list[model.Coded]] = defaultdict(list)
    for row in await session.execute(query):
        found[row.contribution_id, row.revision].append(
            model.Coded(
                row.id, row.code_id, row.begin, row.end, row.coder_id, row.made, notes.get(("coding", row.id), ())
            )
        )  # fmt: skip
    return found


async def _notes(session: AsyncSession, consultation: UUID) -> Mapping[Subject, Sequence[model.Note]]:
    found: Mapping[Subject, list[model.Note]] = defaultdict(list)
    memos = await session.scalars(select(Memo).where(Memo.consultation_id == consultation).order_by(Memo.id))
    for memo in memos:
        found[subject_of(memo)].append(_note(memo.id, memo.body, memo.coder_id, memo.made))
    return found


def _note(id: UUID, words: str, coder: UUID, made: datetime) -> model.Note:
    return model.Note(id, words, coder, made)
