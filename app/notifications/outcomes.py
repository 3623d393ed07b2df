"""What mails about the outcome of a flag or an appeal say."""

from app.language import translator
from app.notifications.letters import Block, Letter
from app.readings.letters.outcome_letters import AppealLetter, FlagLetter


def flag_closed(told: FlagLetter, base_url: str) -> Letter:
    """What became of a contribution that the reader has reported."""
    _ = translator(told.language)
    subject = _("What became of your report")
    sentence = _("You reported contribution {number} in “{consultation}”. Thank you.")
    blocks = [
        Block("paragraph", sentence.format(number=told.number, consultation=told.consultation)),
        Block("paragraph", _what_became(told)),
        *_grounds(told.language, told.reason, told.rule),
        Block("paragraph", _("Nobody but the service knows that you reported it: not the author, nor the public.")),
        Block("link", _("See the contribution"), base_url + told.path),
    ]
    return Letter(told.email, told.language, subject, tuple(blocks))


def appeal_decided(told: AppealLetter, base_url: str) -> Letter:
    """The answer to the reader's appeal, with its reason, and what follows from it."""
    _ = translator(told.language)
    if told.outcome == "overturned":
        subject, sentence = _("Your appeal was granted"), _("Your appeal in “{consultation}” was granted.")
    else:
        subject, sentence = _("The answer to your appeal"), _("Your appeal in “{consultation}” was not granted.")
    blocks = [Block("paragraph", sentence.format(consultation=told.consultation))]
    if told.about:
        blocks.append(Block("quote", told.about))
    blocks += [Block("paragraph", _what_follows(told)), *_grounds(told.language, told.reason, None)]
    by_same = _("The same person who decided first has answered it, since nobody else moderates this consultation.")
    blocks.append(Block("paragraph", by_same if told.by_same else _("Somebody else than who decided has answered it.")))
    blocks.append(Block("link", _("Read it here"), base_url + told.path))
    if told.contact:
        blocks.append(Block("paragraph", _("If you have a question, write to {contact}.").format(contact=told.contact)))
    return Letter(told.email, told.language, subject, tuple(blocks))


def _grounds(language: str, reason: str | None, rule: str | None) -> list[Block]:
    _ = translator(language)
    blocks = [Block("paragraph", _("The reason given:")), Block("quote", reason)] if reason else []
    if rule:
        blocks += [Block("paragraph", _("The rule of this consultation that it rests on:")), Block("quote", rule)]
    return blocks


def _what_became(told: FlagLetter) -> str:
    _ = translator(told.language)
    if told.outcome == "dismissed":
        return _("A moderator has looked at it and found it in order: it stays public.")
    if told.outcome == "moot":
        return _("It is no longer there as it was: its author took it back, or it was erased or merged into another.")
    if told.act == "redact":
        return _("A moderator has looked at it and removed a passage.")
    return _("A moderator has looked at it and hidden it.")


def _what_follows(told: AppealLetter) -> str:
    _ = translator(told.language)
    if told.outcome == "upheld":
        return _("The decision stays as it was. It was looked at again once, which is the end of it.")
    return {
        "hide": _("Your contribution is public again."),
        "reject": _("Your text is published."),
        "redact": _("What was removed cannot be brought back, since it was destroyed. You can write it anew: edit it."),
    }.get(told.act, _("The decision no longer holds."))
