"""A facilitator's note drawn from what a report's draft says of a topic: a form to begin with, and nothing more."""

from app.language import gettext as _
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.outcome.draft_of_report import draft
from app.synthesis.insertions import Insertion, insertions, rewritten
from app.web.kit.visit import Visit


async def drawn(visit: Visit, consultation: ConsultationView, slug: str) -> tuple[str, str]:
    """What the note says, as Markdown, and in which language; nothing where the draft says nothing of the topic.

    Raises Unauthenticated, Forbidden.
    """
    topic = next((each for each in consultation.topics if each.slug == slug), None)
    async with visit.database.writing() as session:
        its = await draft(session, visit.actor, consultation.id)
    if topic is None:
        return "", its.text.language
    home = f"/c/{consultation.slug}"
    return "\n\n".join(_paragraphs(topic, dict(its.text.results), home)), its.text.language


def _paragraphs(topic: TopicView, results: dict[str, str], home: str) -> list[str]:
    said = [("", results.get(topic.slug, ""))]
    said += [(f"#### {each.key}. {each.text}\n\n", results.get(each.full_key, "")) for each in topic.questions]
    return [heading + _as_links(body, home) for heading, body in said if body]


def _as_links(body: str, home: str) -> str:
    """A note is a text of its own: it links what the report shows, so that no words stay in it that are taken back."""
    return rewritten(body, {each.raw: _link(each, home) for each in insertions(body)})


def _link(each: Insertion, home: str) -> str:
    if each.kind == "quotation":
        return f"#{each.number}"
    if each.kind == "recommendation":
        name = _("Recommendation %(n)s", n=each.number)
        return f"[{name}]({home}/recommendations/{each.number})"
    return ""
