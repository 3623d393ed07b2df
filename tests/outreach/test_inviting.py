"""A round of invitations, from the list to the day on which the addresses are deleted."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from app import errors
from app.clock import new_id, now
from app.config import settings
from app.consultations.models import Phase
from app.database import Database
from app.files.apart import upload
from app.moderation import erasing
from app.notifications.models import Delivery
from app.outreach import actions, answering
from app.outreach.forgetting import held_about
from app.outreach.models import DeclinedAddress, Invitee, Round
from app.outreach.notes import note_of
from app.outreach.texts import Wording
from app.permissions import OPERATOR
from app.record import seal
from app.worker import catch_up
from tests.files import samples
from tests.making import Made, make, make_person
from tests.outreach.listing import SOURCE, WORDS, invite, invitees, mails, plan, states, token_of, told

pytestmark = pytest.mark.anyio
BASE = "https://plenary.example.org"


@pytest.fixture
async def made(database: Database) -> Made:
    made = await make(database)
    async with database.writing() as session:
        session.add(Phase(consultation_id=made.id, name="closed", starts=now() + timedelta(days=10)))
    return made


async def test_the_whole_life_of_a_round(database: Database, made: Made) -> None:
    id, note = new_id(), note_of(await upload("Concept note.docx", samples.docx()))
    sent = await invite(database, made, id=id, note=note)
    assert (await invite(database, made, id=id)).id == sent.id == id  # a double click
    assert await told(database, made) == [
        ("round.sent", {"person": str(made.organiser.person), "invited": 3, "left_out": 0, "refused": 1})
    ]
    assert sent.forget_at - now() > timedelta(days=69, hours=23)
    one, two, three = await invitees(database)
    assert [each.language for each in (one, two, three)] == ["fr", "en", "ar"]
    await catch_up(database, BASE)
    assert await states(database) == [("sent", each.email) for each in (one, two, three)]

    mail = message_from_bytes((settings().mail_folder / f"invitee-{one.id}.eml").read_bytes(), policy=policy.default)
    link = answering.link_path(one.id)
    assert (mail["To"], mail["List-Unsubscribe"]) == ("one@sample.example", f"<{BASE}{link}/decline>")
    assert f"\nList-Unsubscribe: <{BASE}{link}/decline>\r\n" in mails()[0].read_bytes().decode()  # in one line
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    words = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    html = str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert "Bonjour Sample One" in words and SOURCE in words and f"{BASE}{link}?lang=fr" in words
    assert "Organiser D" in words and "organiser-d@" not in words
    assert "<img" not in html and "src=" not in html and html.count("href=") == 2
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "Concept note.docx" and samples.SECRET.encode() not in attached.get_content()

    async with database.writing() as session:
        assert await answering.accept(session, one.id, token_of(one.id)) == "one@sample.example"
        await answering.accept(session, one.id, token_of(one.id))
        await answering.decline(session, two.id, token_of(two.id))
        await answering.decline(session, two.id, token_of(two.id))
    assert await states(database) == [("answered", one.email), ("declined", None), ("sent", three.email)]
    assert [(kind, said["round"]) for kind, said in (await told(database, made))[1:]] == [
        ("invitee.answered", str(id)),
        ("invitee.declined", str(id)),
    ]
    await catch_up(database, BASE)
    assert len(mails()) == 2  # the file goes with the address
    with pytest.raises(errors.Invalid, match="nobody is left"):
        await invite(database, made)

    async with database.writing() as session:
        await session.execute(update(Round).values(forget_at=now()))
    await catch_up(database, BASE)
    assert await states(database) == [("answered", None), ("declined", None), ("sent", None)] and mails() == []
    assert (await told(database, made))[-1] == ("round.forgotten", {})
    async with database.writing() as session:
        with pytest.raises(errors.Gone):
            await answering.accept(session, three.id, token_of(three.id))
        rows = [(await session.execute(select(table.__table__))).all() for table in (Invitee, Delivery)]
        everything = f"{rows} {await told(database, made)}"
    assert "sample.example" not in everything and "Sample One" not in everything


async def test_who_declines_is_not_invited_again_by_anybody(database: Database, made: Made) -> None:
    await invite(database, made, "two@sample.example\nthree@sample.example")
    two = (await invitees(database))[0]
    async with database.writing() as session:
        await answering.decline(session, two.id, token_of(two.id))
    await catch_up(database, BASE)
    assert [file.stem for file in mails()] == [f"invitee-{(await invitees(database))[1].id}"]
    async with database.writing() as session:
        found = await actions.look(session, made.organiser, made.id, plan("TWO@sample.example\nfour@sample.example"))
        assert ([each.email for each in found.entries], found.before, found.declined) == (["four@sample.example"], 0, 1)
        [kept] = await session.scalars(select(DeclinedAddress.hash))
        assert b"two" not in kept and len(kept) == 32
    # In a backup of before, the address is there again; the list of erasures has what brings it out of it.
    async with database.writing() as session:
        await session.execute(
            update(Invitee).where(Invitee.id == two.id).values(email="two@sample.example", state="sent")
        )
        await answering.decline_again(session, kept)
    assert (await states(database))[0] == ("declined", None)
    three = (await invitees(database))[1]
    async with database.writing() as session:  # who has accepted can still want no more
        await answering.accept(session, three.id, token_of(three.id))
        await answering.decline(session, three.id, token_of(three.id))
    assert (await states(database))[1] == ("declined", None)


async def test_a_stopped_round_sends_no_more(database: Database, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENARY_INVITATIONS_PER_MINUTE", "2")
    settings.cache_clear()
    first = await invite(database, made)
    await catch_up(database, BASE)
    assert [state for state, _email in await states(database)] == ["sent", "sent", "waiting"]
    await invite(database, made, "later@sample.example")
    await catch_up(database, BASE)
    async with database.writing() as session:
        dues = (
            await session.scalars(select(Delivery.due).where(Delivery.due.is_not(None)).order_by(Delivery.due))
        ).all()
        assert [timedelta(seconds=50) < due - now() for due in dues if due] == [True, True] and dues[0] != dues[1]
        for _twice in range(2):
            await actions.stop(session, made.organiser, made.id, first.id)
        await session.execute(update(Delivery).where(Delivery.due.is_not(None)).values(due=now()))
    await catch_up(database, BASE)
    assert [state for state, _email in await states(database)] == ["sent", "sent", "stopped", "sent"]
    assert (await states(database))[2][1] is None and len(mails()) == 3
    assert [kind for kind, _said in await told(database, made)].count("round.stopped") == 1


async def test_in_an_archive_people_can_still_decline_and_are_forgotten(database: Database, made: Made) -> None:
    await invite(database, made)
    one, two, _three = await invitees(database)
    async with database.writing() as session:
        await seal(session, made.id, now())
    async with database.writing() as session:
        await answering.decline(session, one.id, token_of(one.id))
    with pytest.raises(errors.Closed):
        async with database.writing() as session:
            await answering.accept(session, two.id, token_of(two.id))
    async with database.writing() as session:
        await session.execute(update(Round).values(forget_at=now()))
    await catch_up(database, BASE)
    assert await states(database) == [("declined", None), ("stopped", None), ("stopped", None)]


async def test_who_may_invite_whom(database: Database, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    suspended = replace(made.organiser, suspended=frozenset({made.id}))
    for actor in (made.participant, made.moderator, suspended, replace(made.organiser, scopes=frozenset({"write"}))):
        async with database.writing() as session:
            for refused in (
                actions.look(session, actor, made.id, plan()), actions.invite(session, actor, made.id, plan()),
                actions.stop(session, actor, made.id, new_id()),
            ):  # fmt: skip
                with pytest.raises(errors.Forbidden):
                    await refused
    wrong = [
        (plan(""), "list"), (plan(without_faulty=False), "without_faulty"), (plan(language="de"), "language"),
        (plan(kept_days=0), "kept_days"), (plan(kept_days=181), "kept_days"), (plan(kept_days=None), "kept_days"),
        (plan("\n".join(f"a{n}@sample.example" for n in range(10_001))), "list"),
        (plan(texts={}), "source_ar"),
        (plan(texts=WORDS | {"fr": Wording("S", "Hello {name.__class__}", "S")}), "words_fr"),
        (plan(texts=WORDS | {"en": Wording("x" * 121, "W", "S")}), "subject_en"),
    ]  # fmt: skip
    for given, field in wrong:
        async with database.writing() as session:
            with pytest.raises(errors.Invalid) as caught:
                await actions.invite(session, made.organiser, made.id, given)
            assert field in caught.value.fields
    monkeypatch.setenv("PLENARY_INVITATIONS_PER_DAY", "4")
    settings.cache_clear()
    await invite(database, made)
    with pytest.raises(errors.RateLimited, match="At most 4"):
        await invite(database, made, "a@sample.example\nb@sample.example")
    assert len(await invitees(database)) == 3
    async with database.writing() as session:
        await session.execute(update(Phase).where(Phase.name == "closed").values(starts=now()))
        with pytest.raises(errors.Closed):
            await actions.look(session, made.organiser, made.id, plan("a@sample.example"))


async def test_hostile_names_stay_words(database: Database, made: Made) -> None:
    name = "Eve\x0bBcc: everybody {link} <b>\u202ebold\x1b"
    words = WORDS | {"en": Wording("For {name}", "{name}\n\n{link} {consultation}", "<script>")}
    await invite(database, made, f'one@sample.example, "{name}"', texts=words)
    await catch_up(database, BASE)
    [file] = mails()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Bcc"] is None and mail["Subject"] == "For Eve Bcc: everybody {link} <b>bold"
    html = str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert "&lt;b&gt;bold" in html and "<script" not in html and "{link} &lt;b&gt;" in html


async def test_links_that_are_made_up_change_nothing(database: Database, made: Made) -> None:
    await invite(database, made)
    one, two, _three = await invitees(database)
    for id, token in ((one.id, token_of(two.id)), (one.id, "é"), (new_id(), token_of(one.id))):
        for act in (answering.accept, answering.decline):
            async with database.writing() as session:
                with pytest.raises(errors.NotFound):
                    await act(session, id, token)
    assert {state for state, _email in await states(database)} == {"waiting"}


async def test_what_is_held_goes_with_accounts(database: Database, made: Made) -> None:
    person = await make_person(database, "Participant I")
    await invite(database, made, "participant-i@example.org, Sample Name\nother@sample.example")
    assert person.person and made.organiser.person
    async with database.writing() as session:
        [held] = await held_about(session, person.person)
        assert (held["name"], held["state"], held["consultation"]) == ("Sample Name", "waiting", str(made.id))
        await erasing.keep_all_anonymous(session, OPERATOR, person.person)
    assert await states(database) == [("stopped", None), ("waiting", "other@sample.example")]
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, OPERATOR, made.organiser.person)
    assert await states(database) == [("stopped", None), ("stopped", None)]
    async with database.writing() as session:
        [left] = await session.scalars(select(Round))
        assert (left.sent_by, left.texts, left.note, left.invited) == (None, {}, None, 2)
    await catch_up(database, BASE)
    assert mails() == []
