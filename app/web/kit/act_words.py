"""What pages call the acts of moderators: the link, the heading, what it does, and what is said when it is done."""

from typing import NamedTuple

from app.language import gettext_noop as N_


class Words(NamedTuple):
    """English; `_()` translates each where it is shown."""

    link: str
    heading: str
    does: str
    done: str


ACT_WORDS: dict[str, Words] = {
    "approve": Words(
        N_("Approve"),
        N_("Approve this text"),
        N_("It becomes public. You may set right how it is catalogued; its words stay as they are."),
        N_("Approved. It is public, and the author is told."),
    ),
    "ask": Words(
        N_("Ask for a change"),
        N_("Ask the author to change this text"),
        N_("It leaves the queue until its author has changed it."),
        N_("The author is asked to change it."),
    ),
    "reject": Words(
        N_("Reject"),
        N_("Reject this text"),
        N_("It does not become public. What was public before stays."),
        N_("Rejected. The author is told why."),
    ),
    "hide": Words(
        N_("Hide"),
        N_("Hide contribution %(n)s"),
        N_("In its place stand the rule and your reason. You can bring it back."),
        N_("Hidden. The reason is shown in its place, and the author is told."),
    ),
    "restore": Words(
        N_("Restore"),
        N_("Restore contribution %(n)s"),
        N_("Everyone can read it again."),
        N_("Restored. The author is told."),
    ),
    "redact": Words(
        N_("Redact a passage"),
        N_("Redact a passage of contribution %(n)s"),
        N_(
            "For personal data. The passage is replaced by a marked gap, and every version that held it is destroyed. "
            "This cannot be undone."
        ),
        N_("The passage is gone for good. The author is told."),
    ),
    "move": Words(
        N_("Move"),
        N_("Move contribution %(n)s"),
        N_("To another topic, or beneath another contribution. All that is beneath it goes along; numbers stay."),
        N_("Moved. The author is told."),
    ),
    "split": Words(
        N_("Split off as a thread"),
        N_("Split contribution %(n)s off"),
        N_("It starts a thread of its own, with all that is beneath it. It needs a title."),
        N_("Split off. The author is told."),
    ),
    "merge": Words(
        N_("Merge into another"),
        N_("Merge contribution %(n)s into another"),
        N_("For duplicates. Its replies go to the other one, and its number leads there. This cannot be undone."),
        N_("Merged. You are at the contribution that remains; the author is told."),
    ),
    "pin": Words(N_("Pin"), N_("Pin contribution %(n)s"), N_("It stands at the top of its topic."), N_("Pinned.")),
    "unpin": Words(
        N_("Unpin"), N_("Unpin contribution %(n)s"), N_("It stands at the top no longer."), N_("No longer pinned.")
    ),
    "feature": Words(
        N_("Feature"),
        N_("Feature contribution %(n)s"),
        N_("It is shown on the consultation’s page."),
        N_("Featured."),
    ),
    "unfeature": Words(
        N_("Feature no longer"),
        N_("Feature contribution %(n)s no longer"),
        N_("It is shown on the consultation’s page no longer."),
        N_("No longer featured."),
    ),
    "lock": Words(
        N_("Lock the thread"),
        N_("Lock the thread of contribution %(n)s"),
        N_("It takes no more replies, except facilitators’ notes. Everything stays readable."),
        N_("The thread is locked."),
    ),
    "unlock": Words(
        N_("Unlock the thread"),
        N_("Unlock the thread of contribution %(n)s"),
        N_("It takes replies again."),
        N_("The thread takes replies again."),
    ),
    "warn": Words(
        N_("Warn the author"),
        N_("Warn the author"),
        N_("They are told which rule was broken, and why you think so. Nothing else changes."),
        N_("The author is warned."),
    ),
    "suspend": Words(
        N_("Suspend the author"),
        N_("Suspend the author"),
        N_("Until a day that you say, they can read, withdraw and erase here, and not write."),
        N_("The author is suspended."),
    ),
    "lift": Words(
        N_("Lift the suspension"),
        N_("Lift the author’s suspension"),
        N_("They can take part again."),
        N_("The author can take part again."),
    ),
    "reveal": Words(
        N_("Look up the name"),
        N_("Look up who wrote this"),
        N_("The byline withholds it. The author and all organisers are told that you looked, and why."),
        N_("You have looked up the name. The author and the organisers are told."),
    ),
}
