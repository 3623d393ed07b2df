"""Mails about dates and the outcome: it is open, for longer, closes soon; the report is out; one's words are cited."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from sqlalchemy.ext.asyncio import AsyncSession

from app.language import gettext as _
from app.language import listed, locale, number, speaking
from app.notifications.deliveries import Due
from app.notifications.letters import Block, Letter
from app.notifications.mail_headers import of_list, to_hear_less
from app.notifications.stopping import Stop
from app.notifications.to_many import still_wants
from app.readings.consultation_views import ConsultationView
from app.readings.letters.date_letters import DateNews, date_news
from app.readings.letters.news_letters import Reader, consultation_views, reader_of
from app.readings.letters.outcome_news import CitedIn, cited_in, report_news


async def date_letter(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    """That something is open, is so for longer, or closes soon; None where it does not take contributions any more."""
    reader = await reader_of(session, due.person) if due.person else None
    if reader is None:
        return None
    with speaking(reader.language):
        news = await date_news(session, due.subject)
        if news is None or (due.kind != "opened" and news.closes is None):
            return None
        if not await still_wants(session, reader.person, news.consultation.id, "dates"):
            return None
        subject, sentence = _of_date(due.kind, news)
        blocks = [Block("paragraph", sentence)]
        if due.kind == "opened" and news.closes:
            blocks.append(Block("paragraph", _("It takes contributions until %(moment)s.", moment=_until(news))))
        if news.reason:
            blocks += [Block("paragraph", _("The reason given:")), Block("quote", news.reason)]
        blocks.append(Block("link", _("Read it and take part"), base_url + news.path))
        return _letter(reader, news.consultation, "dates", subject, blocks, base_url)


async def report_letter(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    """That the report is published, or a new version of it; None where a newer one has come since."""
    reader = await reader_of(session, due.person) if due.person else None
    news = await report_news(session, due.subject)
    if reader is None or news is None or not await still_wants(session, reader.person, news.consultation, "outcome"):
        return None
    with speaking(reader.language):
        its = (await consultation_views(session, [news.consultation]))[news.consultation]
        if news.version == 1:
            subject = _("The report of “%(title)s” is published", title=its.title)
            sentence = _("The report of the consultation “%(title)s” is published: what was said, who took part, and "
                         "what came of it.", title=its.title)  # fmt: skip
        else:
            subject = _("A new version of the report of “%(title)s”", title=its.title)
            sentence = _("A new version of the report of the consultation “%(title)s” is published.", title=its.title)
        blocks = [Block("paragraph", sentence)]
        if news.reason:
            blocks += [Block("paragraph", _("The reason given:")), Block("quote", news.reason)]
        blocks.append(Block("link", _("Read the report"), f"{base_url}/c/{its.slug}/report"))
        return _letter(reader, its, "outcome", subject, blocks, base_url)


async def cited_letter(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    """Which recommendations rest on what somebody wrote; None where none does (any more)."""
    reader = await reader_of(session, due.person) if due.person else None
    found = await cited_in(session, due.subject, reader.person) if reader else []
    if reader is None or not found or not await still_wants(session, reader.person, due.subject, "outcome"):
        return None
    with speaking(reader.language):
        its = (await consultation_views(session, [due.subject]))[due.subject]
        if any(each.for_others for each in found):
            said = _("Recommendations of the consultation “%(title)s” cite what you wrote, or wrote down for others:",
                     title=its.title)  # fmt: skip
        else:
            said = _("Recommendations of the consultation “%(title)s” cite what you wrote:", title=its.title)
        blocks = [Block("paragraph", said)]
        for each in found:
            blocks += _cited(each, f"{base_url}/c/{its.slug}/recommendations/{each.number}")
        return _letter(reader, its, "outcome", _("What you wrote is cited"), blocks, base_url)


def _cited(each: CitedIn, link: str) -> list[Block]:
    mine = listed([number(one) for one in each.numbers])
    return [
        Block("quote", each.title),
        Block("link", _("Recommendation %(number)s, which cites your contribution %(numbers)s", number=each.number,
                        numbers=mine), link),
    ]  # fmt: skip


def _of_date(kind: str, news: DateNews) -> tuple[str, str]:
    """The subject and the first sentence."""
    title = news.topic.title if news.topic else news.consultation.title
    if kind == "opened":
        return (
            _("Open for contributions: %(title)s", title=title),
            _("“%(title)s” is open: you can contribute and answer now.", title=title),
        )
    if kind == "extended":
        return (
            _("Open for longer: %(title)s", title=title),
            _("“%(title)s” takes contributions for longer: until %(moment)s.", title=title, moment=_until(news)),
        )
    return (
        _("Closing soon: %(title)s", title=title),
        _("“%(title)s” closes on %(moment)s. Until then you can contribute, answer and edit.", title=title,
          moment=_until(news)),
    )  # fmt: skip


def _until(news: DateNews) -> str:
    assert news.closes is not None
    return in_words(news.closes, news.consultation.zone)


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """`Friday, 16 September 2016, 24:00 (New York)`: a day that is over at midnight is named, not the next one."""
    local = moment.astimezone(zone)
    hour = f"{local:%H:%M}"
    if hour == "00:00":
        local, hour = local - timedelta(hours=1), "24:00"
    name = "UTC" if zone.key == "UTC" else get_timezone_location(zone, locale=locale(), return_city=True)
    day = format_date(local.date(), "full", locale=locale())
    return _("%(day)s, %(hour)s (%(place)s)", day=day, hour=hour, place=name)


def _letter(
    reader: Reader, its: ConsultationView, what: str, subject: str, blocks: list[Block], base_url: str
) -> Letter:  # fmt: skip
    stop = Stop(reader.person, what)
    why = _("You get this because you take part in “%(title)s” or follow it.", title=its.title)
    ends = (
        Block("small", why),
        *to_hear_less(stop, base_url),
    )
    return Letter(reader.email, reader.language, subject, (*blocks, *ends), of_list((its.slug,), stop, base_url))
