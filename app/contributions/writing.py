"""The steps that the verbs in actions.py are made of: find and lock, compose a revision, let it wait."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.accounts.byline import keep_byline, signature_of
from app.consultations.floor import Floor, floor_of
from app.contributions import attaching, bylines, citing, publishing, screening
from app.contributions.models import Author, Contribution, Revision, ThreadLock
from app.contributions.placing import Place
from app.contributions.screening import Sign
from app.contributions.states import in_words
from app.contributions.submissions import Submission
from app.language import gettext as _
from app.permissions import Actor, Thing, may
from app.record import commitments

MOST_REVISIONS = 500


async def place_of(session: AsyncSession, consultation: UUID, given: Submission) -> tuple[Place | None, Floor]:
    """Where a new text goes: its parent (None for a root) and the floor of its topic. Raises Conflict, Invalid."""
    if given.parent is None:
        if given.topic is None:
            raise errors.Invalid({"topic": _("Please choose a topic.")})
        try:
            return None, await floor_of(session, consultation=consultation, slug=given.topic)
        except errors.NotFound:
            raise errors.Invalid({"topic": _("There is no such topic in this consultation.")}) from None
    parent = await _parent(session, consultation, given.parent, given.kind)
    floor = await floor_of(session, topic=parent.topic_id)
    if given.topic is not None and given.topic != floor.topic_slug:
        elsewhere = _("What you reply to is in the topic %(topic)s; leave the topic out.", topic=floor.topic_slug)
        raise errors.Invalid({"topic": elsewhere})
    return parent, floor


async def _parent(session: AsyncSession, consultation: UUID, id: UUID, kind: str | None) -> Place:
    """Where the parent stands, locked as the foreign key will lock it: so that nobody moves it meanwhile."""
    locked = select(ThreadLock.thread_id).where(ThreadLock.thread_id == Contribution.thread_id).exists()
    found = (
        await session.execute(
            select(
                Contribution.id, Contribution.number, Contribution.topic_id, Contribution.thread_id, Contribution.depth,
                Contribution.sort_key, Contribution.status, locked.label("locked"),
            )
            .where(Contribution.id == id, Contribution.consultation_id == consultation)
            .with_for_update(read=True, key_share=True)
        )
    ).one_or_none()  # fmt: skip
    if found is None or found.number is None or found.sort_key is None:
        raise errors.Invalid({"parent": _("There is no such contribution in this consultation.")})
    if found.status != "published":
        raise errors.Conflict(
            _(
                "Contribution %(number)s is no longer public (%(status)s), so it takes no replies.",
                number=found.number,
                status=in_words(found.status),
            )
        )
    if found.locked and kind != "note":
        raise errors.Closed(_("A moderator has locked this thread: it takes no more replies. You can start a new one."))
    return Place(found.id, found.number, found.topic_id, found.thread_id, found.depth, found.sort_key)


async def parent_of(session: AsyncSession, contribution: Contribution) -> Place | None:
    """The place of what a contribution replies to, in whatever state that is now; None for a root."""
    if contribution.parent_id is None:
        return None
    parent = await session.get(Contribution, contribution.parent_id)
    if parent is None or parent.number is None or parent.sort_key is None:
        raise LookupError("what is replied to was public once, and keeps its number")
    return Place(parent.id, parent.number, parent.topic_id, parent.thread_id, parent.depth, parent.sort_key)


async def compose(
    session: AsyncSession, actor: Actor, floor: Floor, parent: Place | None, given: Submission, id: UUID, channel: str
) -> tuple[Contribution, Revision]:  # fmt: skip
    """A new contribution and its first revision, not yet in the session: publishing or waiting puts them there.

    A byline that is given is the one that its author chose last, from now on.
    """
    if actor.person is None or given.kind is None:
        raise ValueError("required and checked by the action")
    signature = await signature_of(session, actor.person, given.capacity)
    author = await bylines.author_of(session, floor.consultation, actor.person)
    contribution = Contribution(
        id=id, consultation_id=floor.consultation, topic_id=floor.topic, thread_id=parent.thread_id if parent else id,
        parent_id=parent.id if parent else None, depth=parent.depth + 1 if parent else 0, author_id=author,
        kind=given.kind, channel=channel, tags=[given.note] if given.note else [], latest=1, status="pending",
        since=clock.now(),
    )  # fmt: skip
    contribution.created = contribution.updated = contribution.since
    shown = bylines.shown(given.byline or signature.byline or "full", author, signature)
    if given.byline not in (None, signature.byline):
        await keep_byline(session, actor.person, given.byline)
    revision = new_revision(contribution, 1, given, shown, await citing.html_of(session, contribution, given.body))
    revision.attachments = await attaching.listed(session, contribution, [], given, revision.byline)
    return contribution, revision


def new_revision(
    contribution: Contribution, number: int, given: Submission, shown: dict[str, Any], html: str | None = None
) -> Revision:
    """A revision of checked text, rendered (unless it is) and committed to once. `shown` are its byline's columns."""
    salt = commitments.fresh_salt()
    return Revision(
        id=clock.new_id(), contribution_id=contribution.id, number=number, state="waiting", visible=False,
        title=given.title, body=given.body, html=html or text.markdown(given.body), language=given.language,
        questions=list(given.questions), places=[dict(place) for place in given.places],
        salt=salt, hash=commitments.text_commitment(salt, given.title, given.body, given.language),
        created=clock.now(), attachments=[], **shown,
    )  # fmt: skip


