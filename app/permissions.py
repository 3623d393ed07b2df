"""Who may do what: acts x rules, on one page. Each act of the platform stands once in the table.

A rule answers yes or no from the actor and the thing alone; it asks no database (`rules.py`). Surfaces hold no rules:
actions call `require`, pages ask `may` to decide which buttons to show.
"""

from app import errors
from app.language import gettext as _
from app.rules import (
    ANYONE,
    OPERATOR,
    Actor,
    Rule,
    Scope,
    Thing,
    both,
    either,
    has_a_desk,
    is_another_organiser,
    is_moderator,
    is_operator,
    is_organiser,
    is_organiser_anywhere,
    is_owner,
    is_participant,
    is_public,
    is_rapporteur,
    is_staff,
    judges_anew,
    works_on_outcome,
)

__all__ = ["ACTS", "ANYONE", "OPERATOR", "Actor", "Scope", "Thing", "may", "require"]

_TABLE: dict[str, tuple[Scope, Rule]] = {
    "contribution.read":                                  ("read", either(is_public, is_owner, is_moderator)),
    "profile.read":                                       ("read", is_owner),
    "contribution.post contribution.flag meeting.report": ("write", is_participant),
    "contribution.endorse translation.offer mandate.ask": ("write", is_participant),
    "meeting.join position.take":                         ("write", is_participant),
    "contribution.edit translation.approve":              ("write", both(is_participant, is_owner)),
    "contribution.withdraw appeal.make session.end":      ("write", is_owner),
    "translation.decline translation.withdraw":           ("write", is_owner),
    "meeting.leave":                                      ("write", is_owner),
    "profile.change subscription.change":                 ("write", is_owner),
    "contribution.lower contribution.deposit":            ("write", either(is_operator, is_owner)),
    "contribution.erase":                                 ("write", either(is_owner, is_organiser, is_operator)),
    "contribution.note":                                  ("write", both(is_participant, is_moderator)),
    "key.make key.revoke account.erase":                  ("write", either(is_operator, is_owner)),
    "role.accept":                                        ("write", is_participant),
    "role.list role.leave":                               ("write", is_owner),
    "queue.read":                                         ("moderate", has_a_desk),
    "contribution.claim contribution.decide":             ("moderate", is_moderator),
    "contribution.reveal contribution.transcribe":        ("moderate", is_moderator),
    "author.suspend invitation.send webhook.manage":      ("moderate", is_moderator),
    "flag.decide translation.decide translation.machine": ("moderate", is_moderator),
    "contribution.classify":                              ("moderate", is_staff),
    "proceedings.print":                                  ("read", is_staff),
    "claim.release":                                   ("moderate", either(is_organiser, both(is_moderator, is_owner))),
    "appeal.decide":                                      ("moderate", judges_anew),
    "recommendation.write recommendation.publish":        ("moderate", is_rapporteur),
    "outcome.read":                                       ("moderate", works_on_outcome),
    "coverage.mark report.write report.publish":          ("moderate", is_rapporteur),
    "outcome.tell":                                       ("moderate", is_rapporteur),
    "response.enter outcome.send":                        ("moderate", is_organiser),
    "code.make":                                          ("moderate", works_on_outcome),
    "code.change":                            ("moderate", either(is_rapporteur, both(works_on_outcome, is_owner))),
    "code.manage text.code text.gist":                    ("moderate", is_rapporteur),
    "consultation.define phase.change":                   ("moderate", either(is_operator, is_organiser)),
    "meeting.plan":                                       ("moderate", is_organiser),
    "document.manage notice.manage":                      ("moderate", is_organiser),
    "role.grant":                                         ("moderate", either(is_operator, is_another_organiser)),
    "mandate.confirm":                                    ("moderate", is_another_organiser),
    "organisation.merge balance.read people.invite":      ("moderate", is_organiser),
    "consultation.import":                                ("moderate", either(is_operator, is_moderator)),
    "consultation.create":                                ("moderate", either(is_operator, is_organiser_anywhere)),
    "consultation.remove":                                ("moderate", is_operator),
}  # fmt: skip
ACTS = {act: line for acts, line in _TABLE.items() for act in acts.split()}


def may(actor: Actor, act: str, thing: Thing) -> bool:
    """Whether the actor may do this act on this thing."""
    scope, rule = ACTS[act]
    return (actor.scopes is None or scope in actor.scopes) and rule(actor, thing)


def require(actor: Actor, act: str, thing: Thing) -> None:
    """Go on only where `may` says yes. Raises `Unauthenticated` for a stranger and `Forbidden` for anybody else.

    And `NotFound` for who is no member of a private consultation, exactly as for what never existed.
    """
    if may(actor, act, thing):
        return
    if thing.consultation in actor.shut_out:
        about_a_text = act.startswith(("contribution.", "translation.")) and act != "contribution.post"
        raise errors.NotFound(
            _("There is no such contribution.") if about_a_text else _("There is no such consultation.")
        )
    if actor.person is None and not actor.operator:
        raise errors.Unauthenticated(_("Please sign in to do this."))
    raise errors.Forbidden(_why_not(actor, act, thing))


def _why_not(actor: Actor, act: str, thing: Thing) -> str:
    scope, rule = ACTS[act]
    if actor.scopes is not None and scope not in actor.scopes:
        return _("This key does not have the scope “%(scope)s”.", scope=scope)
    if thing.consultation in actor.suspended:
        return _("Your participation in this consultation is suspended.")
    if not actor.complete:
        return _("Please complete your profile first: a name and your consent to the privacy note.")
    if rule is judges_anew and is_moderator(actor, thing):
        return _("Somebody else must answer this appeal: another than who decided, and than who wrote the text.")
    if is_organiser(actor, thing):
        return _("Another organiser has to do this: it is about yourself.")
    return _("You do not have the role that this needs.")
