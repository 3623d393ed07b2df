"""The closed vocabulary of the record: every kind of entry, which log it goes to, and what it may carry.

Kinds are added, never renamed. A public entry carries identifiers of things only: never of persons, nor names,
addresses or texts. Texts and reasons are there as a salted hash (see `commitments.py`).
"""

from dataclasses import dataclass
from typing import Literal

Log = Literal["public", "staff", "service"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its log, and the names of the payload fields it may carry (all are optional)."""

    log: Log
    fields: frozenset[str]


def _kinds(log: Log, **fields_by_name: str) -> dict[str, Kind]:
    return {name.replace("__", "."): Kind(log, frozenset(fields.split())) for name, fields in fields_by_name.items()}


# `related` lists the other contributions whose public JSON the act changed, such as a parent's count of replies.
_PLACE = "number topic thread parent related"
_ANSWERS = ("made", "changed", "placed", "waits", "refused", "declined", "left")

KINDS: dict[str, Kind] = {
    **_kinds(
        "public",
        consultation__updated="changed",
        topic__opened="topic",
        topic__updated="topic changed",
        topic__closed="topic",
        phase__opened="phase at topic hash",
        phase__extended="closes topic hash decision",
        phase__closed="phase at topic hash",
        contribution__published=f"revision hash attachments channel external {_PLACE}",
        contribution__revised=f"revision hash attachments {_PLACE}",
        contribution__updated=f"changed byline attachments translation decision {_PLACE}",
        contribution__moved=f"decision {_PLACE} from_topic from_thread from_parent",
        contribution__merged=f"into decision {_PLACE}",
        contribution__redacted=f"revision hash attachments decision {_PLACE}",
        contribution__hidden=f"decision {_PLACE}",
        contribution__restored=f"decision revision {_PLACE}",
        contribution__withdrawn=_PLACE,
        contribution__erased=_PLACE,
        **dict.fromkeys(("endorsement__given", "endorsement__taken_back"), "contribution organisation related"),
        meeting__announced="",
        meeting__changed="changed",
        meeting__cancelled="",
        thread__locked=f"decision {_PLACE}",
        thread__unlocked=f"decision {_PLACE}",
        decision__made="act rule hash role contribution number",
        decision__unsigned="",
        appeal__made="decision contribution number",
        appeal__decided="decision outcome hash role by_same contribution number",
        **dict.fromkeys(("recommendation__published", "recommendation__revised"), "revision hash number topic stage"),
        coverage__marked="contribution number mark",
        **dict.fromkeys(("report__published", "summary__published"), "version language stage hash"),
        response__received="recommendation hash number",
        response__file_withdrawn="recommendation hash number",
        outcome__sent="what version hash",
        opinion__updated="hash",
        document__announced="topic",
        document__updated="changed topic",
        document__published="version language hash topic",
        document__revised="version language hash topic",
        document__withdrawn="version language hash topic",
        notice__posted="language hash",
        notice__revised="language hash changed",
        notice__removed="hash",
    ),
    **_kinds(
        "staff",
        text__waiting="contribution revision",
        text__withdrawn="contribution",
        text__updated="contribution changed byline deposit",
        text__erased="contribution revision attachment translation decision",
        text__classified="contribution person",
        text__screened="contribution revision signs",
        text__claimed="contribution person",
        text__released="contribution person",
        translation__waiting="contribution translation",
        translation__withdrawn="contribution translation",
        author__told="contribution decision act person",
        author__revealed="contribution decision person",
        person__warned="person decision",
        person__suspended="person until decision",
        person__lifted="person decision",
        flag__raised="contribution flag person",
        flag__closed="contribution flag outcome decision person",
        appeal__waits="contribution appeal decision",
        appeal__told="contribution appeal outcome person",
        mandate__asked="person",
        mandate__taken_back="person",
        mandate__confirmed="person how",
        mandate__declined="person how",
        mandate__passed_on="person",
        mandate__ended="person",
        invitation__sent="invitation contribution topic question person",
        round__sent="person invited left_out refused",
        round__stopped="person",
        round__forgotten="",
        invitee__answered="round",
        invitee__declined="round hash",
        source__asked="contribution source",
        source__confirmed="contribution source",
        source__disputed="contribution source",
        outcome__drafted="recommendation act contribution mark person",
        **dict.fromkeys(("addressee__changed", "answer__asked", "contributors__told"), "act what version person"),
        code__changed="code act person",
        text__coded="contribution act person",
        **dict.fromkeys(("position__taken", "position__taken_back"), "recommendation person"),
        meeting__told="changed",
        file__added="version language",
        file__removed="version language",
        webhook__made="person",
        webhook__removed="person",
        webhook__resumed="person",
        webhook__paused="webhook person",
    ),
    **_kinds("staff", **{f"registration__{what}": "meeting state person" for what in _ANSWERS}),
    **_kinds(
        "service",
        sign_in__asked="",
        **dict.fromkeys(("mail__answered", "mail__confirmed"), ""),
        person__registered="person",
        profile__changed="person",
        subscription__changed="person",
        address__failed="person why",
        address__restored="person",
        **dict.fromkeys(("role__offered", "role__withdrawn", "role__declined"), "role consultation topic"),
        **dict.fromkeys(("role__granted", "role__taken_back"), "person role consultation topic"),
        session__started="person",
        session__ended="person",
        key__made="person scopes",
        key__revoked="person",
        consultation__removed="consultation",
        account__erased="person",
    ),
}

# What a reader sees of a contribution after each of these is nothing: a follower deletes it.
ENDS_PUBLICITY = frozenset(f"contribution.{act}" for act in ("hidden", "withdrawn", "merged", "erased"))

# What a reader sees of the consultation itself (its dates, topics, questions) may be another after each of these.
DEFINES = frozenset(kind for kind in KINDS if kind.startswith(("consultation.", "topic.", "phase.")))
