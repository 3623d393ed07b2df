"""Decisions of the public log in words: what was decided, under which rule, by whom, and what became of an appeal."""

from dataclasses import dataclass

from app.readings.consultations import ConsultationView
from app.readings.public_log import LoggedAppeal, LoggedDecision, Said
from app.web import dates
from app.web.entries import rule_in_words
from app.web.language import gettext as _

# About a contribution that was public; about a text that never was, or a change of one that waited; about a person.
_DECIDED = {
    "approve": ("Contribution %(number)s was approved", "A text was approved"),
    "ask": (
        "The author of contribution %(number)s was asked to change it",
        "The author of a text was asked to change it",
    ),
    "reject": ("A text for contribution %(number)s was not accepted", "A text was not accepted"),
    "hide": ("Contribution %(number)s was hidden", "A text was hidden"),
    "restore": ("Contribution %(number)s was restored", "A text was restored"),
    "redact": ("A passage of contribution %(number)s was removed", "A passage of a text was removed"),
    "move": ("Contribution %(number)s was moved", "A text was moved"),
    "split": ("Contribution %(number)s was made a thread of its own", "A text was made a thread of its own"),
    "merge": ("Contribution %(number)s was merged into another", "A text was merged into another"),
    "pin": ("Contribution %(number)s was pinned", "A text was pinned"),
    "unpin": ("Contribution %(number)s is no longer pinned", "A text is no longer pinned"),
    "feature": ("Contribution %(number)s was featured", "A text was featured"),
    "unfeature": ("Contribution %(number)s is no longer featured", "A text is no longer featured"),
    "lock": ("The thread of contribution %(number)s was closed to replies", "A thread was closed to replies"),
    "unlock": ("The thread of contribution %(number)s takes replies again", "A thread takes replies again"),
    "dismiss": ("Reports about contribution %(number)s were dismissed", "Reports about a text were dismissed"),
    "warn": ("An author was warned about contribution %(number)s", "An author was warned"),
    "suspend": ("A participant was suspended", "A participant was suspended"),
    "lift": ("A suspension was lifted", "A suspension was lifted"),
    "erase": ("Contribution %(number)s was erased on request", "A text was erased on request"),
}
# What the log may be narrowed down to: what people look for in it.
NARROWED = {
    "hide": "Hidden", "restore": "Restored", "redact": "Redacted", "reject": "Not accepted", "ask": "Asked to change",
    "move": "Moved", "merge": "Merged", "dismiss": "Reports dismissed", "suspend": "Suspended",
}  # fmt: skip
_OTHER = ("A moderator decided about contribution %(number)s", "A moderator decided")
_BY = {
    "moderator": "by a moderator",
    "organiser": "by an organiser",
    "operator": "by the service’s operators",
    "automatic": "automatically, by the consultation’s policy",
}
_SIGNED = {
    "moderator": "by %(name)s, moderator",
    "organiser": "by %(name)s, organiser",
}
_NO_REASON = {
    "erased": "The reason was erased with the text.",
    "withheld": "This was never public, so its reason is not public either.",
    "none": "",
    "shown": "",
}
_OUTCOMES = {
    ("upheld", False): "Another moderator looked at it again on %(day)s and upheld the decision.",
    ("upheld", True): "Nobody else could look at it again: the same person did, and upheld the decision on %(day)s.",
    ("overturned", False): "Another moderator looked at it again on %(day)s and overturned the decision.",
    ("overturned", True): (
        "Nobody else could look at it again: the same person did, and overturned the decision on %(day)s."
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
    parts = [
        f"{_('Under')} {shown.rule}." if shown.rule else "", decision.said.reason or shown.no_reason,
        f"{_('Decided')} {shown.by}.",
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
