"""Files belong to a revision: what lists them decides who may have them, and they go with it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.contributions import actions, attaching
from app.contributions.attachment_models import Attachment
from app.database import Database
from app.files import apart, images
from app.files.kinds import Cleaned
from app.files.uploads import Upload
from app.moderation import erasing
from app.moderation.deciding import Options
from app.permissions import ANYONE, Actor
from app.readings.discussion import attachments as readings
from app.record import commitments
from app.record.models import Entry
from tests.contributions.stored import document, kinds, revisions
from tests.files import samples
from tests.files.samples import SECRET
from tests.making import BEFORE, Made, curate, decide, make, say

pytestmark = pytest.mark.anyio


def picture(name: str, made: Cleaned) -> Upload:
    """A picture as a surface hands it on: the same whether its author is named or not."""
    return Upload(name, made, made)


DRAWING = images.clean_png(samples.png())
PHOTO = picture("Sample Person.png", DRAWING)
SHOT = picture("b.jpg", images.clean_jpeg(samples.jpeg()))


async def seen(database: Database, id: Any, actor: Actor = ANYONE) -> str:
    """How a file stands for somebody: public, private, gone or not there."""
    try:
        found = await readings.readable_file(database, actor, UUID(str(id)), "")
    except errors.Gone as gone:
        return f"gone: {gone.details['state']}"
    except errors.NotFound:
        return "none"
    return "public" if found.public else "private"


async def edit(database: Database, made: Made, id: UUID, **changes: Any) -> None:
    latest = (await revisions(database, id))[-1].number
    async with database.writing() as session:
        await actions.edit(session, made.participant, id, latest, changes)


async def last_entry(database: Database, made: Made) -> Entry:
    async with database.writing() as session:
        newest = select(Entry).where(Entry.record_id == made.id).order_by(Entry.seq.desc())
        return (await session.scalars(newest.limit(1))).one()


async def rows(database: Database) -> list[Attachment]:
    async with database.writing() as session:
        return list(await session.scalars(select(Attachment).order_by(Attachment.id)))


async def listed(database: Database, id: UUID) -> list[dict[str, Any]]:
    shown = await document(database, id)
    found: list[dict[str, Any]] = shown["attachments"] if shown else []
    return found


async def test_a_file_is_public_while_a_public_text_lists_it(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, files=(PHOTO,))
    [file] = await listed(database, said.id)
    assert file["name"] == PHOTO.name and file["url"] == f"/attachments/{file['id']}" and file["type"] == "image/png"
    [revision], entry = await revisions(database, said.id), await last_entry(database, made)
    assert revision.salt is not None and revision.attachments == [file]
    commitment = commitments.commitment(revision.salt, {"attachment": file["hash"]})
    assert (entry.kind, entry.payload["attachments"]) == ("contribution.published", [commitment.hex()])
    assert await seen(database, file["id"]) == "public"
    await decide(database, made, "hide", said.id)
    assert await seen(database, file["id"]) == "gone: hidden"
    assert await seen(database, file["id"], made.participant) == await seen(database, file["id"], made.moderator)
    await decide(database, made, "restore", said.id)
    await edit(database, made, said.id, detached=frozenset((UUID(file["id"]),)))
    assert await listed(database, said.id) == [] and await seen(database, file["id"]) == "gone: published"
    assert (await last_entry(database, made)).kind == "contribution.revised"
    [row] = await rows(database)
    assert (row.content, row.name, row.hash) == (None, None, None)


async def test_what_waits_is_for_author_and_moderators(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    await edit(database, made, said.id, files=(PHOTO,))
    [row] = await rows(database)
    stands = [await seen(database, row.id, who) for who in (ANYONE, made.other, made.participant, made.moderator)]
    assert stands == ["none", "none", "private", "private"]
    await edit(database, made, said.id, detached=frozenset((row.id,)))
    assert await rows(database) == []  # it never was public: nothing says that it existed
    await edit(database, made, said.id, files=(PHOTO,))
    await curate(database, made, "approve", said.id)
    [row] = await rows(database)
    assert await seen(database, row.id) == "public"
    await edit(database, made, said.id, detached=frozenset((row.id,)))
    assert await seen(database, row.id) == "public"  # until a moderator has read the edit
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, said.id)
    assert await seen(database, row.id, made.other) == "gone: withdrawn"


async def test_erasing_destroys_the_bytes(database: Database) -> None:
    made = await make(database)
    public = await say(database, made, files=(PHOTO,))
    waiting = await say(database, made, topic=BEFORE, files=(PHOTO,))
    [file] = await listed(database, public.id)
    async with database.writing() as session:
        await erasing.erase(session, made.participant, public.id)
        await erasing.erase(session, made.participant, waiting.id)
    [row] = await rows(database)
    assert (str(row.id), row.content, row.name, row.hash) == (file["id"], None, None, None)
    for who in (ANYONE, made.participant, made.moderator):
        assert await seen(database, row.id, who) == "gone: erased"


async def test_a_lower_byline_cleans_or_removes(database: Database) -> None:
    made = await make(database)
    paper = await apart.upload(f"{SECRET}.docx", samples.docx())
    field = await apart.upload("x.odt", samples.odt("<text:creator/>"))
    said = await say(database, made, files=(paper, field, PHOTO))
    before = await listed(database, said.id)
    async with database.writing() as session:
        await actions.lower_byline(session, made.participant, said.id, "anonymous")
    after = await listed(database, said.id)
    assert [(each["id"], each["name"]) for each in after] == [
        (before[0]["id"], "attachment.docx"), (before[2]["id"], "attachment.png"),
    ]  # fmt: skip
    entry = await last_entry(database, made)
    assert entry.payload["changed"] == ["byline", "attachments"] and len(entry.payload["attachments"]) == 2
    assert await seen(database, before[1]["id"]) == "gone: published"
    assert SECRET not in str([(row.name, row.content) for row in await rows(database)])
    [revision] = await revisions(database, said.id)
    assert revision.attachments == after
    left = await say(database, made, files=(paper,))
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, made.participant, made.participant.person or left.id)
    assert [each["name"] for each in await listed(database, left.id)] == ["attachment.docx"]
    assert await listed(database, said.id) == after  # they were clean


async def test_what_cannot_be_taken(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await make(database)
    for name, content, why in (
        ("a.exe", b"MZ", "none of the files"), ("paper.pdf", samples.png(), "another type"),
        ("x.odt", samples.odt("<text:creator/>"), "field"),
    ):  # fmt: skip
        with pytest.raises(errors.Invalid, match=why) as refused:
            await say(database, made, byline="anonymous", files=(await apart.upload(name, content),))
        assert list(refused.value.fields) == ["files"] and name in str(refused.value)
    said = await say(database, made, files=(PHOTO,))
    for files, why in (((PHOTO,), "already"), ((PHOTO,) * attaching.MOST, "At most 5")):
        with pytest.raises(errors.Invalid, match=why):
            await edit(database, made, said.id, files=files)
    with pytest.raises(errors.NotFound):
        await edit(database, made, said.id, detached=frozenset((said.id,)))
    monkeypatch.setattr(attaching, "MOST_OF_A_PERSON", len(DRAWING.content))
    with pytest.raises(errors.Invalid, match="MB"):
        await edit(database, made, said.id, files=(SHOT,))
    assert len(await rows(database)) == 1 and await kinds(database, made) == ["contribution.published"]


async def test_a_moderator_removes_one_for_a_reason(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, files=(PHOTO, SHOT))
    first, second = await listed(database, said.id)
    await curate(database, made, "redact", said.id, Options(attachment=UUID(first["id"])))
    assert await listed(database, said.id) == [second]
    assert [each.attachments for each in await revisions(database, said.id)] == [[second], [second]]
    assert await seen(database, first["id"]) == "gone: published" and await seen(database, second["id"]) == "public"
    assert (await kinds(database, made))[1:] == ["decision.made", "contribution.redacted"]
    assert (await kinds(database, made, "staff"))[-1] == "text.erased"
    for attachment, passage in ((first["id"], None), (second["id"], "Text")):
        with pytest.raises(errors.Invalid, match="attach"):
            await curate(database, made, "redact", said.id, Options(passage=passage, attachment=UUID(attachment)))
