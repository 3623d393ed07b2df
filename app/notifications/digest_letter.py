"""The mail with all that somebody hears of once a day or once a week: how many topics however, it is one."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from app.language import gettext as _
from app.language import ngettext, speaking
from app.notifications.deliveries import Due
from app.notifications.digests import DAILY, WEEKLY, Contents, contents, mark_told
from app.notifications.letters import Block, Letter
from app.notifications.mail_headers import of_list, to_hear_less
from app.notifications.news import who_says_what, words_of
from app.notifications.preferences import preferences_of
from app.notifications.stopping import Stop
from app.readings.letters.news_letters import Told, reader_of
from app.readings.letters.waiting_letters import DeskLine

LONGEST = 280  # characters of each text


async def digest_letter(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    """The mail; None where there is nothing to say."""
    reader = await reader_of(session, due.person) if due.person else None
    if reader is None or (await preferences_of(session, reader.person)).digest == "never":
        return None
    with speaking(reader.language):
        held = await contents(session, reader.person, WEEKLY if due.kind == "weekly" else DAILY)
        if not held:
            return None
        stop = Stop(reader.person, "digest")
        blocks = (*said(held, base_url), *_ends(stop, base_url))
        subject = _subject(held)

    async def note(session: AsyncSession) -> None:
        await mark_told(session, reader.person, held.told)

    headers = of_list(("digest",), stop, base_url)
    return Letter(reader.email, reader.language, subject, blocks, headers, then=note)


def said(held: Contents, base_url: str) -> list[Block]:
    """What waits, then what is new: by consultation and topic, in the order of threads."""
    blocks = [block for line in held.desks for block in _desk(line, base_url)]
    for _id, news in groupby(held.news, key=lambda each: each.consultation.id):
        blocks += _consultation(list(news), base_url)
    if held.more:
        more = ngettext("One more is new, which is not shown here.", "%(n)s more are new, which are not shown here.",
                        held.more)  # fmt: skip
        blocks.append(Block("paragraph", more))
    return blocks


def _subject(held: Contents) -> str:
    titles = {each.consultation.title for each in held.news} or {line.consultation for line in held.desks}
    if not held.news:
        return _("What waits for you: %(title)s", title=titles.pop()) if len(titles) == 1 else _("What waits for you")
    return _("What is new: %(title)s", title=titles.pop()) if len(titles) == 1 else _("What is new in what you follow")


def _desk(line: DeskLine, base_url: str) -> list[Block]:
    much = [ngettext("One text waits for a moderator.", "%(n)s texts wait for a moderator.", line.total)]
    if line.overdue:
        much.append(ngettext("One has waited for longer than was promised.",
                             "%(n)s have waited for longer than was promised.", line.overdue))  # fmt: skip
    if line.appeals:
        much.append(ngettext("One is an appeal.", "%(n)s are appeals.", line.appeals))
    return [
        Block("heading", _("On the desk of “%(title)s”", title=line.consultation)),
        Block("paragraph", " ".join(much)),
        Block("link", _("To the desk"), f"{base_url}/c/{line.slug}/moderate"),
    ]


def _consultation(news: Sequence[Told], base_url: str) -> list[Block]:
    blocks = []
    for _id, of_topic in groupby(news, key=lambda each: each.topic.id):
        listed = list(of_topic)
        its = listed[0]
        blocks.append(Block("heading", f"{its.consultation.title}: {its.topic.title}"))
        for each in listed:
            blocks += _item(each, base_url)
    return blocks


def _item(each: Told, base_url: str) -> list[Block]:
    quoted = words_of(each, base_url, LONGEST)
    title = each.view.title or (each.root_title and _("In the thread “%(title)s”", title=each.root_title))
    link = Block("link", title or _("Read it in its thread"), base_url + each.path)
    return [Block("paragraph", who_says_what(each)), *quoted, link]


def _ends(stop: Stop, base_url: str) -> list[Block]:
    return [
        Block("small", _("You get this because you follow this or moderate it. There is one such mail a day at most.")),
        *to_hear_less(stop, base_url),
    ]
