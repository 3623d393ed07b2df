"""The mail that tells somebody what became of each of their texts."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.language import gettext as _
from app.language import listed, ngettext, speaking
from app.notifications.deliveries import Due
from app.notifications.letters import Block, Letter
from app.notifications.mail_headers import of_list, to_hear_less
from app.notifications.preferences import preferences_of
from app.notifications.stopping import Stop
from app.readings.letters.told_letters import Became, ToldLetter, told_letter


async def letter(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    """The mail to one person; None where they have left or want no such mail, or nothing of theirs is public any
    more."""
    told = await told_letter(session, due.subject, due.person) if due.person else None
    if told is None or due.person is None or (await preferences_of(session, due.person)).outcome == "never":
        return None
    stop = Stop(due.person, "outcome")
    with speaking(told.language):
        subject = _("What became of what you wrote: “%(consultation)s”", consultation=told.consultation)
        blocks = (*_blocks(told, base_url), *to_hear_less(stop, base_url))
        return Letter(told.email, told.language, subject, blocks, of_list((told.slug,), stop, base_url))


def _blocks(told: ToldLetter, base_url: str) -> list[Block]:
    home = f"{base_url}/c/{told.slug}"
    is_out = (
        _("The report of “%(consultation)s” is out. Thank you for what you wrote. This became of it:",
          consultation=told.consultation)
        if told.what == "report" else
        _("The summary of “%(consultation)s” is out. Thank you for what you wrote. This became of it:",
          consultation=told.consultation)
    )  # fmt: skip
    blocks = [Block("paragraph", is_out)]
    for each in told.texts:
        blocks.append(Block("link", f"{each.number}. {each.about}", f"{home}/{each.number}"))
        if each.for_others:
            blocks.append(Block("paragraph", _("Others said this, and you wrote it down for them.")))
        blocks.append(Block("paragraph", _became(each)))
    if told.more:
        more = ngettext("And one more text of yours.", "And %(n)s more texts of yours.", told.more)
        blocks.append(Block("paragraph", more))
    return [
        *blocks,
        Block("link", _("Read it here"), f"{home}/{told.what}?version={told.version}"),
        Block("link", _("All recommendations, and what is answered to them"), f"{home}/recommendations"),
        Block("paragraph", _("This mail goes to you alone. Whichever name your texts show, it stays as it is.")),
    ]


def _became(text: Became) -> str:
    if text.cited:
        return _("Cited in recommendation %(numbers)s.", numbers=listed([str(number) for number in text.cited]))
    reasons = {
        "scope": _("Read, and not used: outside what was asked."),
        "said": _("Read, and not used: a cited contribution says the same."),
        "general": _("Read, and not used: too general to act upon."),
        "contradicted": _("Read, and not used: others’ experience says otherwise."),
        "addressee": _("Read, and not used: nobody addressed here could do it."),
        "background": _("Read: it informs the whole, and no single recommendation."),
    }
    return reasons.get(text.reason or "", _("Not cited in any recommendation."))
