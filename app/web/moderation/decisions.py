"""A moderator acts on a text: `…/moderate` lists what is possible, `…/{act}` asks for what it needs, and does it."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.contributions.cataloguing import AS_IT_IS, Catalogued
from app.contributions.submissions import ROOT_KINDS
from app.language import gettext as _
from app.moderation.actions import VERBS
from app.moderation.acts import ACTS
from app.moderation.deciding import NO_GROUNDS, Grounds, Options
from app.moderation.people import revealed_name
from app.permissions import Thing
from app.readings.moderation import acts
from app.web.discussion.owned import Owned, owned
from app.web.kit import words
from app.web.kit.act_words import ACT_WORDS
from app.web.kit.grounds import grounds_in, optional_in
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/{which}/moderate")
async def possible(visit: Visiting, slug: str, which: str) -> Response:
    """What can be done about this text as it is now."""
    found = await _to_decide(visit, slug, which, "hide")
    async with visit.database.writing() as session:
        able = await acts.possible(session, visit.actor, found.id)
    return visit.page(
        "moderation/acts.html", consultation=found.consultation, entry=found.entry, address=found.address,
        acts=[(act, ACT_WORDS[act]) for act in able if act in ACT_WORDS], act_words=ACT_WORDS,
        classifies=visit.may("contribution.classify", found.thing) and found.own.fields["status"] == "published",
        writable=visit.may("invitation.send", Thing(found.consultation.id))
        and found.own.fields["status"] == "published" and not found.own.mine,
    )  # fmt: skip


@router.get("/c/{slug}/{which}/{act}")
async def ask(visit: Visiting, slug: str, which: str, act: str) -> Response:
    """The form: rule and reason, and what else the act needs."""
    return _show(visit, await _to_decide(visit, slug, which, act), act)


@router.post("/c/{slug}/{which}/{act}")
async def decide(visit: Visiting, slug: str, which: str, act: str) -> Response:
    """Decide. Where the author has changed the text meanwhile, the form comes back with the new text."""
    sent, found = await visit.form(), await _to_decide(visit, slug, which, act)
    grounds = grounds_in(sent)
    try:
        options = _options(sent, act, found)
        async with visit.database.writing() as session:
            decision = await VERBS[act](session, visit.actor, found.id, optional_in(sent, "revision"), grounds, options)
            name = await revealed_name(session, visit.actor, decision)
    except (errors.Invalid, errors.Conflict) as error:
        return _show(visit, found, act, grounds, error, sent)
    if name is not None:
        return visit.page(
            "moderation/revealed.html",
            consultation=found.consultation,
            entry=found.entry,
            address=found.address,
            name=name,
        )
    into = decision.details["into"] if act == "merge" and decision.details else None
    return visit.go(f"/c/{slug}/{into}" if into else found.address, done=act)


async def _to_decide(visit: Visit, slug: str, which: str, act: str) -> Owned:
    if act not in VERBS or act not in ACT_WORDS:
        raise errors.NotFound(_("There is no such page."))
    found = await owned(visit, slug, which, by_author=False)
    whole = act in ("suspend", "lift")  # of the consultation, not of one topic
    if not visit.may("contribution.decide", Thing(found.consultation.id) if whole else found.thing):
        raise errors.Forbidden(_("Only a moderator can do this."))
    return found


def _options(sent: FormData, act: str, found: Owned) -> Options:
    """What the form says beside the grounds. Raises Invalid for what is no number or no day."""
    said: dict[str, Any] = {
        name: str(sent.get(name, "")).strip() or None for name in ("passage", "topic", "title", "kind")
    }
    if act == "redact":  # to the letter
        said["passage"] = str(sent.get("passage", "")).replace("\r\n", "\n").strip("\n") or None
    return Options(
        **said, attachment=optional_in(sent, "attachment"),
        parent=_number(sent, "parent"), into=_number(sent, "into"), until=_day(sent, found),
        catalogued=_catalogued(sent) if act == "approve" else AS_IT_IS,
    )  # fmt: skip


def _number(sent: FormData, name: str) -> int | None:
    given = str(sent.get(name, "")).strip().lstrip("#")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 11):
        raise errors.Invalid({name: _("Please give the contribution’s number, as in 42.")})
    return int(given)


def _day(sent: FormData, found: Owned) -> datetime | None:
    given = str(sent.get("until", "")).strip()
    if not given:
        return None
    try:
        return datetime.fromisoformat(given).replace(tzinfo=found.consultation.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise errors.Invalid({"until": _("Please write the day as in 2026-12-31.")}) from None


def _catalogued(sent: FormData) -> Catalogued:
    if sent.get("catalogued") != "1":
        return AS_IT_IS
    return Catalogued(
        tags=[tag for tag in str(sent.get("tags", "")).split(",") if tag.strip()],
        kind=str(sent.get("kind", "")) or None,
        questions=[str(key) for key in sent.getlist("questions")],
        language=str(sent.get("language", "")).strip() or None,
    )


def _show(
    visit: Visit, found: Owned, act: str, grounds: Grounds = NO_GROUNDS, error: errors.PlenaryError | None = None,
    sent: Any = None,
) -> Response:  # fmt: skip
    fields = found.own.fields
    return visit.page(
        "moderation/decide.html",
        **refusal(error),
        consultation=found.consultation,
        entry=found.entry,
        fields=fields,
        judged=(fields["waiting"] or {}).get("revision") if act in ("approve", "ask", "reject") else "",
        address=found.address,
        act=act,
        about=ACTS[act],
        words_of_act=ACT_WORDS[act],
        grounds=grounds,
        sent=sent or {},
        kinds=[(kind, _(words.KINDS[kind])) for kind in ROOT_KINDS],
        topics=[(topic.slug, topic.title) for topic in found.consultation.topics],
        topic=found.consultation.topic(fields["topic"]),
        rules=found.consultation.details["rules"],
    )
