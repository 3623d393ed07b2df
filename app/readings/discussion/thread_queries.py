"""The query of a thread's page. All of it are index ranges and keys, so that its plan can be made once.

Postgres joins the pieces of what is beneath: to take a hundred of them row by row costs more than all else. Around
them it leaves open places (contributions/fragment.py), in which the page sets where each begins and ends.
"""

from sqlalchemy import text

from app.contributions.fragment import OPEN
from app.database.prepared import Prepared

_NEAR = """
near.id, near.number, near.depth, near.sort_key, near.status, near.since, documents.document, documents.replies,
documents.endorsements, documents.endorsers, hiding.rule, hiding.reason
"""


def _hiding(of: str) -> str:
    """The newest public hiding decision of what is hidden."""
    return f"""
    LEFT JOIN LATERAL (
        SELECT rule, reason FROM decisions
        WHERE contribution_id = {of}.id AND act = 'hide' AND {of}.status = 'hidden' ORDER BY decisions.id DESC LIMIT 1
    ) AS hiding ON true
    """  # noqa: S608  # all of it is ours, here and below


# A contribution as its document, or the gap it left.
_DOCUMENTED = f"LEFT JOIN publications AS documents ON documents.contribution_id = near.id {_hiding('near')}"
AROUND = Prepared(
    text(f"""
    SELECT {_NEAR}, near.topic_id FROM contributions AS near {_DOCUMENTED}
    WHERE near.consultation_id = :consultation AND near.number = :number
    """)  # noqa: S608
)


def _page(beneath: str, order: str) -> Prepared:
    """A row for each of what is near: the contribution itself, what it replies to, and the root. In the first of these
    is what is beneath it after contribution `after`, in order: the pieces, numbers and depths of all, and what is known
    of gaps.

    Where there is no `after` in the consultation, its `start_thread` is empty. (A row of which some columns are empty
    is neither null nor not null, but it is distinct from null.)
    """
    return Prepared(
        text(f"""
        SELECT consultations.id AS consultation, records.size, records.defined, top.topic_id, top.depth AS top_depth,
            top.thread_id, start.thread_id AS start_thread,
            EXISTS (SELECT FROM thread_locks WHERE thread_locks.thread_id = top.thread_id) AS locked,
            EXISTS (
                SELECT FROM recommendations WHERE consultation_id = consultations.id AND stage = 'final'
            ) AS has_outcome,
            near.id = top.id AS is_top, near.id = top.parent_id AS is_parent,
            near.id = top.thread_id AS is_root, {_NEAR}, beneath.*
        FROM consultations
        JOIN records ON records.id = consultations.id
        JOIN contributions AS top ON top.consultation_id = consultations.id AND top.number = :number
        LEFT JOIN contributions AS start ON start.consultation_id = consultations.id AND start.number = :after
        JOIN contributions AS near ON near.id IN (top.id, top.parent_id, top.thread_id)
        {_DOCUMENTED}
        LEFT JOIN LATERAL (
            SELECT string_agg(
                    convert_to('{OPEN}item:' || kind || ' ' || place || '{OPEN}', 'UTF8')
                    || coalesce(html || '{OPEN}end:{OPEN}'::bytea, ''),
                    ''::bytea
                ) AS pieces,
                array_agg(number) AS numbers, array_agg(depth) AS depths,
                array_agg(gap) FILTER (WHERE gap IS DISTINCT FROM NULL) AS gaps
            FROM (
                SELECT * FROM (({_public(beneath, order)}) UNION ALL ({_gone(beneath, order)})) AS both_kinds
                ORDER BY {order} LIMIT :most
            ) AS in_order
        ) AS beneath ON near.id = top.id
        WHERE consultations.slug = :slug
        """)  # noqa: S608
    )


def _public(beneath: str, order: str) -> str:
    return f"""
    SELECT its.sort_key, its.number, its.depth, its.kind, its.depth - top.depth AS place, its.html,
        NULL::record AS gap
    FROM fragments AS its WHERE {beneath} AND its.sort_key > start.sort_key ORDER BY its.{order} LIMIT :most
    """  # noqa: S608


def _gone(beneath: str, order: str) -> str:
    # That it is not published is said in so many words: there is an index of what is not.
    return f"""
    SELECT its.sort_key, its.number, its.depth, 'gap', its.number, NULL,
        ROW(its.id, its.number, its.status, its.depth, its.sort_key, its.since, hiding.rule, hiding.reason)
    FROM contributions AS its {_hiding("its")}
    WHERE {beneath} AND its.sort_key > start.sort_key AND its.number IS NOT NULL AND its.status <> 'published'
    ORDER BY its.{order} LIMIT :most
    """  # noqa: S608


# Keys of what is beneath go on from the key above with the four bytes of a number: the first is below 0x80.
BENEATH = _page("its.thread_id = top.thread_id AND its.sort_key < top.sort_key || '\\xff'::bytea", "sort_key")
REPLIES = _page("its.parent_id = top.id", "number")  # as their keys have them, and there is an index
