"""What mails about meetings to come say: what became of a registration, and what changed about the meeting."""

from babel.dates import format_date, get_timezone_location

from app.language import locale, speaking, translator
from app.notifications.letters import Block, Letter
from app.readings.letters.meeting_letters import MeetingLetter


def registration(told: MeetingLetter, base_url: str) -> Letter:
    """What became of the reader's registration."""
    _ = translator(told.language)
    subject, sentence, now = _words(told)
    blocks = [Block("paragraph", sentence.format(meeting=told.title, consultation=told.consultation))]
    if told.reason:
        blocks += [Block("paragraph", _("The reason given:")), Block("quote", told.reason)]
    if told.state != "refused":
        blocks += _facts(told)
    blocks += [Block("paragraph", now)] if now else []
    return Letter(told.email, told.language, subject.format(meeting=told.title), tuple(blocks + _ends(told, base_url)))


def changed(told: MeetingLetter, base_url: str) -> Letter:
    """What the meeting is now; or that it is cancelled, and why."""
    _ = translator(told.language)
    if told.cancelled:
        subject = _("Cancelled: {meeting}")
        said = _("The meeting “{meeting}” of the consultation “{consultation}” is cancelled.")
        more = [Block("paragraph", _("The reason given:")), Block("quote", told.cancelled)]
    else:
        subject = _("Changed: {meeting}")
        said = _("Something changed about the meeting “{meeting}” of the consultation “{consultation}”. Now it is:")
        more = _facts(told)
    blocks = [Block("paragraph", said.format(meeting=told.title, consultation=told.consultation)), *more]
    return Letter(told.email, told.language, subject.format(meeting=told.title), tuple(blocks + _ends(told, base_url)))


def _words(told: MeetingLetter) -> tuple[str, str, str]:
    """The subject, what happened, and what it means."""
    _ = translator(told.language)
    if told.state == "placed":
        return (
            _("You have a place: {meeting}"),
            _("You have a place at “{meeting}”, a meeting of the consultation “{consultation}”."),
            _("If you cannot come, please say so on its page: then somebody else can."),
        )
    if told.state == "refused":
        return (
            _("No place this time: {meeting}"),
            _("The organisers of “{consultation}” have no place for you at “{meeting}” this time."),
            "",
        )
    if told.state == "asked":
        return (
            _("You have registered: {meeting}"),
            _("You have registered for “{meeting}”, a meeting of the consultation “{consultation}”."),
            _("Its organisers decide who gets a place. You will be told by mail."),
        )
    return (
        _("You are on the waiting list: {meeting}"),
        _("You are on the waiting list for “{meeting}”, a meeting of the consultation “{consultation}”."),
        _("You will be told by mail when there is a place for you."),
    )


def _facts(told: MeetingLetter) -> list[Block]:
    """When and where; the link for those who have a place."""
    _ = translator(told.language)
    blocks = [Block("paragraph", _when(told))]
    if told.place:
        blocks.append(Block("paragraph", told.place))
    if told.link:
        blocks.append(Block("link", _("The link to take part online. Please pass it on to nobody:"), told.link))
    return blocks


def _when(told: MeetingLetter) -> str:
    """`Monday, 3 May 2027, 14:30–16:00 (Manila)`."""
    starts, ends = (moment.astimezone(told.zone) for moment in (told.starts, told.ends))
    with speaking(told.language):
        first, last = (format_date(day, "full", locale=locale()) for day in (starts.date(), ends.date()))
        zone = "UTC" if told.zone.key == "UTC" else get_timezone_location(told.zone, locale=locale(), return_city=True)
    until = f"{ends:%H:%M}" if first == last else f"{last}, {ends:%H:%M}"
    return f"{first}, {starts:%H:%M} – {until} ({zone})"


def _ends(told: MeetingLetter, base_url: str) -> list[Block]:
    _ = translator(told.language)
    page = base_url + told.path
    blocks = [Block("link", _("The meeting’s page"), page)]
    if told.state == "placed" and not told.cancelled:
        blocks.append(Block("link", _("Put it into your calendar"), f"{page}/calendar.ics"))
    if told.contact:
        blocks.append(Block("paragraph", _("If you have a question, write to {contact}.").format(contact=told.contact)))
    return blocks
