"""Items of the queue as the desk's pages set them, and what may be done with each."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from app import clock, errors, text
from app.dates import zone_name
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import ngettext
from app.moderation.actions import VERBS
from app.moderation.acts import ACTS
from app.moderation.deciding import NO_GROUNDS, Grounds
from app.readings.consultation_views import ConsultationView
from app.readings.discussion.differences import difference
from app.readings.moderation.queue import InHand, Waiting
from app.web.kit import words
from app.web.kit.contribution_form import Faults
from app.web.kit.entries import question_texts
from app.web.kit.grounds import grounds_in

PARENT_EXCERPT = 300

# What the desk offers: what it is called, the words on its button, and its key.
OFFERED = {
    "approve": (N_("Approve"), N_("Approve"), "a"),
    "ask": (N_("Ask for a change"), N_("Ask the author to change it"), "e"),
    "reject": (N_("Do not accept it"), N_("Reject, and tell the author"), "r"),
    "hide": (N_("Hide it"), N_("Hide, and tell the author"), "h"),
    "restore": (N_("Restore it"), N_("Restore, and tell the author"), "s"),
    "dismiss": (N_("Dismiss the flags"), N_("Leave it as it is, and tell those who flagged it"), "d"),
    "warn": (N_("Warn the author"), N_("Warn the author"), "w"),
}
DONE = {
    "approve": N_("Approved: it is public, and the author is told."),
    "ask": N_("The author is asked to change it."),
    "reject": N_("Not accepted: the author is told the reason."),
    "hide": N_("Hidden. The reason is shown in its place, and the author is told."),
    "restore": N_("Restored. The author is told."),
    "dismiss": N_("It stays as it is. Those who flagged it are told."),
    "warn": N_("The author is warned."),
    "claimed": N_("You have this in hand."),
    "released": N_("It is free for others again."),
    "undone": N_("Undone."),
}
ACT_WORDS = {
    "approve": N_("approved"),
    "ask": N_("asked to change"),
    "reject": N_("not accepted"),
    "hide": N_("hidden"),
    "restore": N_("restored"),
    "redact": N_("a passage taken out"),
    "move": N_("moved"),
    "split": N_("split off"),
    "merge": N_("merged"),
    "pin": N_("pinned"),
    "unpin": N_("no longer pinned"),
    "feature": N_("featured"),
    "unfeature": N_("no longer featured"),
    "lock": N_("thread locked"),
    "unlock": N_("thread unlocked"),
    "dismiss": N_("flags dismissed"),
    "accept-translation": N_("translation let through"),
    "review-translation": N_("translation reviewed"),
    "refuse-translation": N_("translation not accepted"),
    "remove-translation": N_("translation taken away"),
    "reveal": N_("name revealed"),
    "warn": N_("warned"),
    "suspend": N_("suspended"),
    "lift": N_("suspension lifted"),
    "erase": N_("erased"),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """What a moderator sent that could not be done, and why."""

    contribution: UUID
    act: str
    grounds: Grounds
    error: errors.PlenaryError

    @property
    def message(self) -> str:
        """What to say above the page; what is wrong with a field is said beside it."""
        return "" if isinstance(self.error, errors.Invalid) else self.error.message

    @property
    def faults(self) -> Faults:
        """What is wrong with each field."""
        return Faults(self.error.fields if isinstance(self.error, errors.Invalid) else {})


def prepared(
    item: Waiting, consultation: ConsultationView, refused: Refused | None = None,
    previous: tuple[str | None, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """An item for a template; `previous` are title and body of the text before, where it is an edit."""
    if previous is None and item.is_edit:
        previous = item.public_title, item.public_body or ""
    mine = refused if refused and refused.contribution == item.contribution else None
    return {
        "item": item,
        "topic": consultation.topic(item.topic),
        "who": who(item),
        "questions": question_texts(item.questions, consultation),
        "title_changes": difference(previous[0] or "", item.title or "") if previous else [],
        "body_changes": difference(previous[1], item.body) if previous else [],
        "parent_excerpt": text.excerpt(item.parent_body, PARENT_EXCERPT) if item.parent_body else "",
        "acts": possible(item),
        "waited": waited(item.since),
        "refused": mine,
        "next": None,
    }


def possible(item: Waiting) -> list[str]:
    """The acts that make sense on an item as it is now, in the order of OFFERED."""
    waits, flagged = item.waits, "flag" in item.reasons
    needs = {"approve": waits, "reject": waits, "ask": waits, "dismiss": flagged}
    return [
        act for act in OFFERED if act in VERBS and item.status in ACTS[act].states and needs.get(act, True)
    ]  # fmt: skip


def judged(item: Waiting, act: str) -> UUID:
    """The revision that an act is about: what waits, or what is public."""
    about_what_waits = act in ("approve", "reject", "ask")
    return item.revision if about_what_waits or item.public_revision is None else item.public_revision


def who(item: Waiting) -> str:
    """The byline: what it shows and no more."""
    if item.organisation_name and item.mandate == "claimed":  # a mandate that nobody has confirmed
        if not item.author_name:
            return f"{_('Somebody who says they speak for')} {item.organisation_name}"
        return _(
            "%(name)s says they speak for %(organisation)s", name=item.author_name, organisation=item.organisation_name
        )
    named = [name for name in (item.author_name, item.organisation_name) if name]
    return (
        _(" for ").join(named)
        if named
        else _("Name withheld")
        if item.byline == "anonymous"
        else _(words.BYLINES[item.byline])
    )


def grounds_of(sent: FormData, consultation: ConsultationView) -> Grounds:
    """What a form of the desk says; where it asks for the rule's own words as the reason, with these."""
    grounds = grounds_in(sent)
    if sent.get("words") == "1" and not (grounds.reason or "").strip():
        reason = next(
            (reason_from(rule) for rule in consultation.details["rules"] if str(rule["number"]) == grounds.rule), None
        )
        return replace(grounds, reason=reason)
    return grounds


def reason_from(rule: Any) -> str:
    """A reason in the words of a rule."""
    return _("Rule %(number)s, %(title)s: %(text)s", number=rule["number"], title=rule["title"], text=rule["text"])


def act_in(sent: FormData) -> str:
    """The act that a form asks for. Raises Malformed for any that the desk does not offer."""
    act = str(sent.get("act", ""))
    if act not in OFFERED or act not in VERBS:
        raise errors.Malformed(_("This form is broken. Please open it again."))
    return act


def waited(since: datetime | None) -> str:
    """For how long something has waited, in words."""
    if since is None:
        return ""
    hours = int((clock.now() - since).total_seconds() // 3600)
    if hours < 1:
        return _("for less than an hour")
    if hours < 48:
        return ngettext("for an hour", "for %(n)s hours", hours)
    return ngettext("for a day", "for %(n)s days", hours // 24)


def in_hand(held: InHand | None, viewer: UUID | None, zone: ZoneInfo) -> str:
    """Who has it in hand, and until when."""
    if held is None:
        return ""
    until = f"{held.until.astimezone(zone):%H:%M} {zone_name(zone)}"
    if held.person == viewer:
        return _("in your hands until %(time)s", time=until)
    return _(
        "in hand with %(name)s until %(time)s", name=held.name or _("another moderator"), time=until
    )  # fmt: skip


def no_grounds(refused: Refused | None, act: str) -> tuple[Grounds, Faults]:
    """What the form of an act holds: what was sent with it, or nothing."""
    if refused is not None and refused.act == act:
        return refused.grounds, refused.faults
    return NO_GROUNDS, Faults()
