"""The table of acts and rules: every act against every kind of actor."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app import errors
from app.clock import new_id
from app.permissions import ACTS, ANYONE, OPERATOR, Actor, Thing, may, require

HERE, ELSEWHERE = new_id(), new_id()
TOPIC, OTHER_TOPIC = new_id(), new_id()


def with_role(role: str, where: object = HERE) -> Actor:
    return Actor(person=new_id(), complete=True, roles={where: frozenset({role})})  # type: ignore[dict-item]


def with_topic(role: str, topic: UUID) -> Actor:
    """Who holds a role in one topic of HERE alone."""
    return Actor(person=new_id(), complete=True, topics={HERE: {topic: frozenset({role})}})


OWNER = Actor(person=new_id(), complete=True)
ACTORS = {
    "anyone": ANYONE,
    "new": Actor(person=new_id()),
    "participant": Actor(person=new_id(), complete=True),
    "owner": OWNER,
    "suspended owner": replace(OWNER, suspended=frozenset({HERE})),
    "moderator": with_role("moderator"),
    "moderator elsewhere": with_role("moderator", ELSEWHERE),
    "suspended moderator": replace(with_role("moderator"), suspended=frozenset({HERE})),
    "moderator of a topic": with_topic("moderator", TOPIC),
    "moderator of another topic": with_topic("moderator", OTHER_TOPIC),
    "rapporteur of a topic": with_topic("rapporteur", TOPIC),
    "rapporteur": with_role("rapporteur"),
    "organiser": with_role("organiser"),
    "operator": OPERATOR,
}
OF_A_TOPIC = {"moderator of a topic", "moderator of another topic", "rapporteur of a topic"}
PARTICIPANTS = {"participant", "owner", "moderator", "moderator elsewhere", "rapporteur", "organiser"} | OF_A_TOPIC
OWNERS = {"owner", "suspended owner"}

# Who may, for a thing of OWNER's in HERE that is not public.
ALLOWED = {
    "consultation.define": {"operator", "organiser"},
    "consultation.create": {"operator", "organiser"},
    "consultation.remove": {"operator"},
    "consultation.import": {"operator", "moderator", "organiser"},
    "role.grant": {"operator", "organiser"},
    "role.accept": PARTICIPANTS,
    "role.list": OWNERS,
    "role.leave": OWNERS,
    "contribution.read": OWNERS | {"moderator", "organiser"},
    "contribution.post": PARTICIPANTS,
    "contribution.note": {"moderator", "organiser"},
    "contribution.endorse": PARTICIPANTS,
    "mandate.ask": PARTICIPANTS,
    "mandate.confirm": {"organiser"},
    "organisation.merge": {"organiser"},
    "balance.read": {"organiser"},
    "people.invite": {"organiser"},
    "translation.offer": PARTICIPANTS,
    "translation.approve": {"owner"},
    "translation.decline": OWNERS,
    "translation.withdraw": OWNERS,
    "translation.decide": {"moderator", "organiser"},
    "translation.machine": {"moderator", "organiser"},
    "contribution.edit": {"owner"},
    "contribution.withdraw": OWNERS,
    "contribution.lower": OWNERS | {"operator"},
    "contribution.erase": OWNERS | {"organiser", "operator"},
    "queue.read": {"moderator", "organiser", "moderator of a topic", "moderator of another topic"},
    "contribution.decide": {"moderator", "organiser"},
    "contribution.claim": {"moderator", "organiser"},
    "claim.release": {"organiser"},  # and a moderator, of what they have in hand
    "contribution.reveal": {"moderator", "organiser"},
    "author.suspend": {"moderator", "organiser"},
    "contribution.flag": PARTICIPANTS,
    "flag.decide": {"moderator", "organiser"},
    "contribution.classify": {"moderator", "rapporteur", "organiser"},
    "proceedings.print": {"moderator", "rapporteur", "organiser"},
    "appeal.make": OWNERS,
    "appeal.decide": {"moderator", "organiser"},
    "recommendation.write": {"rapporteur", "organiser"},
    "recommendation.publish": {"rapporteur", "organiser"},
    "coverage.mark": {"rapporteur", "organiser"},
    "report.write": {"rapporteur", "organiser"},
    "report.publish": {"rapporteur", "organiser"},
    "outcome.read": {"rapporteur", "rapporteur of a topic", "organiser"},
    "code.make": {"rapporteur", "rapporteur of a topic", "organiser"},
    "code.change": {"rapporteur", "organiser"},  # and who works in one topic, what they made
    "code.manage": {"rapporteur", "organiser"},
    "text.code": {"rapporteur", "organiser"},
    "text.gist": {"rapporteur", "organiser"},
    "response.enter": {"organiser"},
    "outcome.send": {"organiser"},
    "outcome.tell": {"rapporteur", "organiser"},
    "phase.change": {"operator", "organiser"},
    "document.manage": {"organiser"},
    "notice.manage": {"organiser"},
    "invitation.send": {"moderator", "organiser"},
    "contribution.transcribe": {"moderator", "organiser"},
    "webhook.manage": {"moderator", "organiser"},
    "meeting.report": PARTICIPANTS,
    "meeting.join": PARTICIPANTS,
    "position.take": PARTICIPANTS,
    "meeting.leave": OWNERS,
    "meeting.plan": {"organiser"},
    "profile.read": OWNERS,
    "profile.change": OWNERS,
    "session.end": OWNERS,
    "subscription.change": OWNERS,
    "contribution.deposit": OWNERS | {"operator"},
    "key.make": OWNERS | {"operator"},
    "key.revoke": OWNERS | {"operator"},
    "account.erase": OWNERS | {"operator"},
}


@pytest.mark.parametrize("act", ACTS)
def test_exactly_these_may(act: str) -> None:
    thing = Thing(HERE, OWNER.person)
    assert {name for name, actor in ACTORS.items() if may(actor, act, thing)} == ALLOWED[act]


@pytest.mark.parametrize("act", ACTS)
def test_a_role_for_one_topic_is_one_there_and_nowhere_else(act: str) -> None:
    """In its topic, who moderates it may what moderators may; unless suspended; elsewhere they are participants."""
    moderator, plain = ACTORS["moderator of a topic"], ACTORS["participant"]
    for owner in (OWNER.person, moderator.person):
        there, whole = Thing(HERE, owner, topic=TOPIC), replace(ACTORS["moderator"], person=moderator.person)
        assert may(moderator, act, there) == may(whole, act, there)
        assert may(moderator, act, replace(there, consultation=ELSEWHERE)) == may(
            replace(plain, person=moderator.person), act, replace(there, consultation=ELSEWHERE)
        )
    assert not may(replace(moderator, suspended=frozenset({HERE})), act, Thing(HERE, OWNER.person, topic=TOPIC))
    if act != "queue.read":  # whose lists leave out what stands elsewhere
        other = Thing(HERE, OWNER.person, topic=OTHER_TOPIC)
        assert may(moderator, act, other) == may(plain, act, other)


@pytest.mark.parametrize("act", ACTS)
def test_a_key_may_only_what_its_scopes_allow(act: str) -> None:
    thing = Thing(HERE, OWNER.person)
    for name in ALLOWED[act] - {"operator"}:
        allowed = {
            s for s in ("read", "write", "moderate") if may(replace(ACTORS[name], scopes=frozenset({s})), act, thing)
        }
        assert allowed == {ACTS[act][0]}


@pytest.mark.parametrize("act", ACTS)
def test_a_private_consultation_is_not_there_for_who_is_no_member(act: str) -> None:
    thing, outsider = Thing(HERE, OWNER.person, public=True), replace(ACTORS["participant"], shut_out=frozenset({HERE}))
    assert not may(outsider, act, thing)
    with pytest.raises(errors.NotFound, match="There is no such"):
        require(outsider, act, thing)
    member = Actor(person=new_id(), complete=True, roles={HERE: frozenset({"participant"})}, admitted=frozenset({HERE}))
    assert may(member, act, Thing(HERE, OWNER.person)) == ("participant" in ALLOWED[act])


def test_everyone_reads_what_is_public() -> None:
    assert all(may(actor, "contribution.read", Thing(HERE, None, public=True)) for actor in ACTORS.values())


def test_nobody_vouches_for_themselves() -> None:
    organiser = with_role("organiser")
    for act in ("mandate.confirm", "role.grant"):
        assert may(organiser, act, Thing(HERE, new_id()))
        with pytest.raises(errors.Forbidden, match="Another organiser"):
            require(organiser, act, Thing(HERE, organiser.person))


@pytest.mark.parametrize("act", ACTS)
def test_refusals_say_why(act: str) -> None:
    thing = Thing(HERE, OWNER.person)
    for name in ACTORS.keys() - ALLOWED[act]:
        expected = errors.Unauthenticated if name == "anyone" else errors.Forbidden
        with pytest.raises(expected) as caught:
            require(ACTORS[name], act, thing)
        assert re.search(r"[.]$", caught.value.message)


def test_every_act_that_is_required_is_in_the_table_and_every_one_in_it_is_used() -> None:
    sources = (Path(__file__).parents[1] / "app").rglob("*.py")
    code = "".join(path.read_text() for path in sources if path.name != "permissions.py")
    used = set(re.findall(r'"([a-z]+\.[a-z]+)"', code.replace("record.append", "")))
    assert set(re.findall(r'require\(\s*\w+,\s*"([a-z.]+)"', code)) <= set(ACTS) <= used
