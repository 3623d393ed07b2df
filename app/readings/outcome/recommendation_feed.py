"""The recommendations of a consultation as a feed: each once, in the version that is public; and every answer."""

from collections.abc import Iterator
from html import escape

from sqlalchemy.ext.asyncio import AsyncConnection

from app import text
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.outcome.recommendations import RecommendationView, ResponseView, recommendations
from app.readings.syndication import Feed, Item, written


async def feed(
    connection: AsyncConnection, consultation: ConsultationView, title: str, base: str, here: str, form: str
) -> bytes:
    """All that are public, what changed last first, in one of `syndication.FORMS`; `here` is the feed's own address."""
    home = f"{base}/c/{consultation.slug}/recommendations"
    found = await recommendations(connection, consultation.id)
    items = [item for each in found for item in (_item(each, home), *_answers(each, home, base))]
    made = Feed(
        urn=f"urn:uuid:{consultation.id}",
        title=f"{title}: {consultation.title}",
        home=home,
        here=here,
        author=consultation.title,
        items=sorted(items, key=lambda each: each.updated, reverse=True),
    )
    return written(made, form)


def _item(recommendation: RecommendationView, home: str) -> Item:
    return Item(
        urn=f"urn:uuid:{recommendation.id}",
        url=f"{home}/{recommendation.number}",
        title=f"{recommendation.number}. {recommendation.title}",
        published=recommendation.published,
        updated=recommendation.updated,
        tags=[recommendation.stage],
        html=recommendation.html,
        language=recommendation.language,
    )


def _answers(recommendation: RecommendationView, home: str, base: str) -> Iterator[Item]:
    for each in recommendation.responses:
        yield Item(
            urn=f"urn:uuid:{each.id}",
            url=f"{home}/{recommendation.number}#answers",
            title=_("Answer to recommendation %(n)s", n=recommendation.number),
            published=each.entered,
            updated=each.file.withdrawn.since if each.file and each.file.withdrawn else each.entered,
            tags=[each.answer],
            html=text.markdown(each.words) + "".join(_documents(each, base)),
            language=each.language,
        )


def _documents(answer: ResponseView, base: str) -> Iterator[str]:
    """Links to what came with an answer."""
    found = [(answer.document, answer.document)] if answer.document else []
    if answer.file and not answer.file.withdrawn:
        found.append((f"{base}{answer.file.path}", answer.file.name))
    for address, name in found:
        yield f'<p><a href="{escape(address)}">{escape(name)}</a></p>'
