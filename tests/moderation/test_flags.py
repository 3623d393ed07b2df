"""Flags: who may raise them, what closes them, when they hide by themselves, and that nobody learns who raised them."""

from dataclasses import replace
from uuid import UUID

import pytest

from app import errors
from app.contributions import actions
from app.contributions.models import Contribution
from app.database import Database
from app.moderation import erasing
from app.moderation.deciding import Grounds
from app.permissions import ANYONE
from app.readings.moderation.flags import flagged
from app.worker import catch_up
from tests.making import BEFORE, make, make_person, say
from tests.moderation.asking import BASE, WHY, act, entries, flag, flags_on, hides_at

pytestmark = pytest.mark.anyio


async def status(database: Database, id: UUID) -> str:
    async with database.writing() as session:
        return (await session.get_one(Contribution, id)).status


async def outcomes(database: Database, id: UUID) -> list[str | None]:
    return [each.outcome for each in await flags_on(database, id)]


async def test_a_flag_is_a_row_and_an_entry_of_the_staff_log_alone(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    before = await entries(database, made, "public")
    raised = await flag(database, made.other, said.id, " 1 ", "  It names my neighbour. \n")
    assert (raised.rule, raised.note, raised.person_id) == ("1", "It names my neighbour.", made.other.person)
    assert raised.revision_id is not None and raised.closed is None
    [(kind, payload)] = await entries(database, made, "staff", "flag.")
    assert kind == "flag.raised"
    assert payload == {"contribution": str(said.id), "flag": str(raised.id), "person": str(made.other.person)}
    assert await entries(database, made, "public") == before


async def test_who_may_flag(database: Database) -> None:
    made = await make(database)
    said, waits = await say(database, made), await say(database, made, topic=BEFORE)
    for actor, refusal in (
        (ANYONE, errors.Unauthenticated),
        (replace(made.other, complete=False), errors.Forbidden),
        (replace(made.other, suspended=frozenset({made.id})), errors.Forbidden),
        (replace(made.other, scopes=frozenset({"read", "moderate"})), errors.Forbidden),
        (made.participant, errors.Conflict),  # its author
    ):
        with pytest.raises(refusal):
            await flag(database, actor, said.id)
    with pytest.raises(errors.NotFound):
        await flag(database, made.other, waits.id)
    with pytest.raises(errors.Conflict, match="pending"):
        await flag(database, made.moderator, waits.id)
    assert await flags_on(database, said.id) == []


async def test_one_flag_for_each_while_it_is_open(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await flag(database, made.other, said.id)
    with pytest.raises(errors.Conflict, match="reported this already"):
        await flag(database, made.other, said.id, note="Once more.")
    await flag(database, made.organiser, said.id)
    await act(database, made.moderator, "dismiss", said.id)
    await flag(database, made.other, said.id, note="It has become worse.")
    assert await outcomes(database, said.id) == ["dismissed", "dismissed", None]


@pytest.mark.parametrize(
    ("rule", "note", "field"),
    [(None, None, "note"), ("", "  ", "note"), ("99", None, "rule"), ("1", "x" * 2_001, "note"), ("1", "\0", "note")],
)
async def test_what_no_flag_can_say(database: Database, rule: str | None, note: str | None, field: str) -> None:
    made = await make(database)
    said = await say(database, made)
    with pytest.raises(errors.Invalid) as refused:
        await flag(database, made.other, said.id, rule, note)
    assert list(refused.value.fields) == [field]
    assert await flags_on(database, said.id) == []


async def test_hiding_upholds_and_tells_each(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    raised = [await flag(database, who, said.id) for who in (made.other, made.organiser)]
    decision = await act(database, made.moderator, "hide", said.id)
    assert [(one.outcome, one.decision_id) for one in await flags_on(database, said.id)] == [
        ("upheld", decision.id), ("upheld", decision.id),
    ]  # fmt: skip
    closed = await entries(database, made, "staff", "flag.closed")
    assert [payload for _kind, payload in closed] == [
        {"contribution": str(said.id), "flag": str(one.id), "outcome": "upheld", "decision": str(decision.id),
         "person": str(one.person_id)}
        for one in raised
    ]  # fmt: skip


async def test_dismissing_is_a_decision_and_the_text_stays(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    with pytest.raises(errors.Conflict, match="Nobody has reported"):
        await act(database, made.moderator, "dismiss", said.id)
    await flag(database, made.other, said.id)
    with pytest.raises(errors.Invalid) as refused:
        await act(database, made.moderator, "dismiss", said.id, grounds=Grounds())
    assert list(refused.value.fields) == ["reason"]
    for actor in (made.other, made.participant):
        with pytest.raises(errors.Forbidden):
            await act(database, actor, "dismiss", said.id)
    decision = await act(database, made.moderator, "dismiss", said.id)
    assert await status(database, said.id) == "published"
    assert await outcomes(database, said.id) == ["dismissed"]
    [(_kind, payload)] = await entries(database, made, "public", "decision.made")
    assert payload == {
        "act": "dismiss", "rule": "1", "hash": decision.hash.hex() if decision.hash else "", "role": "moderator",
        "contribution": str(said.id), "number": 1,
    }  # fmt: skip
    assert await entries(database, made, "staff", "author.") == []
    with pytest.raises(errors.Conflict):
        await act(database, made.moderator, "dismiss", said.id)


async def test_what_an_author_takes_back_makes_flags_moot(database: Database) -> None:
    made = await make(database)
    withdrawn, erased = await say(database, made), await say(database, made)
    for said in (withdrawn, erased):
        await flag(database, made.other, said.id)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, withdrawn.id)
    async with database.writing() as session:
        await erasing.erase(session, made.participant, erased.id)
    await catch_up(database, BASE)
    for said in (withdrawn, erased):
        assert await outcomes(database, said.id) == ["moot"]
    assert len(await entries(database, made, "staff", "flag.closed")) == 2


async def test_without_a_threshold_nothing_hides_by_itself(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    for index in range(5):
        await flag(database, await make_person(database, f"Reader {index}"), said.id)
    assert await status(database, said.id) == "published"


async def test_a_threshold_hides_until_a_moderator_has_looked(database: Database) -> None:
    made = await make(database)
    await hides_at(database, made, 2)
    said = await say(database, made)
    await flag(database, made.other, said.id)
    assert await status(database, said.id) == "published"
    await flag(database, made.organiser, said.id)
    assert await status(database, said.id) == "hidden"
    kinds = [kind for kind, _payload in await entries(database, made, "public", "decision.", "contribution.")]
    assert kinds == ["contribution.published", "decision.made", "contribution.hidden"]
    [(_kind, payload)] = await entries(database, made, "public", "decision.made")
    assert (payload["act"], payload["role"]) == ("hide", "automatic")
    [(_kind, told)] = await entries(database, made, "staff", "author.told")
    assert told["person"] == str(made.participant.person)
    assert await outcomes(database, said.id) == [None, None], "a moderator is to look at them"
    async with database.writing() as session:
        [item] = (await flagged(session, made.moderator, made.id)).items
    assert (item.status, len(item.reports)) == ("hidden", 2)


async def test_a_moderator_confirms_what_was_hidden_by_itself(database: Database) -> None:
    made = await make(database)
    await hides_at(database, made, 2)
    said = await say(database, made)
    for actor in (made.other, made.organiser):
        await flag(database, actor, said.id)
    with pytest.raises(errors.Conflict, match="restore it"):
        await act(database, made.moderator, "dismiss", said.id)
    decision = await act(database, made.moderator, "hide", said.id)
    assert (decision.role, decision.reason) == ("moderator", WHY.reason)
    assert await outcomes(database, said.id) == ["upheld", "upheld"]
    with pytest.raises(errors.Conflict):
        await act(database, made.moderator, "hide", said.id)


async def test_what_a_moderator_found_in_order_is_not_hidden_by_itself_again(database: Database) -> None:
    made = await make(database)
    await hides_at(database, made, 2)
    said = await say(database, made)
    for actor in (made.other, made.organiser):
        await flag(database, actor, said.id)
    await act(database, made.moderator, "restore", said.id)
    assert await outcomes(database, said.id) == ["dismissed", "dismissed"]
    for actor in (made.other, made.organiser):
        await flag(database, actor, said.id)
    assert await status(database, said.id) == "published"
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "Something worse."})
    for name in ("Reader E", "Reader F"):
        await flag(database, await make_person(database, name), said.id)
    assert await status(database, said.id) == "hidden", "this text nobody had looked at"


async def test_moderators_read_what_is_reported_and_not_by_whom(database: Database) -> None:
    made = await make(database)
    first, second = await say(database, made, byline="anonymous"), await say(database, made)
    await flag(database, made.other, second.id, None, "First.")
    await flag(database, made.other, first.id, "1", None)
    await flag(database, made.organiser, second.id, "2", "Second.")
    async with database.writing() as session:
        page = await flagged(session, made.moderator, made.id, limit=1)
        rest = await flagged(session, made.moderator, made.id, cursor=page.next)
        with pytest.raises(errors.Forbidden):
            await flagged(session, made.other, made.id)
    assert [item.contribution for item in (*page.items, *rest.items)] == [second.id, first.id]
    assert [(report.rule, report.note) for report in page.items[0].reports] == [(None, "First."), ("2", "Second.")]
    assert (rest.items[0].author_name, rest.next) == (None, None)
    shown = str([item.json() for item in (*page.items, *rest.items)])
    for person in (made.other, made.organiser):
        assert str(person.person) not in shown
    assert "Participant B" not in shown and "Organiser D" not in shown


async def test_erasing_a_text_destroys_what_was_reported_of_it(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await flag(database, made.other, said.id)
    async with database.writing() as session:
        await erasing.erase(session, made.organiser, said.id, "He asked for it.")
    [raised] = await flags_on(database, said.id)
    assert (raised.note, raised.outcome) == (None, "moot")


@pytest.mark.parametrize("leave", [erasing.erase_all_by, erasing.keep_all_anonymous])
async def test_who_leaves_takes_their_notes_along(database: Database, leave: object) -> None:
    made = await make(database)
    said = await say(database, made)
    await flag(database, made.other, said.id)
    async with database.writing() as session:
        await leave(session, made.other, made.other.person)  # type: ignore[operator]
    [raised] = await flags_on(database, said.id)
    assert (raised.note, raised.person_id, raised.rule, raised.closed) == (None, None, "1", None)
    await act(database, made.moderator, "hide", said.id)
    [(_kind, payload)] = await entries(database, made, "staff", "flag.closed")
    assert "person" not in payload


async def test_an_earlier_version_that_is_erased_takes_its_flags_notes_along(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await flag(database, made.other, said.id, None, "About the first version.")
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "Better."})
    await flag(database, made.organiser, said.id, None, "About the second.")
    async with database.writing() as session:
        [item] = (await flagged(session, made.moderator, made.id)).items
        assert [report.earlier for report in item.reports] == [True, False]
        await erasing.erase_revision(session, made.participant, said.id, 1)
    assert [raised.note for raised in await flags_on(database, said.id)] == [None, "About the second."]


async def test_a_flag_is_read_by_nobody_else(database: Database) -> None:
    """The role of public readers has no grant on flags."""
    made = await make(database)
    said = await say(database, made)
    await flag(database, made.other, said.id)
    async with database.reading() as connection:
        with pytest.raises(Exception, match="permission denied"):
            await connection.exec_driver_sql("SELECT * FROM flags")
