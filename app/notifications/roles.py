"""What mails about roles say: the offer with its link, and the word that a role was taken back."""

from app.language import gettext_noop as N_
from app.language import translator
from app.notifications.letters import Block, Letter
from app.readings.organising.team import RoleLetter

_NAMES = {
    "moderator": N_("moderator"),
    "rapporteur": N_("rapporteur"),
    "organiser": N_("organiser"),
    "participant": N_("participant"),
}


def offered(told: RoleLetter, base_url: str) -> Letter:
    """A role is offered to the reader, who may have no account yet."""
    _ = translator(told.language)
    role = _(_NAMES[told.role])
    where = _("The organisers of the public consultation “{consultation}” ask you to be {role}.")
    if told.topic:
        where = _(
            "The organisers of the public consultation “{consultation}” ask you to be {role}, for the topic “{topic}”."
        )
    once = _("The link works once, for {days} days. To accept, sign in with this address, or register with it. If you "
             "do nothing, nothing changes, and your address is deleted.")  # fmt: skip
    blocks = (
        Block("paragraph", where.format(consultation=told.consultation, role=role, topic=told.topic)),
        Block("link", _("Read what it means, and answer"), base_url + told.path),
        Block("paragraph", once.format(days=told.days)),
        Block("paragraph", _("You choose whether the public reads that you hold this role.")),
    )
    subject = _("You are asked to be {role}").format(role=role)
    return Letter(told.email, told.language, subject, blocks)


def taken_back(told: RoleLetter, base_url: str) -> Letter:
    """The reader does not hold a role any more, and did not lay it down."""
    _ = translator(told.language)
    role = _(_NAMES[told.role])
    said = _("An organiser of “{consultation}” has ended your role as {role}.")
    if told.topic:
        said = _("An organiser of “{consultation}” has ended your role as {role}, for the topic “{topic}”.")
    blocks = [Block("paragraph", said.format(consultation=told.consultation, role=role, topic=told.topic))]
    if told.reason:
        blocks += [Block("paragraph", _("The reason given:")), Block("quote", told.reason)]
    blocks += [
        Block("paragraph", _("You can take part as before. What you decided and wrote stays.")),
        Block("link", _("Your roles"), f"{base_url}/me/roles"),
    ]
    return Letter(told.email, told.language, _("Your role has ended"), tuple(blocks))
