"""Screening: each sign lets a text wait with its reason, ordinary texts pass, and what is kept goes with the text."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from app import clock
from app.contributions import actions, screening
from app.contributions.screening.fingerprints import ALIKE, fingerprint, words_of
from app.contributions.screening.signs import seen
from app.contributions.screening_models import Fingerprint, Screening
from app.database import Database
from app.moderation import erasing
from app.permissions import Actor
from app.record.log import log_id
from app.record.models import Entry
from app.text import markdown
from tests.contributions.screened import LINKS, LONG, fingerprints, screen_with, signs
from tests.contributions.stored import document, kinds, revisions, stored
from tests.making import BEFORE, DEFINITIONS, Made, decide, make, make_person, say

pytestmark = pytest.mark.anyio
COMMENTS = Path(__file__).parents[3] / "shared/data/threads/decide_madrid_comments.jsonl"
EVERY = 20  # of the comments one is posted


@pytest.fixture(autouse=True)
def _the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many bits tell two texts apart depends on the server's key."""
    monkeypatch.setattr("app.accounts.tokens.server_key", lambda: b"the key of a server under test..")


async def edit(database: Database, made: Made, id: Any, based_on: int = 1, **changes: Any) -> None:
    async with database.writing() as session:
        await actions.edit(session, made.participant, id, based_on, changes)


async def waits_for(database: Database, made: Made, actor: Actor | None = None, **fields: Any) -> list[str]:
    """Post it; if it waits, the signs that say why."""
    said = await say(database, made, actor=actor, **fields)
    found = await signs(database, said.id)
    assert (said.status == "pending") == bool(found)
    return found


async def test_a_text_of_links_waits_with_its_reason_and_is_never_away(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, body=LINKS)
    assert (said.status, said.number, await document(database, said.id)) == ("pending", None, None)
    assert await kinds(database, made) == []
    assert await kinds(database, made, "staff") == ["text.waiting", "text.screened"]
    async with database.writing() as session:
        query = select(Entry.payload).where(Entry.record_id == log_id("staff", made.id), Entry.kind == "text.screened")
        entry = await session.scalar(query)
        row = (await session.scalars(select(Screening))).one()
    [revision] = await revisions(database, said.id)
    assert entry == {"contribution": str(said.id), "revision": str(revision.id), "signs": ["links"]}
    assert (row.revision_id, row.sign, row.detail) == (revision.id, "links", {"links": 4, "words": 1})
    await decide(database, made, "approve", said.id, revision.id)
    assert (await stored(database, said.id)).number == 1


async def test_most_links_and_listed_words_are_the_consultations_own(database: Database) -> None:
    made = await make(database)
    await screen_with(
        database,
        'most_links = 1\n[screening.words]\nen = ["buy followers"]\nru = ["казино*"]\n"*" = ["bit.ly", "赌场"]',
    )
    assert await waits_for(database, made, body="What we did: https://a.example and https://b.example") == ["links"]
    assert await waits_for(database, made, body="Do you want to *Buy* fol**lowers**?") == ["words"]
    assert await waits_for(database, made, body="Do you want to buy fol\u200blo\u0301wers?") == ["words"]
    assert await waits_for(database, made, body="Лучшее казиношко города", language="ru") == ["words"]
    assert await waits_for(database, made, body="Лучшее казино города", language="fr") == []
    assert await waits_for(database, made, body="Acheter: [ici](https://bit.ly/x)", language="fr") == ["words"]
    assert await waits_for(database, made, body="最好的赌场在这里", language="zh-Hans") == ["words"]
    assert await waits_for(database, made, body="Who would buy what followers read?") == []


