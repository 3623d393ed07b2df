"""Documents from the announcement to the withdrawal: what changes, what the record says, who is refused."""

import asyncio
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from app import clock, errors, record
from app.accounts.actions import erase_account
from app.accounts.private_consultations import make_private
from app.clock import new_id
from app.consultations import document_files as files
from app.consultations import documents, notices, organising
from app.consultations.act_models import OrganisersAct
from app.consultations.document_models import Document, DocumentVersion
from app.consultations.documents import Details
from app.consultations.models import Consultation
from app.consultations.removing import remove
from app.database import Database, admission
from app.files.kinds import Refused
from app.files.uploads import Upload
from app.moderation import erasing
from app.permissions import ANYONE, OPERATOR
from app.readings.archives.archive import write_archive
from app.readings.consultation_views import ConsultationView
from app.readings.consultations import consultation
from app.readings.organising import documents as readings
from app.readings.organising.documents import DocumentView
from app.record import commitments
from tests.consultations.publishing import PAPER, announced, entries, filed, of_text, posted
from tests.making import AFTER, SLUG, Made, make, make_person

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def view(database: Database) -> ConsultationView:
    async with database.reading() as connection:
        return await consultation(connection, SLUG)


async def seen(database: Database) -> list[DocumentView]:
    around = await view(database)
    async with database.reading() as connection:
        return await readings.documents(connection, around)


async def published_at_once(database: Database, made: Made) -> Document:
    document = await announced(database, made)
    await filed(database, made, document.id, of_text("a.pdf", b"a"))
    async with database.writing() as session:
        return await documents.publish(session, made.organiser, made.id, document.id)


async def test_announced_then_published_then_revised(database: Database, made: Made) -> None:
    paper = replace(PAPER, topic=AFTER, expected=date(2016, 9, 12))
    document = await announced(database, made, paper)
    await filed(database, made, document.id, of_text("draft.pdf", b"a draft", "changes"))
    first = await filed(database, made, document.id, of_text("final.pdf", b"first"))  # nobody has read the draft
    french = await filed(database, made, document.id, of_text("fr.pdf", b"en francais"), language="fr")
    [shown] = await seen(database)
    assert (shown.title, shown.state, shown.expected, shown.topic) == (
        "Sample paper",
        "announced",
        paper.expected,
        AFTER,
    )
    assert shown.versions == []
    async with database.reading() as connection:
        with pytest.raises(errors.NotFound):
            await readings.served(connection, first.id)
    async with database.writing() as session:
        [known] = await readings.for_organisers(session, made.organiser, await view(database), document.id)
        assert [(each.name, each.language) for each in known.versions] == [("final.pdf", "en"), ("fr.pdf", "fr")]
        await documents.publish(session, made.organiser, made.id, document.id)
        await documents.publish(session, made.organiser, made.id, document.id)  # done once
    second = await filed(database, made, document.id, of_text("final.pdf", b"second"), bare=True)
    [shown] = await seen(database)
    assert (shown.state, shown.expected) == ("published", None)
    assert [(each.language, each.number, each.current) for each in shown.versions] == [
        ("en", 2, True), ("en", 1, False), ("fr", 1, True),
    ]  # fmt: skip
    async with database.reading() as connection:
        assert (await readings.served(connection, first.id)).content == b"first"
        assert (await readings.served(connection, second.id)).content == b"second bare"
    told = await entries(database, made, "document.")
    assert [each.kind for each in told] == ["document.announced", *["document.published"] * 2, "document.revised"]
    assert {each.subject for each in told} == {document.id} and all(each.payload["topic"] == AFTER for each in told)
    assert {each.payload["version"]: each.payload["hash"] for each in told[1:]} == {
        str(first.id): hashlib.sha256(b"first").hexdigest(), str(french.id): french.hash.hex(),
        str(second.id): hashlib.sha256(b"second bare").hexdigest(),
    }  # fmt: skip
    assert [each.seq for each in shown.versions] == [told[3].seq, told[1].seq, told[2].seq]
    assert "Sample" not in str([each.payload for each in told])


