"""`sample`: a small consultation with sample data, added by the same acts as any other, and removed whole."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import complete_profile, erase_account, grant_role
from app.accounts.actors import actor_of_person
from app.accounts.people import find_or_register, interface_language
from app.accounts.profile_form import ProfileForm
from app.accounts.removing import people_at, remove_claims, remove_memberships, remove_person
from app.cli import Data, address, commands, opened, run, say
from app.config import settings
from app.consultations import definition
from app.consultations.actions import load_definition
from app.consultations.floor import consultation_id
from app.consultations.removing import remove
from app.contributions import translating
from app.contributions.removing import remove_contributions
from app.contributions.sample import post_sample
from app.contributions.submissions import Submission
from app.contributions.translating import Wording
from app.database import Database
from app.endorsements.keeping import remove_endorsements
from app.errors import NotFound
from app.mailed.forgetting import remove_mails
from app.meetings.removing import remove_meetings
from app.moderation import actions as moderation
from app.moderation import translations
from app.moderation.deciding import Options
from app.moderation.removing import remove_decisions
from app.moderation.uninviting import forget_people
from app.notifications import deliveries
from app.notifications.following.forgetting import remove_subscriptions
from app.notifications.webhooks.forgetting import remove_webhooks
from app.outreach.forgetting import forget_person, remove_rounds
from app.permissions import OPERATOR, Actor
from app.record.removing import stop_following
from app.synthesis.forgetting import remove_outcome

_FOLDER = files("app.consultations") / "definitions"
_SLUG = "sample"
_DOMAIN = "sample.invalid"  # no such domain can exist


@commands.command()
def sample(
    remove: Annotated[bool, typer.Option("--remove", help="Remove it again, with all it has.")] = False,
    data: Data = None,
) -> None:
    """Add a small consultation with sample data, marked as such."""
    run(_sample(remove, data))


async def _sample(removing: bool, data: Path | None) -> None:
    async with opened(data) as database:
        if removing:
            gone = await remove_sample(database)
            say("The sample is gone, with everything it had." if gone else "There is no sample here.")
        elif await add_sample(database):
            say(f"The sample is at {address(settings())}/c/{_SLUG}")
        else:
            say("The sample is there already; sample --remove removes it.")


async def add_sample(database: Database) -> bool:
    """Add the sample consultation, its people and their texts, all at once. Returns whether it was not there yet."""
    async with database.writing() as session:
        if await _sample_id(session):
            return False
        await load_definition(session, OPERATOR, definition.parse((_FOLDER / "sample.toml").read_text("utf-8")))
        sample = await consultation_id(session, _SLUG)
        lines = (_FOLDER / "sample.jsonl").read_text("utf-8").splitlines()
        texts = sorted(map(json.loads, lines), key=lambda text: str(text["created"]))
        people = await _people(session, sample, texts)
        facilitator = next(people[text["author"]["name"]] for text in texts if text["kind"] == "note")
        posted: dict[str, UUID] = {}
        for text in texts:
            posted[text["ref"]] = await _post(session, sample, text, people, facilitator, posted)
    return True


async def _people(session: AsyncSession, sample: UUID, texts: Sequence[Mapping[str, Any]]) -> dict[str, Actor]:
    """Everyone who speaks in the sample, by name. Who writes notes facilitates."""
    found: dict[str, UUID] = {}
    for text in texts:
        author = text["author"]
        if author["name"] not in found:
            found[author["name"]] = await _person(session, author, text["language"])
        if text["kind"] == "note":
            await grant_role(session, OPERATOR, _address(author["name"]), "moderator", sample)
    return {name: await actor_of_person(session, person) for name, person in found.items()}


async def _person(session: AsyncSession, author: Mapping[str, Any], language: str) -> UUID:
    person, _new = await find_or_register(session, _address(author["name"]), language)
    organisation = author["organisation"]
    form = ProfileForm(
        name=author["name"], language=interface_language(language), capacity="organisation",
        organisation=organisation["name"], organisation_kind=organisation["kind"],
        organisation_country=organisation["country"], organisation_region=organisation["region"],
    )  # fmt: skip
    await complete_profile(session, await actor_of_person(session, person), form, consents=True)
    return person


def _address(name: str) -> str:
    """participant-6@sample.invalid for “Sample participant 6”."""
    local = re.sub(r"\W+", "-", name.lower().removeprefix("sample").strip())
    return f"{local}@{_DOMAIN}"


async def _post(
    session: AsyncSession, sample: UUID, text: Mapping[str, Any], people: Mapping[str, Actor], facilitator: Actor,
    posted: Mapping[str, UUID],
) -> UUID:  # fmt: skip
    given = Submission(
        body=text["body"], language=text["language"], title=text.get("title"), topic=text["topic"],
        parent=posted[text["parent"]] if "parent" in text else None, kind=text["kind"],
        questions=tuple(text["questions"]), places=tuple(text["places"]), byline=text["byline"],
    )  # fmt: skip
    author, created = people[text["author"]["name"]], datetime.fromisoformat(text["created"])
    contribution, revision = await post_sample(session, author, sample, given, created, text["tags"])
    if contribution.status != text["status"]:
        await moderation.approve(session, facilitator, contribution.id, revision)
    for words in text.get("translations", ()):
        await _translate(session, contribution.id, words, people, facilitator)
    return contribution.id


async def _translate(
    session: AsyncSession, id: UUID, words: Mapping[str, Any], people: Mapping[str, Actor], facilitator: Actor
) -> None:  # fmt: skip
    """What its author translated stands at once; what somebody else did, the facilitator reviews."""
    wording = Wording(words["language"], words["body"], 1, words["title"])
    row = await translating.offer(session, people[words["by"]], id, wording)
    if row.by != "author":
        await translations.review(session, facilitator, id, options=Options(translation=row.id))


async def remove_sample(database: Database) -> bool:
    """Remove the sample consultation, its people and all they did. Returns whether it was there. Raises Conflict."""
    async with database.writing() as session:
        sample = await _sample_id(session)
        if sample is None:
            return False
        await stop_following(session, sample)
        people = await people_at(session, _DOMAIN)
        await deliveries.forget(session, people)
        await remove_webhooks(session, sample)
        await remove_subscriptions(session, sample, people)
        await forget_people(session, people)
        await remove_outcome(session, sample)
        await remove_decisions(session, sample)
        await remove_meetings(session, sample)
        await remove_rounds(session, sample)
        for person in people:
            await forget_person(session, person)
        await remove_endorsements(session, sample)
        await remove_mails(session, sample)
        await remove_contributions(session, sample)
        await remove_memberships(session, sample)
        await remove_claims(session, sample)
        await remove(session, OPERATOR, sample)
        for person in people:
            try:
                async with session.begin_nested():
                    await remove_person(session, person)
            except IntegrityError:  # an operator signed in as this person and wrote in another consultation
                await erase_account(session, OPERATOR, person)
    return True


async def _sample_id(session: AsyncSession) -> UUID | None:
    try:
        return await consultation_id(session, _SLUG)
    except NotFound:
        return None