async def test_the_same_text_from_another_account_waits(database: Database) -> None:
    made = await make(database)
    assert await waits_for(database, made, body=LONG) == []
    assert await waits_for(database, made, body=LONG) == []  # twice by the same is an accident
    assert await waits_for(database, made, body=LONG) == ["repeated"]
    again = f"**{LONG.upper()}** https://shop.example/7"
    said = await say(database, made, actor=made.other, body=again)
    assert await signs(database, said.id) == ["repeated"]
    async with database.writing() as session:
        detail = await session.scalar(select(Screening.detail).where(Screening.contribution_id == said.id))
    assert detail == {"copies": 3, "number": 1}
    for actor in (made.participant, made.other):
        assert await waits_for(database, made, actor, body="I agree with this.") == []


async def test_what_is_much_like_a_removed_text_waits_until_that_is_restored(database: Database) -> None:
    made = await make(database)
    hidden = await say(database, made, body=LONG)
    altered = LONG.replace("noon", "one")
    assert await waits_for(database, made, made.other, body=altered) == []
    await decide(database, made, "hide", hidden.id)
    assert await waits_for(database, made, made.other, body=f"Hello! {altered}") == ["removed"]
    await decide(database, made, "restore", hidden.id)
    assert await waits_for(database, made, made.other, body=f"Hello all! {altered}") == []


async def test_what_is_much_like_a_rejected_text_waits(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE, body=LONG)
    [revision] = await revisions(database, said.id)
    await decide(database, made, "reject", said.id, revision.id)
    assert await waits_for(database, made, made.other, body=f"{LONG} Indeed.") == ["removed"]


async def test_very_many_texts_of_a_new_account_wait(database: Database) -> None:
    made = await make(database)
    await screen_with(database, "new_account_texts = 2")
    new = await make_person(database, "New account E", new=True)
    assert [await waits_for(database, made, new) for _ in range(3)] == [[], [], ["rate"]]
    assert [await waits_for(database, made) for _ in range(4)] == [[]] * 4


async def test_first_contributions_wait_where_the_policy_says_so(database: Database) -> None:
    made = await make(database)
    assert await waits_for(database, made) == []
    await screen_with(database, "first_waits = true")
    assert await waits_for(database, made, made.other) == ["first"]
    said = await say(database, made, actor=made.other, body=LONG)
    assert await signs(database, said.id) == ["first"]
    [revision] = await revisions(database, said.id)
    await decide(database, made, "approve", said.id, revision.id)
    assert await waits_for(database, made, made.other) == []
    assert await waits_for(database, made) == []


