"""Notices and next steps as anyone may read them, newest first; of what was taken back, that it was, and why."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, errors, text
from app.consultations.notice_models import Notice, NoticeText
from app.language import gettext as _
from app.language import reader
from app.readings.consultation_views import ConsultationView
from app.readings.organising.grounds import TakenBack, commitment
from app.readings.syndication import Item

_MOST = 1_000
LATEST = 3  # on the consultation's page


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What it says in one language, with what the entry `seq` of the record commits to."""

    language: str
    title: str
    body: str
    html: str
    seq: int | None
    salt: bytes
    hash: bytes

    @property
    def excerpt(self) -> str:
        """How it begins, in plain words."""
        return text.excerpt(self.body, 200)

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "language": self.language, "title": self.title, "body": self.body, "html": self.html,
            "commitment": commitment(self.seq, self.salt, self.hash),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice. `texts` begins with what was written first; it is empty where the notice was taken back."""

    id: UUID
    kind: str
    date: date | None
    posted: datetime
    revised: datetime | None
    removed: TakenBack | None
    texts: Sequence[NoticeWords]

    @property
    def said(self) -> NoticeWords | None:
        """What it says to this reader: in their language, or as it was written first."""
        mine = (each for each in self.texts if each.language == reader.get())
        return next(mine, self.texts[0] if self.texts else None)

    def text_in(self, language: str) -> NoticeWords | None:
        """What it says in this language."""
        return next((each for each in self.texts if each.language == language), None)

    def json(self, base: str, slug: str) -> dict[str, Any]:
        """As the API gives it."""
        first, *others = [each.json() for each in self.texts] or [dict.fromkeys(_OF_A_TEXT)]
        return {
            "id": str(self.id), "url": f"{base}/c/{slug}/notices/{self.id}", "consultation": slug, "kind": self.kind,
            "date": self.date.isoformat() if self.date else None, "posted": clock.iso(self.posted),
            "revised": clock.iso(self.revised), "removed": self.removed.json() if self.removed else None,
            **first, "translations": others,
        }  # fmt: skip


_OF_A_TEXT = ("language", "title", "body", "html", "commitment")


async def notices(connection: AsyncConnection, consultation: ConsultationView) -> list[NoticeView]:
    """All notices of a consultation. Two queries."""
    return await _read(connection, _MOST, Notice.consultation_id == consultation.id)


async def latest(connection: AsyncConnection, consultation: ConsultationView, most: int = LATEST) -> list[NoticeView]:
    """The newest of those that stand."""
    return await _read(connection, most, Notice.consultation_id == consultation.id, Notice.removed.is_(None))


async def notice(connection: AsyncConnection, consultation: ConsultationView, id: UUID) -> NoticeView:
    """One notice. Raises NotFound."""
    found = await _read(connection, 1, Notice.consultation_id == consultation.id, Notice.id == id)
    if not found:
        raise errors.NotFound(_("There is no such notice."))
    return found[0]


async def feed_items(
    connection: AsyncConnection, consultation: ConsultationView, base: str, most: int
) -> list[Item]:  # fmt: skip
    """The newest notices for feed readers, as they were written first."""
    return [
        Item(
            urn=f"urn:uuid:{each.id}", url=f"{base}/c/{consultation.slug}/notices/{each.id}",
            title=each.texts[0].title, published=each.posted, updated=each.revised or each.posted, tags=[each.kind],
            html=each.texts[0].html, language=each.texts[0].language,
        )
        for each in await latest(connection, consultation, most)
    ]  # fmt: skip


async def _read(connection: AsyncConnection, most: int, *where: Any) -> list[NoticeView]:
    query = select(Notice.__table__).where(*where).order_by(Notice.posted.desc(), Notice.id.desc()).limit(most)
    rows = (await connection.execute(query)).all()
    words: dict[UUID, list[Any]] = defaultdict(list)
    if rows:
        said = select(NoticeText.__table__).where(NoticeText.notice_id.in_([row.id for row in rows]))
        for each in await connection.execute(said.order_by(NoticeText.language)):
            words[each.notice_id].append(each)
    return [_view(row, words[row.id]) for row in rows]


def _view(row: Any, words: Sequence[Any]) -> NoticeView:
    taken = TakenBack(row.removed, row.reason, row.seq, row.salt, row.hash) if row.removed else None
    return NoticeView(
        row.id, row.kind, row.date, row.posted, row.revised, taken,
        [
            NoticeWords(each.language, each.title, each.body, each.html, each.seq, each.salt, each.hash)
            for each in sorted(words, key=lambda each: each.language != row.language)
        ],
    )  # fmt: skip
