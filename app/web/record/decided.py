"""Decisions of the public log in words: what was decided, under which rule, by whom, and what became of an appeal."""

from dataclasses import dataclass

from app import dates
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.readings.consultation_views import ConsultationView
from app.readings.record.public_log import LoggedAppeal, LoggedDecision, Said
from app.web.kit.entries import rule_in_words

# About a contribution that was public; about a text that never was, or a change of one that waited; about a person.
_DECIDED = {
    "approve": (N_("Contribution %(number)s was approved"), N_("A text was approved")),
    "ask": (
        N_("The author of contribution %(number)s was asked to change it"),
        N_("The author of a text was asked to change it"),
    ),
    "reject": (N_("A text for contribution %(number)s was not accepted"), N_("A text was not accepted")),
    "hide": (N_("Contribution %(number)s was hidden"), N_("A text was hidden")),
    "restore": (N_("Contribution %(number)s was restored"), N_("A text was restored")),
    "redact": (N_("A passage of contribution %(number)s was removed"), N_("A passage of a text was removed")),
    "move": (N_("Contribution %(number)s was moved"), N_("A text was moved")),
    "split": (N_("Contribution %(number)s was made a thread of its own"), N_("A text was made a thread of its own")),
    "merge": (N_("Contribution %(number)s was merged into another"), N_("A text was merged into another")),
    "pin": (N_("Contribution %(number)s was pinned"), N_("A text was pinned")),
    "unpin": (N_("Contribution %(number)s is no longer pinned"), N_("A text is no longer pinned")),
    "feature": (N_("Contribution %(number)s was featured"), N_("A text was featured")),
    "unfeature": (N_("Contribution %(number)s is no longer featured"), N_("A text is no longer featured")),
    "lock": (N_("The thread of contribution %(number)s was closed to replies"), N_("A thread was closed to replies")),
    "unlock": (N_("The thread of contribution %(number)s takes replies again"), N_("A thread takes replies again")),
    "dismiss": (N_("Reports about contribution %(number)s were dismissed"), N_("Reports about a text were dismissed")),
    "warn": (N_("An author was warned about contribution %(number)s"), N_("An author was warned")),
    "suspend": (N_("A participant was suspended"), N_("A participant was suspended")),
    "lift": (N_("A suspension was lifted"), N_("A suspension was lifted")),
    "erase": (N_("Contribution %(number)s was erased on request"), N_("A text was erased on request")),
    "accept-translation": (
        N_("A translation of contribution %(number)s was let through"),
        N_("A translation was let through"),
    ),
    "review-translation": (
        N_("A translation of contribution %(number)s was reviewed"),
        N_("A translation was reviewed"),
    ),
    "refuse-translation": (
        N_("A translation of contribution %(number)s was not accepted"),
        N_("A translation was not accepted"),
    ),
    "remove-translation": (
        N_("A translation of contribution %(number)s was taken away"),
        N_("A translation was taken away"),
    ),
}
# What the log may be narrowed down to: what people look for in it.
NARROWED = {
    "hide": N_("Hidden"),
    "restore": N_("Restored"),
    "redact": N_("Redacted"),
    "reject": N_("Not accepted"),
    "ask": N_("Asked to change"),
    "move": N_("Moved"),
    "merge": N_("Merged"),
    "dismiss": N_("Reports dismissed"),
    "suspend": N_("Suspended"),
}
_OTHER = (N_("A moderator decided about contribution %(number)s"), N_("A moderator decided"))
_BY = {
    "moderator": N_("by a moderator"),
    "organiser": N_("by an organiser"),
    "operator": N_("by the service’s operators"),
    "author": N_("by the contribution’s author"),
    "automatic": N_("automatically, by the consultation’s policy"),
}
_SIGNED = {
    "moderator": N_("by %(name)s, moderator"),
    "organiser": N_("by %(name)s, organiser"),
}
_NO_REASON = {
    "erased": N_("The reason was erased with the text."),
    "withheld": N_("This was never public, so its reason is not public either."),
    "none": "",
    "shown": "",
}
_OUTCOMES = {
    ("upheld", False): N_("Another moderator looked at it again on %(day)s and upheld the decision."),
    ("upheld", True): N_(
        "Nobody else could look at it again: the same person did, and upheld the decision on %(day)s."
    ),
    ("overturned", False): N_("Another moderator looked at it again on %(day)s and overturned the decision."),
    ("overturned", True): (
        N_("Nobody else could look at it again: the same person did, and overturned the decision on %(day)s.")
    ),
}


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal in words."""

    made: str
    outcome: str
    state: str  # waits, upheld, overturned
    reason: str | None
    no_reason: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """A decision in words; `href` is its own page."""

    decision: LoggedDecision
    href: str
    said: str
    rule: str
    rule_href: str
    by: str
    no_reason: str
    appeal: AppealLine | None

    @property
    def number(self) -> int | None:
        """Of the contribution, if it was ever public."""
        return self.decision.number


def line(decision: LoggedDecision, consultation: ConsultationView) -> LogLine:
    """A decision as the log says it."""
    return LogLine(
        decision,
        f"/c/{consultation.slug}/decisions/{decision.seq}",
        said(decision),
        rule_in_words(decision.rule, consultation.details),
        f"/about/rules#{consultation.slug}-{decision.rule}" if decision.rule else "",
        by_whom(decision),
        _no_reason(decision.said),
        _appeal(decision.appeal, consultation) if decision.appeal else None,
    )


def said(decision: LoggedDecision) -> str:
    """`Contribution 42 was hidden`, `A text was not accepted`."""
    return what(decision.act, decision.number)


def what(act: str, number: int | None) -> str:
    """An act in words, about the contribution of a number or a text that was never public."""
    public, private = _DECIDED.get(act, _OTHER)
    return _(public, number=number) if number else _(private)


def by_whom(decision: LoggedDecision) -> str:
    """`by a moderator`, or with the name of who signed."""
    if decision.decider_name:
        return _(_SIGNED.get(decision.role or "", "by %(name)s"), name=decision.decider_name)
    return _(_BY.get(decision.role or "", _BY["moderator"]))


def in_plain_text(shown: LogLine) -> str:
    """Rule, reason, decider and appeal as paragraphs: for feeds."""
    decision, appeal = shown.decision, shown.appeal
    under, decided = _("Under"), _("Decided")
    parts = [
        f"{under} {shown.rule}." if shown.rule else "", decision.said.reason or shown.no_reason,
        f"{decided} {shown.by}.",
    ]  # fmt: skip
    if appeal is not None:
        parts += [f"{appeal.made} {appeal.outcome}", appeal.reason or appeal.no_reason]
    return "\n\n".join(part for part in parts if part)


def _no_reason(given: Said) -> str:
    return _(_NO_REASON[given.reason_is]) if _NO_REASON[given.reason_is] else ""


def _appeal(appeal: LoggedAppeal, consultation: ConsultationView) -> AppealLine:
    made = (
        _("The author appealed on %(day)s.", day=dates.day(appeal.made, consultation.zone))
        if appeal.made
        else _("The author appealed.")
    )
    if appeal.decided is None or appeal.outcome is None:
        return AppealLine(made, _("The appeal waits for an answer."), "waits", None, "")
    said = _(
        _OUTCOMES.get((appeal.outcome, bool(appeal.by_same)), "It was decided on %(day)s."),
        day=dates.day(appeal.decided, consultation.zone),
    )
    given = appeal.said
    return AppealLine(made, said, appeal.outcome, given.reason if given else None, _no_reason(given) if given else "")