async def test_one_file_is_withdrawn_then_all(database: Database, made: Made) -> None:
    document = await announced(database, made)
    first = await filed(database, made, document.id, of_text("a.pdf", b"It names somebody."))
    async with database.writing() as session:
        await documents.publish(session, made.organiser, made.id, document.id)
        with pytest.raises(errors.Conflict, match="withdraw the whole document"):
            await files.take_file(session, made.organiser, made.id, document.id, first.id, "It named somebody.")
    second = await filed(database, made, document.id, of_text("a.pdf", b"It names nobody."))
    async with database.writing() as session:
        with pytest.raises(errors.Invalid, match="reason"):
            await files.take_file(session, made.organiser, made.id, document.id, first.id, " ")
        await files.take_file(session, made.organiser, made.id, document.id, first.id, "It named somebody.")
        await files.take_file(session, made.organiser, made.id, document.id, first.id, "Again.")
    [shown] = await seen(database)
    [gone] = shown.earlier
    assert gone.withdrawn is not None and gone.hash == first.hash.hex() and gone.name == "attachment.pdf"
    assert gone.withdrawn.reason == "It named somebody."
    async with database.reading() as connection:
        with pytest.raises(errors.Gone):
            await readings.served(connection, first.id)
        assert (await readings.served(connection, second.id)).content == b"It names nobody."
    async with database.writing() as session:
        await documents.withdraw(session, made.organiser, made.id, document.id, "It is out of date.")
        await documents.withdraw(session, made.organiser, made.id, document.id, "Again.")
        with pytest.raises(errors.Conflict):
            await documents.publish(session, made.organiser, made.id, document.id)
        assert set(await session.scalars(select(DocumentVersion.content))) == {None}
    with pytest.raises(errors.Conflict, match="was withdrawn"):
        await filed(database, made, document.id, of_text("a.pdf", b"Anew."))
    [shown] = await seen(database)
    assert shown.withdrawn is not None and shown.current == [] and len(shown.versions) == 2
    told = await entries(database, made, "document.withdrawn")
    for entry, taken in zip(told, (gone.withdrawn, shown.withdrawn), strict=True):
        assert entry.payload["hash"] == commitments.commitment(taken.salt or b"", {"reason": taken.reason}).hex()
        assert taken.seq == entry.seq and (taken.reason or "") not in str(entry.payload)


async def test_described_and_put_in_order(database: Database, made: Made) -> None:
    one, two, three = [await announced(database, made, replace(PAPER, titles={"en": n})) for n in ("1", "2", "3")]
    async with database.writing() as session:
        await documents.move(session, made.organiser, made.id, three.id, by=-1)
        await documents.move(session, made.organiser, made.id, one.id, by=-1)  # it is the first
        again = Details("report", {"en": "Two", "ar": "اثنان"}, topic=AFTER)
        await documents.describe(session, made.organiser, made.id, two.id, again)
        await documents.describe(session, made.organiser, made.id, two.id, again)
    assert [each.title for each in await seen(database)] == ["1", "3", "Two"]
    told = await entries(database, made, "document.updated")
    assert [each.payload["changed"] for each in told] == [["position"], ["author", "kind", "titles", "topic"]]
    async with database.writing() as session:
        await session.execute(text("DELETE FROM topics WHERE slug = :slug"), {"slug": AFTER})
    assert [each.topic for each in await seen(database)] == [None] * 3


async def test_sent_twice_it_is_there_once(database: Database, made: Made) -> None:
    id, file = new_id(), new_id()

    async def announce() -> None:
        async with database.writing() as session:
            await documents.announce(session, made.organiser, made.id, PAPER, id)

    await asyncio.gather(announce(), announce())
    for _time in range(2):
        await filed(database, made, id, of_text("a.pdf", b"a"), id=file)
    with pytest.raises(errors.Invalid, match="attached already"):
        await filed(database, made, id, of_text("b.pdf", b"a"))
    other = await announced(database, made)
    with pytest.raises(errors.NotFound):
        await filed(database, made, other.id, of_text("a.pdf", b"a"), id=file)
    async with database.writing() as session:
        assert {*await session.scalars(select(Document.id))} == {id, other.id}
        assert [*await session.scalars(select(DocumentVersion.id))] == [file]
        await files.take_file(session, made.organiser, made.id, id, file, "")  # never public: no reason is due
        assert [*await session.scalars(select(DocumentVersion.id))] == []
        with pytest.raises(errors.Conflict, match="no file yet"):
            await documents.publish(session, made.organiser, made.id, id)


async def test_who_is_refused(database: Database, made: Made) -> None:
    document = await announced(database, made)
    around = await view(database)
    for actor, error in ((ANYONE, errors.Unauthenticated), (made.participant, errors.Forbidden),
                         (made.moderator, errors.Forbidden), (OPERATOR, errors.Forbidden)):  # fmt: skip
        async with database.writing() as session:
            where = (session, actor, made.id)
            for asked in (
                documents.announce(*where, PAPER), documents.describe(*where, document.id, PAPER),
                documents.move(*where, document.id, by=1), documents.publish(*where, document.id),
                documents.withdraw(*where, document.id, "Because."),
                files.add_file(*where, document.id, "en", of_text("a.pdf", b"a")),
                files.take_file(*where, document.id, new_id(), "Because."),
                readings.for_organisers(session, actor, around),
            ):  # fmt: skip
                with pytest.raises(error):
                    await asked
    elsewhere = replace(made.organiser, roles={new_id(): frozenset({"organiser"}), **made.organiser.roles})
    async with database.writing() as session:
        other = next(each for each in elsewhere.roles if each != made.id)
        with pytest.raises(errors.NotFound):  # of another consultation
            await documents.withdraw(session, elsewhere, other, document.id, "Because.")