async def next_revision(
    session: AsyncSession, contribution: Contribution, latest: Revision, given: Submission
) -> Revision:
    """The revision after `latest`, signed like it; what waited before is superseded."""
    await stop_waiting(session, contribution, "superseded")
    contribution.latest += 1
    columns = ("byline", "capacity", "author_id", "author_name", "organisation_id", "organisation_name",
               "organisation_kind", "organisation_country", "organisation_region", "mandate")  # fmt: skip
    shown = {name: getattr(latest, name) for name in columns}
    html = await citing.html_of(session, contribution, given.body)
    revision = new_revision(contribution, contribution.latest, given, shown, html)
    revision.attachments = await attaching.listed(session, contribution, latest.attachments, given, latest.byline)
    return revision


async def enter(
    session: AsyncSession, contribution: Contribution, revision: Revision, floor: Floor, parent: Place | None,
    signs: Sequence[Sign] = (),
) -> None:  # fmt: skip
    """What was composed becomes public at once or waits, as the topic's policy has it. Notes never wait.

    Where screening gave signs it waits, whatever the policy.
    """
    if contribution.kind == "note" or (floor.policy == "after" and not signs):
        await publishing.publish_new(session, contribution, revision, floor, parent)
    else:
        await let_wait(session, contribution, revision, signs)


async def let_wait(
    session: AsyncSession, contribution: Contribution, revision: Revision, signs: Sequence[Sign] = ()
) -> None:
    """Into the moderators' queue, with what screening noticed. Appends `text.waiting` to the staff log."""
    contribution.waits_since = clock.now()
    session.add(contribution)
    await session.flush()
    session.add(revision)
    await session.flush()
    await record.append(
        session, contribution.consultation_id, "text.waiting", contribution.id,
        contribution=contribution.id, revision=revision.id,
    )  # fmt: skip
    await screening.keep_signs(session, contribution, revision, signs)


async def stop_waiting(session: AsyncSession, contribution: Contribution, state: str) -> None:
    """What waited no longer does: it is `superseded` or `rejected`, and was never public."""
    contribution.waits_since = None
    if state == "rejected":
        await screening.remember_removed(session, contribution, "waiting")
    await session.execute(
        update(Revision)
        .where(Revision.contribution_id == contribution.id, Revision.state == "waiting")
        .values(state=state)
        .execution_options(synchronize_session="fetch")
    )


async def locked(session: AsyncSession, id: UUID) -> tuple[Contribution, UUID | None]:
    """The contribution, locked until the transaction ends, and its author's person. Raises NotFound.

    FOR NO KEY UPDATE lets replies refer to it meanwhile; stronger locks would deadlock with them.
    """
    contribution = await session.get(Contribution, id, with_for_update={"key_share": True}, populate_existing=True)
    if contribution is None:
        raise errors.NotFound(_("There is no such contribution."))
    owner = await session.scalar(select(Author.person_id).where(Author.id == contribution.author_id))
    return contribution, owner


def thing_of(contribution: Contribution, owner: UUID | None) -> Thing:
    """A contribution as the rules need to know it; `owner` is its author's person."""
    is_public = contribution.status == "published"
    return Thing(contribution.consultation_id, owner, public=is_public, topic=contribution.topic_id)


