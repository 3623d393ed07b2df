"""The queries of a thread's page. All are index ranges and keys, so that their plans can be made once."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    false,
    literal_column,
    null,
    select,
    true,
    union_all,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import CompoundSelect

from app.consultations.models import Consultation
from app.contributions.models import Contribution, Publication, ThreadLock
from app.database.prepared import Prepared
from app.moderation.models import Decision
from app.record.models import Record
from app.synthesis.models import Recommendation

# The newest public hiding decision of what is hidden.
_HIDING = (
    select(Decision.rule, Decision.reason)
    .where(Decision.contribution_id == Contribution.id, Decision.act == "hide", Contribution.status == "hidden")
    .order_by(Decision.id.desc())
    .limit(1)
    .correlate(Contribution)
    .lateral("hiding")
)
_PUBLISHED: Any = literal_column("'published'")  # in so many words: an index is only for what is not
_CONSULTATION = bindparam("consultation", type_=Uuid())

# A contribution as its document, or the gap it left.
_PLACED = (
    select(
        true().label("near"), Contribution.id, Contribution.number, Contribution.depth, Contribution.sort_key,
        Publication.kind, Contribution.status, Contribution.since, Publication.document, Publication.replies,
        Publication.endorsements, Publication.endorsers, _HIDING.c.rule, _HIDING.c.reason,
    )
    .select_from(Contribution)
    .outerjoin(Publication, Publication.contribution_id == Contribution.id)
    .outerjoin(_HIDING, true())
    .where(
        Contribution.consultation_id == _CONSULTATION,
        Contribution.number == any_(bindparam("numbers", type_=ARRAY(Integer()))),
    )
)  # fmt: skip
AROUND = _PLACED.add_columns(Contribution.topic_id)

_OUTCOME = (
    select(Recommendation.id)
    .where(Recommendation.consultation_id == Consultation.id, Recommendation.stage == "final")
    .exists()
)
_LOCKED = select(ThreadLock.thread_id).where(ThreadLock.thread_id == Contribution.thread_id).exists()
POSITION = Prepared(
    select(
        Consultation.id.label("consultation"), Record.size, Record.defined, Contribution.id, Contribution.topic_id,
        Contribution.thread_id, Contribution.depth, Contribution.sort_key, _LOCKED.label("locked"),
        _OUTCOME.label("has_outcome"),
    )
    .join(Record, Record.id == Consultation.id)
    .join(Contribution, Contribution.consultation_id == Consultation.id)
    .where(
        Consultation.slug == bindparam("slug", type_=Text()),
        Contribution.number == bindparam("number", type_=Integer()),
    )
)  # fmt: skip


def _page(public: ColumnElement[bool], gone: ColumnElement[bool]) -> CompoundSelect[*tuple[Any, ...]]:
    """What stands around (near), what is public beneath, and the gaps beneath, each with the record's size."""
    size = select(Record.size).where(Record.id == _CONSULTATION).scalar_subquery()
    start = bindparam("start", type_=LargeBinary())
    pieces = select(
        false().label("near"), Publication.contribution_id, Publication.number, Publication.depth,
        Publication.sort_key, Publication.kind, _PUBLISHED, null().label("since"),
        Publication.fragment, Publication.replies, Publication.endorsements, null().label("endorsers"),
        null().label("rule"), null().label("reason"), size,
    ).where(public, Publication.sort_key > start)  # fmt: skip
    gaps: Select[*tuple[Any, ...]] = (
        select(
            false().label("near"), Contribution.id, Contribution.number, Contribution.depth, Contribution.sort_key,
            null().label("kind"), Contribution.status, Contribution.since, null().label("document"),
            literal_column("0"), literal_column("0"), null().label("endorsers"), _HIDING.c.rule, _HIDING.c.reason, size,
        )
        .select_from(Contribution)
        .outerjoin(_HIDING, true())
        .where(
            gone, Contribution.sort_key > start, Contribution.number.is_not(None), Contribution.status != _PUBLISHED
        )
    )  # fmt: skip
    return union_all(
        _PLACED.add_columns(size.label("size")),
        _first(pieces, Publication.sort_key),
        _first(gaps, Contribution.sort_key),
    )


def _first(query: Select[*tuple[Any, ...]], key: Any) -> Any:
    return query.order_by(key).limit(bindparam("most", type_=Integer()))


_THREAD, _PARENT = bindparam("thread", type_=Uuid()), bindparam("parent", type_=Uuid())
_END = bindparam("end", type_=LargeBinary())
BENEATH = Prepared(
    _page(
        (Publication.thread_id == _THREAD) & (Publication.sort_key < _END),
        (Contribution.thread_id == _THREAD) & (Contribution.sort_key < _END),
    )
)
REPLIES = Prepared(_page(Publication.parent_id == _PARENT, Contribution.parent_id == _PARENT))
