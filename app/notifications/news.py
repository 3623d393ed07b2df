"""The mail about one contribution, at once: its text as the public reads it, where it stands, and how to answer."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.language import gettext as _
from app.language import speaking
from app.notifications import mailboxes
from app.notifications.deliveries import Due
from app.notifications.following.matching import wanted_by
from app.notifications.letters import Block, Letter
from app.notifications.mail_headers import for_answers, of_list, of_thread, stop_link, to_hear_less
from app.notifications.stopping import Stop
from app.readings.letters.news_letters import Reader, Told, reader_of, told

LONGEST = 6_000  # characters of a text that a mail holds whole
_HEADING = re.compile(r"<h([4-6])\b")
_OWN_LINK = re.compile(r'<a href="/(?!/)')


async def news_letter(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    """The mail; None where the text is not public any more, or its reader does not want it (any more)."""
    reader = await reader_of(session, due.person) if due.person else None
    if reader is None:
        return None
    found = await wanted_by(session, reader.person, [due.subject])
    if not found:
        return None
    [by] = found
    with speaking(reader.language):
        [news] = await told(session, [due.subject])
        answered = by.scope == "reply"
        stop = Stop(reader.person, "replies") if answered else Stop(reader.person, by.scope, by.thing)
        return _letter(news, reader, stop, base_url)


def who_says_what(news: Told) -> str:
    """`Ana Cruz (Sample network) replied to contribution 12.`"""
    who = news.author or _("Somebody who is not named")
    if news.view.kind == "note":
        return _("%(who)s wrote a facilitator’s note:", who=who)
    if news.view.parent_number is not None:
        return _("%(who)s replied to contribution %(number)s:", who=who, number=news.view.parent_number)
    return _("%(who)s wrote:", who=who)


def words_of(news: Told, base_url: str, longest: int = LONGEST) -> list[Block]:
    """The text as a quotation: whole or, where it is longer than that, its beginning."""
    view = news.view
    if len(view.body) > longest:
        return [Block("quote", text.excerpt(view.body, longest), language=view.language)]
    own = _OWN_LINK.sub(f'<a href="{base_url}/', _HEADING.sub(r'<h\1 style="font-size: 1em"', view.html))
    return [Block("quote", view.body, html=own, language=view.language)]


def _letter(news: Told, reader: Reader, stop: Stop, base_url: str) -> Letter:
    link, is_open = base_url + news.path, news.topic.phase == "open"
    answers = for_answers(reader.person, news.view.id) if is_open else ()
    blocks = [Block("small", mailboxes.marker(reader.language))] if answers else []
    blocks.append(Block("paragraph", who_says_what(news)))
    if news.view.title:
        blocks.append(Block("heading", news.view.title))
    blocks += words_of(news, base_url)
    long = len(news.view.body) > LONGEST
    blocks.append(Block("link", _("Read on") if long else _("Read it in its thread"), link))
    if answers:
        public = _(
            "You can answer this mail. What you write above the line at its top is sent in as your public reply."
        )
        blocks.append(Block("paragraph", public))
    elif is_open:
        blocks.append(Block("link", _("Answer it"), f"{base_url}/c/{news.consultation.slug}/contribute"
                                                   f"?parent={news.view.id}"))  # fmt: skip
    blocks += _why(news, stop, base_url)
    headers = (
        *of_list((news.topic.slug, news.consultation.slug), stop, base_url), *of_thread(news, base_url), *answers,
    )  # fmt: skip
    return Letter(reader.email, reader.language, _subject(news), tuple(blocks), headers)


def _subject(news: Told) -> str:
    """The same for all of a thread, so that mail programs keep it together."""
    title = news.root_title or _("Thread %(n)s", n=news.root_number or news.view.number)
    return f"Re: {title}" if news.view.parent_number is not None else title


def _why(news: Told, stop: Stop, base_url: str) -> list[Block]:
    """Why its reader gets this, and how to get no more."""
    where = _("“%(topic)s”, a topic of “%(consultation)s”", topic=news.topic.title,
              consultation=news.consultation.title)  # fmt: skip
    why = {
        "thread": _("You get this because you follow this thread in %(where)s.", where=where),
        "topic": _("You get this because you follow %(where)s.", where=where),
        "consultation": _("You get this because you follow the consultation, in %(where)s.", where=where),
        "replies": _("You get this because it answers you, in %(where)s.", where=where),
    }[stop.what]
    links = [Block("small", why)]
    thread = news.view.thread or news.view.id
    if stop.what != "thread":
        silent = Stop(stop.person, "thread", thread)
        links.append(Block("small_link", _("No more mail about this thread"), stop_link(silent, base_url)))
    return [*links, *to_hear_less(stop, base_url)]