def require_known(actor: Actor, contribution: Contribution, thing: Thing) -> None:
    """Raises NotFound where the actor may not even know that it exists: never public, not theirs, not to moderate."""
    whoever = replace(actor, scopes=None)  # what a key may do is for the act to ask, and to refuse in words
    if contribution.number is None and not may(whoever, "contribution.read", thing) and not actor.operator:
        raise errors.NotFound(_("There is no such contribution."))


def require_editable(contribution: Contribution, based_on: int) -> None:
    """Raises Conflict where its state allows no edit, PreconditionFailed where somebody edited it meanwhile."""
    if contribution.status not in ("pending", "published"):
        raise errors.Conflict(
            _("This contribution is %(status)s; it cannot be edited now.", status=in_words(contribution.status))
        )
    if contribution.latest >= MOST_REVISIONS:
        raise errors.Conflict(
            _("This text was revised %(most)s times, which is the most. You can reply to it.", most=MOST_REVISIONS)
        )
    if based_on != contribution.latest:
        raise errors.PreconditionFailed(
            _("This text was edited meanwhile: you worked on revision %(mine)s, the latest is %(latest)s.",
              mine=based_on, latest=contribution.latest),
            latest=contribution.latest,
        )  # fmt: skip


async def latest_revision(session: AsyncSession, contribution: Contribution) -> Revision:
    """The newest revision of a contribution."""
    return (
        await session.scalars(
            select(Revision).where(Revision.contribution_id == contribution.id, Revision.number == contribution.latest)
        )
    ).one()


async def current_revision(session: AsyncSession, contribution: Contribution) -> Revision:
    """The text as its author finds it: what waits, else what is public, else the newest of which anything is left.

    The next edit begins with it, and its byline holds.
    """
    query = select(Revision).where(Revision.contribution_id == contribution.id)
    first = Revision.state != "waiting", Revision.state != "public", Revision.state == "erased", Revision.number.desc()
    return (await session.scalars(query.order_by(*first).limit(1))).one()


async def waiting_revision(session: AsyncSession, contribution: UUID) -> Revision | None:
    """The revision that waits for a moderator, if one does."""
    return (
        await session.scalars(
            select(Revision).where(Revision.contribution_id == contribution, Revision.state == "waiting")
        )
    ).one_or_none()


def submission_of(contribution: Contribution, revision: Revision, floor: Floor) -> Submission:
    """A revision as the form that would write it again."""
    return Submission(
        title=revision.title, body=revision.body or "", language=revision.language, topic=floor.topic_slug,
        parent=contribution.parent_id, kind=contribution.kind, questions=tuple(revision.questions),
        places=tuple(revision.places), byline=revision.byline,
    )  # fmt: skip


def without(given: Submission, passage: str, gap: str) -> Submission:
    """The same text with `gap` wherever `passage` stood."""
    title = given.title.replace(passage, gap) if given.title else given.title
    return replace(given, title=title, body=given.body.replace(passage, gap))


async def retitle(session: AsyncSession, contribution: Contribution, floor: Floor, title: str) -> None:
    """Give what is public another title: a new revision. Raises Conflict while an edit waits."""
    if contribution.waits_since is not None:
        raise errors.Conflict(_("An edit of this text waits: decide about it first."))
    public = await publishing.public_revision(session, contribution.id)
    assert public is not None  # the caller has seen that it is published
    if public.title == title:
        return
    given = replace(submission_of(contribution, public, floor), title=title)
    await publishing.revise(session, contribution, await next_revision(session, contribution, public, given), floor)


async def numbered(session: AsyncSession, consultation: UUID, number: int) -> Contribution | None:
    """The contribution with this number, locked, in whatever state it is."""
    query = select(Contribution).where(Contribution.consultation_id == consultation, Contribution.number == number)
    if not 0 < number < 2**31:
        return None
    return (await session.scalars(query.with_for_update(key_share=True))).one_or_none()


def differs(given: Submission, revision: Revision, *, files: bool = True) -> bool:
    """Whether the checked text says anything else than this revision; with `files`, whether it has others."""
    said = (given.title, given.body, given.language, list(given.questions), list(given.places))
    stands = (revision.title, revision.body, revision.language, revision.questions, revision.places)
    return said != stands or (files and bool(given.files or given.detached))
