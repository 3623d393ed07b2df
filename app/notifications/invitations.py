"""What the mail says with which a moderator's letter goes to an author. It names no address, and nobody else."""

from app.language import translator
from app.notifications.letters import Block, Letter
from app.readings.organising.invitation_letters import InvitationLetter


def invitation(written: InvitationLetter, base_url: str) -> Letter:
    """A moderator's letter: who writes in which role, about what, and how to want no more of these."""
    _ = translator(written.language)
    about = written.number or written.topic
    blocks = [
        Block("paragraph", who_writes(written)),
        Block("paragraph", _why_you(written).format(about=about, consultation=written.consultation)),
        Block("quote", f"{written.subject}\n\n{written.words}"),
        Block("link", _("Your contribution") if written.number else _("The topic"), base_url + written.path),
        Block("paragraph", _("You can answer there, in public, or not at all. The moderators do not have your address, "
                             "and a reply to this mail reaches nobody.")),
    ]  # fmt: skip
    if written.withheld:
        withheld = _("Your name is withheld there. It still is: this was passed on without anybody learning it.")
        blocks.append(Block("paragraph", withheld))
    if written.contact:
        ask = _("If you have a question, write to {contact}.").format(contact=written.contact)
        blocks.append(Block("paragraph", ask))
    blocks.append(Block("link", _("If you want no more letters like this:"), base_url + written.refuse_path))
    subject = _("A moderator writes to you: {subject}").format(subject=written.subject)
    return Letter(written.email, written.language, subject, tuple(blocks))


def who_writes(written: InvitationLetter) -> str:
    """`Ana, moderator of “…”, writes to you.`"""
    _ = translator(written.language)
    said = {
        "organiser": _("{name}, organiser of “{consultation}”, writes to you through the platform."),
    }.get(written.role, _("{name}, moderator of “{consultation}”, writes to you through the platform."))
    return said.format(name=written.name or _("Somebody"), consultation=written.consultation)


def _why_you(written: InvitationLetter) -> str:
    _ = translator(written.language)
    if written.number is not None:
        return _("You get this because you wrote contribution {about}.")
    if written.by_question:
        return _("You get this because you answered a guiding question in “{about}”, as others did who get it too.")
    return _("You get this because you wrote in the topic “{about}”, as others did who get it too.")
