"""What our mails say, in plain words. They hold no text of anybody but the person they go to."""

from app.accounts.sign_in import SignInLetter
from app.language import translator
from app.notifications import mailboxes
from app.notifications.decision_words import what_happened, what_now
from app.notifications.letters import Block, Letter
from app.notifications.mail_headers import for_new_text
from app.readings.letters.letters import DecisionLetter
from app.readings.moderation.sources import SourceLetter

_LONGEST = 20_000  # characters that go back
_WITHOUT_LINK = ("erase", "suspend", "lift")


def sign_in(asked: SignInLetter, base_url: str) -> Letter:
    """The code and the link that somebody asked for."""
    _ = translator(asked.language)
    minutes = round((asked.expires - asked.created).total_seconds() / 60)
    blocks = (
        Block("paragraph", _("Somebody, probably you, asked to sign in with this mail address. The code is:")),
        Block("code", asked.code),
        Block("paragraph", _("Type it on the page where you asked for it. Or open this link in the same browser:")),
        Block("link", _("Sign in"), base_url + asked.path),
        Block("paragraph", _("Code and link work once, for {minutes} minutes.").format(minutes=minutes)),
        Block("paragraph", _("If it was not you, do nothing: without this mail nobody can sign in. Never tell anybody "
                             "the code; no moderator or organiser will ask for it.")),
    )  # fmt: skip
    return Letter(asked.email, asked.language, _("Your code to sign in"), blocks)


def decision(told: DecisionLetter, base_url: str) -> Letter:
    """What a moderator decided on the reader's contribution, why, and what can be done now."""
    _ = translator(told.language)
    subject, sentence = what_happened(told)
    headers = for_new_text(*told.to_change) if told.to_change else ()
    blocks = [Block("small", mailboxes.marker(told.language))] if headers else []
    blocks.append(Block("paragraph", sentence.format(consultation=told.consultation)))
    if told.about:
        blocks.append(Block("quote", told.about))
    if told.reason:
        blocks += [Block("paragraph", _("The reason given:")), Block("quote", told.reason)]
    if told.rule:
        blocks += [Block("paragraph", _("The rule of this consultation that it rests on:")), Block("quote", told.rule)]
    blocks.append(Block("paragraph", what_now(told)))
    if headers:
        blocks += _by_mail(told)
    if told.act not in _WITHOUT_LINK:
        words = _("Read it here") if told.path != "/me" else _("See everything you wrote")
        blocks.append(Block("link", words, base_url + told.path))
    if told.appeal_path:
        again = _("Once, you can ask that another moderator looks at it again. Say why:")
        blocks.append(Block("link", again, base_url + told.appeal_path))
    if told.contact:
        ask = _("If you think that this is a mistake, or have a question, write to {contact}.")
        blocks.append(Block("paragraph", ask.format(contact=told.contact)))
    return Letter(told.email, told.language, subject, tuple(blocks), headers)


def _by_mail(told: DecisionLetter) -> list[Block]:
    """How a text is changed without a browser, and what it says now."""
    _ = translator(told.language)
    how = _("You can answer this mail with the whole new text. What you write above the line at its top takes the "
            "place of what you wrote. This is your text as it stands:")  # fmt: skip
    return [Block("paragraph", how), Block("quote", (told.body or "")[:_LONGEST])]


def source(asked: SourceLetter, base_url: str) -> Letter:
    """The link with which somebody confirms what was written down of what they said. The mail holds none of it."""
    _ = translator(asked.language)
    how = {
        "meeting": _("A moderator of “{consultation}” has written down what you said at a meeting."),
        "paper": _("A moderator of “{consultation}” has entered what you sent on paper."),
        "process": _("A moderator of “{consultation}” has entered what came from your organisation’s own process."),
    }[asked.channel]
    blocks = (
        Block("paragraph", how.format(consultation=asked.consultation)),
        Block("paragraph", _("Please read it, and say whether it is right. You need no account:")),
        Block("link", _("Read it and answer"), base_url + asked.path),
        Block("paragraph", _("The link works once, for {days} days. Whoever has it can answer in your place, so please "
                             "pass it on to nobody. If you do nothing, the text is shown “as transcribed”.").format(
                                 days=asked.days)),
        Block("paragraph", _("Your address was given by a moderator for this one question. It is deleted when you "
                             "answer, and at the latest when the link is over.")),
    )  # fmt: skip
    return Letter(asked.email, asked.language, _("Is this what you said?"), blocks)
