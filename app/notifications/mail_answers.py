"""The answer to a mail: what became of it, or what its sender is asked first. It quotes nobody but the sender."""

from collections.abc import Sequence

from app.language import gettext as _
from app.language import speaking
from app.mailed import asking
from app.notifications import mailboxes
from app.notifications.letters import Block, Letter
from app.readings.letters.mail_answers import MailAnswer

_LONGEST = 20_000  # characters that go back
_SUBJECT = 150


def answer(told: MailAnswer, base_url: str) -> Letter:
    """The letter. It answers the mail in the sender's own program, and no program answers it."""
    with speaking(told.language):
        blocks = _blocks(told, base_url)
        subject = told.subject[:_SUBJECT] or _("your mail")
        if not subject.casefold().startswith("re:"):
            subject = _("Re: %(subject)s", subject=subject)
    return Letter(told.email, told.language, subject, tuple(blocks), headers=_headers(told))


def _blocks(told: MailAnswer, base_url: str) -> list[Block]:
    if told.state == "asked":
        return _question(told, base_url)
    if told.state == "done":
        return _done(told, base_url)
    return [
        Block("paragraph", _("Your mail was not dealt with as you wished:")),
        Block("paragraph", told.message),
        *_given_back(told),
        *([Block("link", told.consultation, base_url + told.home)] if told.consultation else []),
    ]


def _done(told: MailAnswer, base_url: str) -> list[Block]:
    said = done_words(told.reason)
    links = [Block("link", _numbered(each.number), base_url + each.path) for each in told.became]
    return [Block("paragraph", said), *links]


def done_words(reason: str) -> str:
    """What became of a mail, for its sender."""
    return {
        "published": _("Thank you. What you wrote is public now."),
        "waits": _("Thank you. What you wrote waits for a moderator before it becomes public. You will be told."),
        "edited": _("Thank you. Your new text has taken the place of the one before."),
        "edit_waits": _("Thank you. Your new text waits for a moderator. Until then the one before stays."),
        "given_up": _("Nothing of your mail was published, and what it said is deleted."),
        "withdrawn": _("Your contribution is withdrawn. Its number stays, with a note that you withdrew it."),
    }.get(reason, _("Thank you. It is done."))  # fmt: skip


def _numbered(number: int | None) -> str:
    return _("Contribution %(n)s", n=number) if number is not None else _("Your text")


def _question(told: MailAnswer, base_url: str) -> list[Block]:
    """What is asked, the page on which to answer, and the text as it would appear."""
    blocks = [Block("paragraph", said) for said in reasons(told.asks, told.consultation)]
    if told.told:
        passages = "\n".join(each.strip() for each in told.told)
        blocks += [Block("paragraph", _("In the text this may tell who you are:")), Block("quote", passages)]
    blocks.append(Block("link", _("Read it, and answer here:"), f"{base_url}{told.path}?lang={told.language}"))
    if can_answer_by_mail(told):
        blocks.append(Block("paragraph", _by_mail(told)))
    blocks.append(Block("paragraph", _("The link works for %(days)s days. If you do nothing, nothing is published, and "
                                       "your mail is deleted.", days=told.days)))  # fmt: skip
    for part in told.parts:
        words = "\n\n".join(filter(None, (part["title"], part["body"])))
        blocks.append(Block("quote", words[:_LONGEST]))
    return blocks


def reasons(asks: Sequence[str], consultation: str) -> list[str]:
    """Why the sender of a mail is asked, one sentence for each thing."""
    named = {"consultation": consultation}
    said = {
        asking.IDENTITY: _("A mail to “%(consultation)s” came in your name, and we could not tell whether you sent it. "
                           "If you did, please say so. If you did not, do nothing.", **named),
        asking.ACCOUNT: _("Your mail to “%(consultation)s” has arrived. Before it appears there, please confirm that "
                          "you sent it, and give the name that you write under. That makes an account for you.",
                          **named),
        asking.BYLINE: _("You have not chosen yet how your texts are signed: with your name, with your organisation "
                         "alone, or anonymously. Please choose."),
        asking.LOOK: _("You chose that your name is withheld, and your text may say who you are. Please look at it "
                       "before it appears."),
        asking.ANSWERS: _("Your mail answers several guiding questions. It would become several contributions. Please "
                          "look whether they are right."),
        asking.WITHDRAWAL: _("The mail asks to withdraw this contribution of yours:"),
    }  # fmt: skip
    return [said[each] for each in asks]


def can_answer_by_mail(told: MailAnswer) -> bool:
    """Whether an answer to this mail is enough: a name and consent need the page."""
    return asking.ACCOUNT not in told.asks and mailboxes.question_address(told.mail) is not None


def _by_mail(told: MailAnswer) -> str:
    if asking.BYLINE in told.asks:
        return _("Or answer this mail with one of these lines: “Byline: full”, “Byline: organisation”, “Byline: "
                 "anonymous”.")  # fmt: skip
    return _("Or answer this mail with the one word YES.")


def _given_back(told: MailAnswer) -> list[Block]:
    if not told.text:
        return []
    return [Block("paragraph", _("Your text, so that it is not lost:")), Block("quote", told.text[:_LONGEST])]


def _headers(told: MailAnswer) -> tuple[tuple[str, str], ...]:
    headers = [("Auto-Submitted", "auto-replied")]
    if told.message_id:
        headers += [("In-Reply-To", f"<{told.message_id}>"), ("References", f"<{told.message_id}>")]
    address = mailboxes.question_address(told.mail) if told.state == "asked" and can_answer_by_mail(told) else None
    return (*headers, ("Reply-To", address)) if address else tuple(headers)