async def test_an_edit_is_screened_while_the_public_text_stays(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await edit(database, made, said.id, body=LINKS)
    public = await document(database, said.id)
    assert public is not None and public["body"] == "Text." and LINKS not in str(public)
    assert await signs(database, said.id) == ["links"]
    assert [row.state for row in await revisions(database, said.id)] == ["public", "waiting"]
    await edit(database, made, said.id, 2, body="Without any.")
    public = await document(database, said.id)
    assert public is not None and public["body"] == "Without any."


async def test_a_form_that_a_program_filled_in_waits(database: Database) -> None:
    made = await make(database)
    assert await waits_for(database, made, trapped=True) == ["honeypot"]
    said = await say(database, made)
    await edit(database, made, said.id, body="Another.", trapped=True)
    assert await signs(database, said.id) == ["honeypot"]


async def test_moderators_and_notes_are_not_screened(database: Database) -> None:
    made = await make(database)
    await screen_with(database, "first_waits = true")
    for actor in (made.moderator, made.organiser):
        said = await say(database, made, actor=actor, body=LINKS, trapped=True)
        note = await say(database, made, actor=actor, body=LINKS, kind="note", title=None)
        assert (said.status, note.status) == ("published", "published")
    assert await fingerprints(database) == []


async def test_what_waits_anyway_shows_its_signs_too(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE, body=LINKS)
    assert await signs(database, said.id) == ["links"]


async def test_fingerprints_and_signs_go_with_the_text(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, body=f"{LONG} {LINKS}", trapped=True)
    kept = await say(database, made, body=LONG)
    await edit(database, made, kept.id, body=f"{LONG} And on Sundays.")
    [first, *_] = await revisions(database, kept.id)
    assert len(await fingerprints(database)) == 3
    async with database.writing() as session:
        await erasing.erase(session, made.participant, said.id)
        await erasing.erase_revision(session, made.participant, kept.id, first.number)
    assert await signs(database, said.id) == []
    [left] = await fingerprints(database)
    assert left.revision_id != first.id and left.contribution_id == kept.id
    async with database.writing() as session:
        await erasing.erase_all_by(session, made.participant, made.participant.person)  # type: ignore[arg-type]
    assert await fingerprints(database) == []


async def test_a_fingerprint_of_what_was_not_removed_is_kept_for_weeks_only(database: Database) -> None:
    made = await make(database)
    said = [await say(database, made, body=f"{number} {LONG}") for number in ("One:", "Two:", "Three:")]
    for each in said[1:]:
        await decide(database, made, "hide", each.id)
    await decide(database, made, "restore", said[2].id)
    async with database.writing() as session:
        await screening.purge_fingerprints(session)
    assert len(await fingerprints(database)) == 3
    async with database.writing() as session:
        await session.execute(update(Fingerprint).values(created=clock.now() - timedelta(weeks=7)))
        await screening.purge_fingerprints(session)
    assert [left.contribution_id for left in await fingerprints(database)] == [said[1].id]


async def test_a_fingerprint_tells_nothing_without_the_servers_key(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = words_of(LONG)
    made = fingerprint(words)
    monkeypatch.setattr("app.accounts.tokens.server_key", lambda: b"another key of another server...")
    other = fingerprint(words)
    assert made is not None and other is not None and made.exact != other.exact
    assert ((made.similar or 0) ^ (other.similar or 0)).bit_count() > ALIKE


SHORT = {
    "en": "See https://a.example/report and [the annex](https://b.example), which says it in a few words.",
    "fr": "Voir https://a.example/rapport et [l’annexe](https://b.example).",
    "es": "Miren https://a.example/informe y [el anexo](https://b.example).",
    "ar": "انظروا https://a.example/report و[الملحق](https://b.example).",
    "ru": "Смотрите https://a.example/doklad и [приложение](https://b.example).",
    "zh": "请看 https://a.example/report 和[附件](https://b.example)。",
}


@pytest.mark.parametrize("language", SHORT)
async def test_ordinary_texts_with_a_couple_of_links_pass(database: Database, language: str) -> None:
    made = await make(database)
    sample = [orjson.loads(line) for line in (DEFINITIONS / "sample.jsonl").read_bytes().splitlines()]
    for text in [each for each in sample if each["language"] == language]:
        body = f"{text['body']}\n\n{SHORT[language]}"
        assert await waits_for(database, made, body=body, language=language) == [], body
    assert await waits_for(database, made, body=SHORT[language], language=language) == []


@pytest.mark.skipif(not COMMENTS.exists(), reason="the data of Decide Madrid is not there")
async def test_a_citys_comments_pass_but_for_copies(database: Database) -> None:
    """Of the comments of Decide Madrid (2019-09), every twentieth, by their authors, beside a hidden text."""
    made = await make(database)
    hidden = await say(database, made, actor=made.other, body=LONG)
    await decide(database, made, "hide", hidden.id)
    people: dict[str, Actor] = {}
    before: Counter[str] = Counter()
    comments = [orjson.loads(line) for line in COMMENTS.read_bytes().splitlines()][::EVERY]
    for comment in [each for each in comments if each["body"].strip()]:
        author, body = comment["author"], comment["body"]
        people[author] = people.get(author) or await make_person(database, f"Participant {author}")
        found = await waits_for(database, made, people[author], body=body, language="es")
        assert found == (["repeated"] if before[body] > 1 else []), body
        before[body] += 1
    assert before.total() > 250


@pytest.mark.parametrize("text", ["", "<p>", "&#x200b;", "&#99;asino", "\u0301" * 40, "ﷺ" * 500, "a " * 10_000])
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    looked_at = seen(text, markdown(text))
    fingerprint(looked_at.words)
    assert ("casino" in looked_at.words) == (text == "&#99;asino")
