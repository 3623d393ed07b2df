"""A reply, or a new contribution to a topic: posted by the action of every other way in, or asked about first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts import private_consultations
from app.contributions import actions
from app.contributions.rehearsing import rehearse
from app.contributions.submissions import TITLE_LIMIT, Submission
from app.inbound import answers, commands, writers
from app.inbound.arrival import Arrival, guessed
from app.inbound.writers import Known
from app.language import gettext as _
from app.mailed.asking import ANSWERS
from app.mailed.settling import About, Outcome, dropped, part, refused
from app.notifications.mailboxes import Reply, TopicBox, all_markers
from app.permissions import ANYONE
from app.readings import mail_places
from app.readings.mail_places import Place

_USUAL_KIND = "experience"  # what most people write of; moderators and authors can say otherwise


async def reply(session: AsyncSession, arrival: Arrival, box: Reply, about: About) -> tuple[About, Outcome]:
    """To a contribution, from whom the address was made for."""
    known = await writers.of_reply(session, arrival, box)
    if known is None:
        return About(), dropped("gone")
    place = await mail_places.answered(session, box.contribution)
    if place is None or place.consultation in known.actor.shut_out:
        return about, refused("no_place", _("What you answer is not there any more."))
    about = replace(about, consultation=place.consultation)
    if box.over:
        return about, commands.over()
    if arrival.command is not None:
        return await commands.obey(session, arrival, known, about, place.slug)
    several = place.parent_kind == "note"  # which is where a facilitator puts the questions
    return about, await _submit(session, arrival, known, place, several=several)


async def to_topic(session: AsyncSession, arrival: Arrival, box: TopicBox, about: About) -> tuple[About, Outcome]:
    """A new contribution, from whoever writes: who has no account makes one by confirming it."""
    known = await writers.of_stranger(session, arrival)
    place = await mail_places.topic_of(session, box.consultation, box.topic)
    if place is None or not await _is_open_to(session, known, place):
        return about, refused("no_place", _("There is no topic with this address, or it is not open to you."))
    about = replace(about, consultation=place.consultation)
    if arrival.command is not None:
        return await commands.obey(session, arrival, known, about, place.slug)
    return about, await _submit(session, arrival, known, place, several=True)


async def _is_open_to(session: AsyncSession, known: Known, place: Place) -> bool:
    """Whether they may know of it. Nobody learns from an answer what there is that they may not see."""
    if known.account is not None and known.sure:
        return place.consultation not in known.actor.shut_out
    return await private_consultations.why_private(session, place.consultation) is None


async def _submit(
    session: AsyncSession, arrival: Arrival, known: Known, place: Place, *, several: bool
) -> Outcome:  # fmt: skip
    """Post what the mail says, or say what has to be asked first."""
    byline = writers.byline_of(arrival, known)
    texts, to_show = await _texts(session, arrival, place, byline, several=several)
    for given in texts:
        await rehearse(session, known.actor if known.actor.complete else None, place.consultation, given)
    asked = writers.to_ask(arrival, known, byline, *(f"{given.title or ''}\n{given.body}" for given in texts))
    asks = [*asked.asks, *([ANSWERS] if to_show and not arrival.taken.confirmed else [])]
    if asks:
        return Outcome("asked", asks[0], parts=[_part(given) for given in texts], asks=asks, told=asked.told)
    return await _post(session, arrival, known, place.consultation, texts)


async def _post(
    session: AsyncSession, arrival: Arrival, known: Known, consultation: UUID, texts: Sequence[Submission]
) -> Outcome:  # fmt: skip
    """Each of the texts, under an id that follows from the mail's: however often it is tried, it is posted once."""
    if known.account is None or known.actor == ANYONE:
        raise errors.Unauthenticated(_("Please sign in to do this."))
    made = [
        await actions.post(
            session, known.actor, consultation, given, id=UUID(int=arrival.taken.id.int ^ place), channel="email"
        )
        for place, given in enumerate(texts)
    ]
    waits = any(each.status != "published" for each in made)
    return Outcome("done", "waits" if waits else "published", contributions=[each.id for each in made])


async def _texts(
    session: AsyncSession, arrival: Arrival, place: Place, byline: str | None, *, several: bool
) -> tuple[list[Submission], bool]:  # fmt: skip
    """What the mail says, as submissions: one, or one for each of several answers; and whether its sender has to see
    them first."""
    language = _language(arrival, place)
    whole = _submission(arrival, place, byline, language)
    split = await _split(session, arrival, place, language) if several else None
    if split is None or not split.answers:
        return [whole], False
    if not split.sure:
        keys = {key for answer in split.answers for key in answer.keys}
        return [_new(arrival, place, whole, arrival.title, keys)], True
    alone = len(split.answers) == 1
    texts = [
        _new(
            arrival, place, replace(whole, body=answer.text, untrimmed=False, files=() if nth else arrival.files),
            arrival.title if alone else _numbered(arrival.title, answer.keys), set(answer.keys),
        )
        for nth, answer in enumerate(split.answers)
    ]  # fmt: skip
    return texts, not (alone and arrival.own.sure)


async def _split(session: AsyncSession, arrival: Arrival, place: Place, language: str) -> answers.Split:
    asked = await mail_places.questions_of(session, place, language)
    return answers.split(arrival.mail.text, [answers.Asked(*each) for each in asked], all_markers())


def _submission(arrival: Arrival, place: Place, byline: str | None, language: str) -> Submission:
    said, is_reply = arrival.opening, place.parent is not None
    return Submission(
        body=said.rest, language=language, title=None if is_reply else arrival.title or None,
        topic=None if is_reply else place.topic_slug, parent=place.parent,
        kind=None if is_reply else said.kind or _USUAL_KIND, byline=byline, files=arrival.files,
        untrimmed=not arrival.own.sure,
    )  # fmt: skip


def _new(arrival: Arrival, place: Place, whole: Submission, title: str, keys: set[str]) -> Submission:
    """A contribution to guiding questions: it starts a thread, whatever the mail answers."""
    return replace(
        whole, title=title or None, questions=tuple(sorted(keys)), parent=None, topic=place.topic_slug,
        kind=arrival.opening.kind or _USUAL_KIND,
    )  # fmt: skip


def _numbered(title: str, keys: Sequence[str]) -> str:
    """`Our answers (a)`: several texts of one mail need titles of their own."""
    labels = ", ".join(key.rpartition(".")[2] for key in keys)
    return f"{title[: TITLE_LIMIT - len(labels) - 3]} ({labels})"


def _language(arrival: Arrival, place: Place) -> str:
    hints = (*arrival.mail.languages, *place.languages)
    return arrival.opening.language or guessed(arrival.own.text, *hints) or place.languages[0]


def _part(given: Submission) -> dict[str, Any]:
    return part(given.title, given.body, given.byline, given.questions)
