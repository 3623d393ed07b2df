"""What a letter about a decision says: what a moderator did, and what its reader can do now."""

from app.language import translator
from app.readings.letters.letters import DecisionLetter


def what_happened(told: DecisionLetter) -> tuple[str, str]:
    """The subject, and the first sentence with a place for the consultation's title."""
    _ = translator(told.language)
    if told.automatic:
        hidden = _("Your contribution in “{consultation}” is hidden until a moderator has looked at it.")
        return _("Your contribution was hidden"), hidden
    if told.is_edit and told.act == "approve":
        return _("Your changes are published"), _("A moderator of “{consultation}” has published your changes.")
    if told.is_edit and told.act == "reject":
        return _("Your changes were not accepted"), _("A moderator of “{consultation}” has not accepted your changes.")
    said = {
        "approve": (_("Your contribution is published"),
                    _("A moderator of “{consultation}” has published your contribution.")),
        "ask": (_("Please change your contribution"),
                _("A moderator of “{consultation}” asks you to change your contribution before it can be published.")),
        "reject": (_("Your contribution was not accepted"),
                   _("A moderator of “{consultation}” has not accepted your contribution.")),
        "hide": (_("Your contribution was hidden"), _("A moderator of “{consultation}” has hidden your contribution.")),
        "restore": (_("Your contribution is public again"),
                    _("A moderator of “{consultation}” has made your contribution public again.")),
        "redact": (_("A passage of your contribution was taken out"),
                   _("A moderator of “{consultation}” has taken a passage out of your contribution.")),
        "move": (_("Your contribution was moved"),
                 _("A moderator of “{consultation}” has moved your contribution to where it belongs.")),
        "split": (_("Your reply is a thread of its own now"),
                  _("A moderator of “{consultation}” has made your reply a thread of its own.")),
        "merge": (_("Your contribution was merged with another"),
                  _("A moderator of “{consultation}” has merged your contribution into one that says the same.")),
        "warn": (_("A warning about your contribution"),
                 _("A moderator of “{consultation}” warns you: your contribution does not keep to the rules.")),
        "suspend": (_("You are suspended"), _("A moderator of “{consultation}” has suspended you from taking part.")),
        "lift": (_("You can take part again"), _("A moderator of “{consultation}” has lifted your suspension.")),
        "reveal": (_("A moderator looked up a name"),
                   _("A moderator of “{consultation}” has looked up who wrote a text that withholds the name.")),
        "erase": (_("Your contribution was erased"),
                  _("An organiser of “{consultation}” has erased your contribution.")),
        "accept-translation": (_("Your translation is public"),
                               _("A moderator of “{consultation}” has let your translation through.")),
        "review-translation": (_("Your translation was reviewed"),
                               _("A moderator of “{consultation}” has read your translation and finds it right.")),
        "refuse-translation": (_("Your translation was not accepted"),
                               _("A moderator of “{consultation}” has not accepted your translation.")),
        "remove-translation": (_("Your translation was taken away"),
                               _("Your translation in “{consultation}” is no longer public: a moderator, or the author "
                                 "of the original, has taken it away.")),
    }  # fmt: skip
    return said[told.act]


def what_now(told: DecisionLetter) -> str:
    """What it means for its author."""
    _ = translator(told.language)
    if told.act == "reject" and told.still_public:
        return _("What was public before stays public. You can edit it again, with the reason in mind.")
    if told.act == "suspend" and told.until is not None:
        until = _("Until {day} (UTC) you can read, withdraw and erase there, and not write.")
        return until.format(day=f"{told.until:%Y-%m-%d %H:%M}")
    return {
        "approve": _("Everyone can read and answer it now. You can edit, withdraw or erase it at any time."),
        "ask": _("Only you and the moderators can read it. Edit it, with the reason in mind: it then waits again."),
        "reject": _("Only you and the moderators can read it. You can write a new one, with the reason in mind."),
        "hide": _("Only you and the moderators can read it now; others see the reason in its place. You can erase it."),
        "restore": _("Everyone can read and answer it again. You can edit, withdraw or erase it at any time."),
        "redact": _("A mark stands in its place, and the passage is destroyed in all versions. The rest stays public."),
        "move": _("Its number and its address stay the same, and so do the replies to it."),
        "split": _("It has a title now. Its number and its address stay the same, and so do the replies to it."),
        "merge": _("Its number leads to the other one, where the replies to it are now. You can erase yours."),
        "warn": _("Nothing else has changed. Please keep to the rules, or ask if you do not see why."),
        "suspend": _("For the time being you can read, withdraw and erase there, and not write."),
        "lift": _("You can write there again."),
        "reveal": _("Nothing of this is public. Moderators are bound to keep to themselves what they learn."),
        "erase": _("Its text is gone for good, for everyone. In its place stands only that it was erased."),
        "accept-translation": _("Everyone can read it now, beside the original. You can take it back at any time."),
        "review-translation": _("Everyone can read it, marked as reviewed. You can take it back at any time."),
        "refuse-translation": _("Only you can read it now. You can send another one, with the reason in mind."),
        "remove-translation": _("Only you can read it now. You can send another one, with the reason in mind."),
    }[told.act]
