"""`/me/notifications`: what one follows, what is new in it, and which mail one wants, how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.language import ngettext, number
from app.notifications import bouncing, preferences
from app.notifications.following import actions, listing
from app.notifications.following.actions import Chosen
from app.notifications.following.listing import Following
from app.readings import consultations, followed
from app.readings.consultation_views import ConsultationView
from app.readings.followed import News
from app.readings.views import ContributionView
from app.web.kit import words
from app.web.kit.contribution_form import Faults
from app.web.kit.visit import Visit, Visiting
from app.web.me.my_mail import chosen_in, mail_of

router = APIRouter()
_PACE, _WHAT = "pace_", "what_"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is followed, as the page shows it. Without a path it is not public any more."""

    id: UUID
    scope: str
    title: str
    pace: str
    what: str
    path: str = ""
    language: str = ""
    consultation: str = ""
    news: str = ""
    first: str = ""


@router.get("/me/notifications")
async def following(visit: Visiting) -> Response:
    """All that one follows."""
    return await _show(visit)


@router.post("/me/notifications")
async def change(visit: Visiting) -> Response:
    """Save how often, stop following one thing, or mark all as seen."""
    sent = await visit.form(fields=2 * actions.MOST + 10)
    if "stop" in sent:
        thing = _identifier(str(sent["stop"]))
        async with visit.database.writing() as session:
            await actions.stop(session, visit.actor, thing)
        return visit.go("/me/notifications", done="stopped")
    if sent.get("do") == "seen":
        return await _mark_seen(visit)
    if sent.get("do") == "again":
        async with visit.database.writing() as session:
            await bouncing.try_again(session, visit.actor)
        return visit.go("/me/notifications", done="again")
    if sent.get("do") == "mail":
        return await _choose(visit, sent)
    try:
        async with visit.database.writing() as session:
            await actions.set_paces(session, visit.actor, _paces(sent))
    except errors.Invalid as error:
        return await _show(visit, error)
    return visit.go("/me/notifications", done="saved")


async def _choose(visit: Visit, sent: FormData) -> Response:
    try:
        async with visit.database.writing() as session:
            before = await preferences.preferences_of(session, visit.person)
            await preferences.choose(session, visit.actor, chosen_in(sent, before))
    except errors.Invalid as error:
        return await _show(visit, error)
    return visit.go("/me/notifications#mail", done="saved")


async def _mark_seen(visit: Visit) -> Response:
    async with visit.database.writing() as session:
        mine = await listing.followed_by(session, visit.person)
    async with visit.database.reading() as connection:
        newest = await followed.newest_numbers(connection, list({each.consultation for each in mine}))
    async with visit.database.writing() as session:
        await actions.mark_seen(session, visit.actor, newest)
    return visit.go("/me/notifications", done="seen")


async def _show(visit: Visit, error: errors.Invalid | None = None) -> Response:
    async with visit.database.writing() as session:
        mine = await listing.followed_by(session, visit.person)
    async with visit.database.reading() as connection:
        known = {view.id: view for view in await consultations.consultations(connection)}
        news = await followed.news(connection, [(each.scope, each.thing, each.seen) for each in mine])
        found = await followed.roots(connection, [each.thing for each in mine if each.scope == "thread"])
    roots = {root.id: root for root in found}
    lines = [_line(each, known.get(each.consultation), roots, news.get(each.thing, News())) for each in mine]
    return visit.page(
        "me/my_notifications.html",
        status=422 if error else 200,
        lines=sorted(lines, key=lambda line: not line.news),
        paces=[(pace, _(said)) for pace, said in words.PACES.items()],
        whats=[(what, _(said)) for what, said in words.FOLLOWED_WHAT.items()],
        faults=Faults(error.fields if error else {}),
        mail=await mail_of(visit),
        my_zone=ZoneInfo(visit.visitor.time_zone),
    )


def _line(
    each: Following, its: ConsultationView | None, roots: Mapping[UUID, ContributionView], news: News
) -> Line:  # fmt: skip
    gone = Line(each.thing, each.scope, _("No longer public"), each.pace, each.what)
    if its is None:
        return gone
    home, title, path, language = f"/c/{its.slug}", its.title, f"/c/{its.slug}", ""
    if each.scope == "topic":
        topic = next((one for one in its.topics if one.id == each.thing), None)
        if topic is None:
            return gone
        title, path = topic.title, f"{home}/topics/{topic.slug}"
    if each.scope == "thread":
        root = roots.get(each.thing)
        if root is None:
            return gone
        title, path = root.title or _("Thread %(n)s", n=root.number), f"{home}/{root.number}"
        language = root.language if root.title else ""
    return Line(
        each.thing, each.scope, title, each.pace, each.what, path, language,
        consultation=its.title if each.scope != "consultation" else "",
        news=_count(news),
        first=f"{home}/{news.first}" if news.first else "",
    )  # fmt: skip


def _count(news: News) -> str:
    if not news.count:
        return ""
    if news.count >= followed.MOST_NEW:
        return _("%(n)s or more are new", n=number(followed.MOST_NEW))
    return ngettext("One is new", "%(n)s are new", news.count)


def _paces(sent: FormData) -> dict[UUID, Chosen]:
    given = {name.removeprefix(_PACE): str(pace) for name, pace in sent.items() if name.startswith(_PACE)}
    return {_identifier(thing): Chosen(pace, str(sent.get(_WHAT + thing, "all"))) for thing, pace in given.items()}


def _identifier(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise errors.Malformed(_("This form is broken. Please open it again.")) from None
