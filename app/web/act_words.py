"""What pages call the acts of moderators: the link, the heading, what it does, and what is said when it is done."""

from typing import NamedTuple


class Words(NamedTuple):
    """English; `_()` translates each where it is shown."""

    link: str
    heading: str
    does: str
    done: str


ACT_WORDS: dict[str, Words] = {
    "approve": Words(
        "Approve", "Approve this text",
        "It becomes public. You may set right how it is catalogued; its words stay as they are.",
        "Approved. It is public, and the author is told.",
    ),
    "ask": Words(
        "Ask for a change", "Ask the author to change this text",
        "It leaves the queue until its author has changed it.", "The author is asked to change it.",
    ),
    "reject": Words(
        "Reject", "Reject this text", "It does not become public. What was public before stays.",
        "Rejected. The author is told why.",
    ),
    "hide": Words(
        "Hide", "Hide contribution %(n)s", "In its place stand the rule and your reason. You can bring it back.",
        "Hidden. The reason is shown in its place, and the author is told.",
    ),
    "restore": Words(
        "Restore", "Restore contribution %(n)s", "Everyone can read it again.", "Restored. The author is told.",
    ),
    "redact": Words(
        "Redact a passage", "Redact a passage of contribution %(n)s",
        "For personal data. The passage is replaced by a marked gap, and every version that held it is destroyed. This "
        "cannot be undone.",
        "The passage is gone for good. The author is told.",
    ),
    "move": Words(
        "Move", "Move contribution %(n)s",
        "To another topic, or beneath another contribution. All that is beneath it goes along; numbers stay.",
        "Moved. The author is told.",
    ),
    "split": Words(
        "Split off as a thread", "Split contribution %(n)s off",
        "It starts a thread of its own, with all that is beneath it. It needs a title.",
        "Split off. The author is told.",
    ),
    "merge": Words(
        "Merge into another", "Merge contribution %(n)s into another",
        "For duplicates. Its replies go to the other one, and its number leads there. This cannot be undone.",
        "Merged. You are at the contribution that remains; the author is told.",
    ),
    "pin": Words("Pin", "Pin contribution %(n)s", "It stands at the top of its topic.", "Pinned."),
    "unpin": Words("Unpin", "Unpin contribution %(n)s", "It stands at the top no longer.", "No longer pinned."),
    "feature": Words(
        "Feature", "Feature contribution %(n)s", "It is shown on the consultation’s page.", "Featured.",
    ),
    "unfeature": Words(
        "Feature no longer", "Feature contribution %(n)s no longer",
        "It is shown on the consultation’s page no longer.", "No longer featured.",
    ),
    "lock": Words(
        "Lock the thread", "Lock the thread of contribution %(n)s",
        "It takes no more replies, except facilitators’ notes. Everything stays readable.", "The thread is locked.",
    ),
    "unlock": Words(
        "Unlock the thread", "Unlock the thread of contribution %(n)s", "It takes replies again.",
        "The thread takes replies again.",
    ),
    "warn": Words(
        "Warn the author", "Warn the author", "They are told which rule was broken, and why you think so. Nothing else "
        "changes.", "The author is warned.",
    ),
    "suspend": Words(
        "Suspend the author", "Suspend the author",
        "Until a day that you say, they can read, withdraw and erase here, and not write.", "The author is suspended.",
    ),
    "lift": Words(
        "Lift the suspension", "Lift the author’s suspension", "They can take part again.",
        "The author can take part again.",
    ),
    "reveal": Words(
        "Look up the name", "Look up who wrote this",
        "The byline withholds it. The author and all organisers are told that you looked, and why.",
        "You have looked up the name. The author and the organisers are told.",
    ),
}  # fmt: skip
