"""The public log as feeds. They say what the page says, and no more."""

from collections.abc import Sequence

from app.language import current
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.syndication import Feed, Item, written
from app.web.record.decided import LogLine, in_plain_text


def feed(
    form: str,
    base: str,
    consultation: ConsultationView,
    lines: Sequence[LogLine],
    goes_on: int | None,
    before: int | None,
) -> bytes:
    """The feed in one of `syndication.FORMS`. `goes_on` is where its next page does, `before` where this one began."""
    home = f"{base}/c/{consultation.slug}/decisions"
    here = f"{home}/feed.{form}"
    made = Feed(
        urn=f"urn:uuid:{consultation.id}",
        title=_("Moderation log: %(title)s", title=consultation.title),
        home=home,
        here=here + (f"?before={before}" if before else ""),
        author=_("The moderators of this consultation"),
        items=[_item(base, home, each) for each in lines],
        description=_("Every decision of the moderators, with its reason."),
        language=current.get(),
        next=f"{here}?before={goes_on}" if goes_on else None,
    )
    return written(made, form)


def _item(base: str, home: str, shown: LogLine) -> Item:
    decision, number = shown.decision, shown.decision.number
    return Item(
        urn=f"urn:uuid:{decision.id}",
        url=base + shown.href,
        title=shown.said,
        published=decision.time,
        updated=decision.changed,
        tags=[decision.act],
        text=in_plain_text(shown),
        about=f"{home.rsplit('/', 1)[0]}/{number}" if number else None,
    )