async def test_what_cannot_be_said_of_a_document(database: Database, made: Made) -> None:
    one = {"en": "A"}
    wrong = [
        ("kind", Details("x", one)), ("title_en", Details("report", {"en": " ", "fr": ""})),
        ("title_en", Details("report", {"en": "\x00"})), ("title_en", Details("report", {"en": "x" * 201})),
        ("titles", Details("report", {"\x00": "A"})), ("topic", Details("report", one, topic="no\x00ne")),
        ("author", Details("report", one, author="\ud800")), ("expected", Details("report", one, expected=date.max)),
    ]  # fmt: skip
    for field, given in wrong:
        with pytest.raises(errors.Invalid) as refused:
            await announced(database, made, given)
        assert list(refused.value.fields) == [field]
    assert await seen(database) == []


async def test_files_that_cannot_be_taken(database: Database, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    document = await announced(database, made)
    broken = Upload("a\x00.pdf", Refused("macros"), Refused("macros"))
    for file, language, fault in ((broken, "en", "holds macros"), (of_text("a.png", b"a"), "en", "another type"),
                                  (of_text("a.pdf", b"a"), "\x00", "language tag")):  # fmt: skip
        with pytest.raises(errors.Invalid, match=fault):
            await filed(database, made, document.id, file, language=language)
    monkeypatch.setattr(files, "MOST", 0)
    monkeypatch.setattr(documents, "MOST", 1)
    with pytest.raises(errors.Invalid, match="can have 0 files"):
        await filed(database, made, document.id, of_text("a.pdf", b"a"))
    with pytest.raises(errors.Conflict, match="can have 1 documents"):
        await announced(database, made)


async def test_who_did_it_is_forgotten_and_a_sample_goes_whole(database: Database, made: Made) -> None:
    document = await announced(database, made)
    notice = await posted(database, made)
    await make_person(database, "Organiser E", consultation=made.id, role="organiser")  # the last one cannot leave
    person = made.organiser.person
    assert person is not None
    async with database.writing() as session:
        held = await organising.acts_of(session, person, None, 9)
        assert [(each["act"], UUID(each["subject"])) for each in held] == [
            ("document.announced", document.id), ("notice.posted", notice.id),
        ]  # fmt: skip
        assert await organising.acts_of(session, person, UUID(held[1]["id"]), 9) == []
        await erasing.keep_all_anonymous(session, made.organiser, person)
        await erase_account(session, made.organiser, person)
        assert set(await session.scalars(select(OrganisersAct.person_id))) == {None}
    assert len(await seen(database)) == 1
    made_archive = io.BytesIO()
    await write_archive(database, SLUG, "https://plenary.example", made_archive, lambda _count: None)
    with zipfile.ZipFile(made_archive) as packed:
        [listed] = map(json.loads, packed.read("documents.jsonl").splitlines())
        [told] = map(json.loads, packed.read("notices.jsonl").splitlines())
        assert "documents.jsonl" in packed.read("README.md").decode()
    assert (listed["title"], listed["state"], told["title"]) == ("Sample paper", "announced", "The date moved")
    async with database.writing() as session:
        await session.execute(update(Consultation).values(sample=True))
    async with database.writing() as session:
        await remove(session, OPERATOR, made.id)
        for table in ("documents", "document_versions", "notices", "notice_texts", "organisers_acts"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_in_an_archive_they_can_only_be_withdrawn(database: Database, made: Made) -> None:
    document, notice = await published_at_once(database, made), await posted(database, made)
    async with database.writing() as session:
        await record.seal(session, made.id, clock.now())
    with pytest.raises(errors.Closed):
        await announced(database, made)
    with pytest.raises(errors.Closed):
        await filed(database, made, document.id, of_text("b.pdf", b"b"))
    with pytest.raises(errors.Closed):
        await posted(database, made)
    async with database.writing() as session:
        await documents.withdraw(session, made.organiser, made.id, document.id, "It names somebody.")
        await notices.take_back(session, made.organiser, made.id, notice.id, "It names somebody.")
    assert [each.kind for each in await entries(database, made, "document.withdrawn", "notice.removed")]


async def test_of_a_private_consultation_only_members_get_files(database: Database, made: Made) -> None:
    document = await published_at_once(database, made)
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
        file = (await files.standing_files(session, document.id))[0].id
    async with database.reading() as connection:
        with pytest.raises(errors.NotFound):
            await readings.served(connection, file)
    with admission.admitting([made.id]):
        async with database.reading() as connection:
            assert (await readings.served(connection, file)).content == b"a"
