"""To how many a moderator's letter goes, and how many it reached, in words that tell of nobody."""

from app.language import gettext as _
from app.language import ngettext
from app.readings.consultation_views import ConsultationView
from app.readings.organising.invitations import Addressed, Sent


def addressed(told: Addressed | Sent, *, one: bool) -> str:
    """Whom it goes to: `7 people whose names the texts show`."""
    if one:
        return _("its author") if told.named else _("its author, whose name is withheld from you too")
    named = ngettext("one person whose name is shown there", "%(n)s people whose names are shown there", told.named)
    if told.withheld == 0:
        return named
    if told.withheld is None:
        withheld = _("whoever wrote there without their name: fewer than five people, so not told how many")
    else:
        withheld = _("at least %(n)s people who wrote there without their name", n=told.withheld)
    return _("%(one)s, and %(other)s", one=named, other=withheld) if told.named else withheld


def reached(sent: Sent) -> str:
    """Whom it reached, where that may be told."""
    if sent.reached is None or sent.not_reached is None:
        return _("Whether it reached them is not told of fewer than five people.")
    told = ngettext("It reached one of those named.", "It reached %(n)s of those named.", sent.reached)
    if not sent.not_reached:
        return told
    missed = ngettext("One could not be written to.", "%(n)s could not be written to.", sent.not_reached)
    return f"{told} {missed}"


def about(sent: Sent, consultation: ConsultationView) -> str:
    """What it is about: a contribution's number, a topic, a guiding question."""
    if sent.number is not None:
        return _("To the author of contribution %(n)s", n=sent.number)
    slug, _dot, key = (sent.topic or sent.question or "").partition(".")
    title = next((topic.title for topic in consultation.topics if topic.slug == slug), slug)
    if key:
        return _("To all who answered question %(key)s of “%(topic)s”", key=key, topic=title)
    return _("To all who wrote in “%(topic)s”", topic=title)
