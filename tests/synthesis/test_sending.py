"""Bringing the outcome to institutions: the list, what is sent once, the question, the link, and what is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock, errors
from app.accounts.people import address_of
from app.database import Database
from app.moderation import erasing
from app.outreach import addressees
from app.outreach.addressee_models import Addressee
from app.outreach.addressees import Entry
from app.outreach.forgetting import remove_rounds
from app.permissions import ANYONE
from app.readings.organising import institutions
from app.readings.outcome import recommendations, sent_outcome
from app.record import commitments
from app.synthesis import answering, forgetting, sending
from app.synthesis.responding import Answer
from app.synthesis.sending import Parcel
from tests.making import make, make_person, say
from tests.synthesis.bringing import CITY, listed, send, summarised
from tests.synthesis.outcome import begin, cite, entries, make_rapporteur, publish, published

pytestmark = pytest.mark.anyio
TAKEN = Answer("accepted", "The council says yes.", "2016-10-01", document="https://example.org/minutes.pdf")


async def test_sent_asked_answered_and_ended(database: Database) -> None:
    made = await make(database)
    rapporteur, text = await make_rapporteur(database, made), await say(database, made)
    await published(database, rapporteur, made, text)
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, text)
    await publish(database, rapporteur, begun.id, "open")
    await summarised(database, rapporteur, made)
    city, other = await listed(database, made), await listed(database, made, replace(CITY, email="b@sample.example"))
    first, second = await send(database, made, {city: [1], other: []})
    assert await entries(database, "outcome.sent") == [
        {"what": "summary", "version": 1, "hash": each.hash.hex()} for each in (first, second)
    ]  # fmt: skip
    assert second.seq == first.seq + 1
    with pytest.raises(errors.Invalid, match="nothing is left"):
        await send(database, made, {city: [1]})
    async with database.reading() as connection:
        one, _two = await sent_outcome.sent(connection, made.id)
    said = one.json("", made.slug)
    content = {"what": said["what"], "version": said["version"], "institution": said["institution"]["name"],
               "kind": said["institution"]["kind"]}  # fmt: skip
    salt = bytes.fromhex(said["commitment"]["salt"])
    assert commitments.commitment(salt, content).hex() == said["commitment"]["hash"]
    assert "Sample Mayor" not in str(said) and "sample.example" not in str(said)

    async with database.writing() as session:
        link = await sending.open_link(session, city)
        assert link and link.recommendations == [1] and await sending.open_link(session, other) is None
        again = await sending.ask(session, made.organiser, made.id, city, [1])
        assert again.id == link.id
    assert await entries(database, "answer.asked") == [{"person": str(made.organiser.person)}]
    token = answering.link_path(link.id).rpartition("/")[2]
    for given in (TAKEN, replace(TAKEN, words="The budget is adopted.", received="2017-05-02", document="")):
        async with database.writing() as session:
            await answering.answer(session, link.id, token, 1, given)
    async with database.reading() as connection:
        view = await recommendations.recommendation(connection, made.id, 1)
    told = view.json("", made.slug)["responses"]
    assert [(each["by"], each["institution"], each["document"]) for each in told] == [
        ("institution", CITY.institution, TAKEN.document), ("institution", CITY.institution, None),
    ]  # fmt: skip
    content = {name: told[0][name] for name in ("answer", "reasons", "language", "received", "document", "institution")}
    kept = told[0]["commitment"]
    assert commitments.commitment(bytes.fromhex(kept["salt"]), content).hex() == kept["hash"]
    assert (await entries(database, "response.received"))[0]["hash"] == kept["hash"]

    for wrong, number, fault in (
        (token, 2, errors.NotFound), ("x" * 64, 1, errors.NotFound), ("\ud800", 1, errors.NotFound),
    ):  # fmt: skip
        with pytest.raises(fault):
            async with database.writing() as session:
                await answering.answer(session, link.id, wrong, number, TAKEN)
    for document in (
        "javascript:alert(1)",
        "https://",
        "http://a b.example",
        "http://a.example/\tb",
        "\ud800",
        "x" * 600,
    ):
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await answering.answer(session, link.id, token, 1, replace(TAKEN, document=document))
        assert caught.value.fields.keys() == {"document"}
    async with database.writing() as session:
        await sending.revoke(session, made.organiser, made.id, city)
    with pytest.raises(errors.Gone):
        async with database.writing() as session:
            await answering.answer(session, link.id, token, 1, TAKEN)
    async with database.writing() as session:
        fresh = await sending.ask(session, made.organiser, made.id, city, [1])
        assert fresh.id != link.id
        await addressees.remove(session, made.organiser, made.id, city)
        assert await answering.held(session, fresh.id, answering.link_path(fresh.id).rpartition("/")[2]) is None
        [left] = await institutions.institutions(session, made.organiser, made.id)
        assert left.id == other
    assert [each["act"] for each in await entries(database, "addressee.changed")] == [
        "added", "added", "revoked", "removed",
    ]  # fmt: skip
    async with database.writing() as session:
        await forgetting.remove_outcome(session, made.id)
        await remove_rounds(session, made.id)
        assert (await session.scalars(select(Addressee))).all() == []


async def test_a_link_is_over_when_another_address_takes_the_place_of_the_one_it_went_to(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    await published(database, rapporteur, made, await say(database, made))
    city = await listed(database, made)
    async with database.writing() as session:
        link = await sending.ask(session, made.organiser, made.id, city, [1])
        token = answering.link_path(link.id).rpartition("/")[2]
        await sending.change(session, made.organiser, made.id, city, replace(CITY, institution="Quezon City"))
        held = await answering.held(session, link.id, token)
        assert held and held[1] == "Quezon City"
        await sending.change(session, made.organiser, made.id, city, replace(CITY, email="b@sample.example"))
        assert await answering.held(session, link.id, token) is None
    assert [each["act"] for each in await entries(database, "addressee.changed")] == [
        "added", "changed", "changed", "revoked",
    ]  # fmt: skip
    for actor in (made.participant, rapporteur):
        with pytest.raises(errors.Forbidden):
            async with database.writing() as session:
                await sending.change(session, actor, made.id, city, CITY)


async def test_addresses_are_forgotten(database: Database) -> None:
    made = await make(database)
    await summarised(database, made.organiser, made)
    leaver = await make_person(database, "Participant L")
    async with database.writing() as session:
        mine = (await addressees.held_about(session, leaver.person)) if leaver.person else []
        assert mine == []
    async with database.writing() as session:
        assert leaver.person is not None
        address = await address_of(session, leaver.person)
    assert address is not None
    theirs, old = await listed(database, made, replace(CITY, email=address)), await listed(database, made)
    async with database.writing() as session:
        assert [each["email"] for each in await addressees.held_about(session, leaver.person)] == [address]
        await session.execute(
            update(Addressee).where(Addressee.id == old).values(keep_until=clock.now() - timedelta(days=1))
        )
        await addressees.forget_old(session)
        await erasing.erase_all_by(session, leaver, leaver.person)
    async with database.writing() as session:
        rows = (await session.scalars(select(Addressee).order_by(Addressee.id))).all()
        assert [(row.id, row.email, row.name) for row in rows] == [(theirs, None, None), (old, None, None)]


async def test_who_and_what_is_refused(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    await published(database, rapporteur, made, await say(database, made))
    await summarised(database, rapporteur, made)
    city = await listed(database, made)
    for actor in (ANYONE, made.participant, made.moderator, rapporteur):
        refused = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        for act in (
            lambda session, actor=actor: addressees.add(session, actor, made.id, CITY),
            lambda session, actor=actor: addressees.change(session, actor, made.id, city, CITY),
            lambda session, actor=actor: addressees.remove(session, actor, made.id, city),
            lambda session, actor=actor: sending.send(session, actor, made.id, Parcel("summary", 1, {city: []})),
            lambda session, actor=actor: sending.ask(session, actor, made.id, city, [1]),
            lambda session, actor=actor: sending.revoke(session, actor, made.id, city),
            lambda session, actor=actor: institutions.institutions(session, actor, made.id),
        ):
            with pytest.raises(refused):
                async with database.writing() as session:
                    await act(session)
    for given, fields in (
        (Entry(), {"institution", "email"}), (replace(CITY, kind="moon"), {"kind", "email"}),
        (Entry("x" * 201, email="nobody", language="tlh"), {"institution", "email", "language"}),
        (replace(CITY, email="c@sample.example", name="half \ud800"), {"name"}), (CITY, {"email"}),
    ):  # fmt: skip
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await addressees.add(session, made.organiser, made.id, given)
        assert caught.value.fields.keys() == fields
    for parcel, field in (
        (Parcel("summary", 2, {city: []}), "what"), (Parcel("secret", 1, {city: []}), "what"),
        (Parcel("report", 1, {city: []}), "what"), (Parcel("summary", 10**9, {city: []}), "what"),
        (Parcel("summary", 1, {}), "to"), (Parcel("summary", 1, {city: [2]}), f"numbers.{city}"),
    ):  # fmt: skip
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await sending.send(session, made.organiser, made.id, parcel)
        assert caught.value.fields.keys() == {field}
    for numbers in ([], [2], [10**12]):
        with pytest.raises(errors.Invalid):
            async with database.writing() as session:
                await sending.ask(session, made.organiser, made.id, city, numbers)
    assert await entries(database, "outcome.sent") == []
