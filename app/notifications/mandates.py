"""What mails about mandates say: the question to an organisation, and the answer to who asked."""

from app.accounts.mandates import BY_ORGANISATION
from app.language import translator
from app.notifications.letters import Block, Letter
from app.readings.organising.mandates import MandateLetter, OrganisationLetter


def answered(told: MandateLetter, base_url: str) -> Letter:
    """What became of the reader's request that their mandate be confirmed."""
    _ = translator(told.language)
    subject, sentence, now = _words(told)
    said = sentence.format(consultation=told.consultation, organisation=told.organisation)
    blocks = [Block("paragraph", said)]
    if told.reason:
        blocks += [Block("paragraph", _("The reason given:")), Block("quote", told.reason)]
    blocks += [Block("paragraph", now), Block("link", _("Your mandate"), f"{base_url}/me/mandate")]
    return Letter(told.email, told.language, subject, tuple(blocks))


def to_organisation(asked: OrganisationLetter, base_url: str) -> Letter:
    """The link with which an organisation says whether somebody speaks for it."""
    _ = translator(asked.language)
    sentence = _("{name} takes part in the public consultation “{consultation}” and says that they speak for "
                 "{organisation}. Its organisers ask you whether this is so. You need no account:")  # fmt: skip
    said = sentence.format(name=asked.name, consultation=asked.consultation, organisation=asked.organisation)
    once = _("The link works once, for {days} days. Whoever has it can answer in your place, so please pass it on only "
             "to who decides this for you. If you do nothing, nothing is confirmed.")  # fmt: skip
    blocks = (
        Block("paragraph", said),
        Block("link", _("Read it and answer"), base_url + asked.path),
        Block("paragraph", once.format(days=asked.days)),
        Block("paragraph", _("An organiser gave your address for this one question. It is deleted when you answer, and "
                             "at the latest when the link is over.")),
    )  # fmt: skip
    return Letter(asked.email, asked.language, _("Who speaks for your organisation?"), blocks)


def _words(told: MandateLetter) -> tuple[str, str, str]:
    """The subject, what happened, and what it means."""
    _ = translator(told.language)
    if told.ended:
        return (
            _("Your mandate is no longer confirmed"),
            _("An organiser of “{consultation}” no longer confirms that you speak for {organisation}."),
            _("What you wrote and endorsed meanwhile stays as it was signed. From now on you only say that you do."),
        )
    itself = told.how == BY_ORGANISATION
    if told.outcome == "confirmed":
        return (
            _("Your mandate is confirmed"),
            _("{organisation} has confirmed to the organisers of “{consultation}” that you speak for it.")
            if itself
            else _("An organiser of “{consultation}” has confirmed that you speak for {organisation}."),
            _("What you write on its behalf says so from now on, and you can endorse contributions in its name."),
        )
    return (
        _("Your mandate was not confirmed"),
        _("{organisation} has not confirmed to the organisers of “{consultation}” that you speak for it.")
        if itself
        else _("An organiser of “{consultation}” has not confirmed that you speak for {organisation}."),
        _("You can take part as before: readers see that you say so. You can ask again, with the reason in mind."),
    )
