"""The acts of moderators, and what each needs: one line for each.

Whatever an act changes in public is an entry of its own in the record; that it was decided is `decision.made`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """What an act needs and does, as far as every surface must know it."""

    grounds: bool = True  # a reason is due
    told: bool = True  # the author is told
    states: frozenset[str] = frozenset()  # of a contribution on which it is possible; none: it is about a person
    undone_by: str | None = None


_WAITING = frozenset(("pending", "published"))  # something of it waits
_PUBLIC = frozenset(("published",))

ACTS: dict[str, Act] = {
    "approve":   Act(grounds=False, states=_WAITING),
    "ask":       Act(states=_WAITING),
    "reject":    Act(states=_WAITING),
    "hide":      Act(states=_PUBLIC, undone_by="restore"),
    "restore":   Act(states=frozenset(("hidden",)), undone_by="hide"),
    "redact":    Act(states=_PUBLIC),
    "move":      Act(states=_PUBLIC, undone_by="move"),
    "split":     Act(states=_PUBLIC, undone_by="move"),
    "merge":     Act(states=_PUBLIC),
    "pin":       Act(grounds=False, told=False, states=_PUBLIC, undone_by="unpin"),
    "unpin":     Act(grounds=False, told=False, states=_PUBLIC, undone_by="pin"),
    "feature":   Act(grounds=False, told=False, states=_PUBLIC, undone_by="unfeature"),
    "unfeature": Act(grounds=False, told=False, states=_PUBLIC, undone_by="feature"),
    "lock":      Act(told=False, states=_PUBLIC, undone_by="unlock"),
    "unlock":    Act(told=False, states=_PUBLIC, undone_by="lock"),
    "dismiss":   Act(told=False, states=_PUBLIC),
    "reveal":    Act(states=_PUBLIC | {"pending", "hidden"}),
    "warn":      Act(states=frozenset(("pending", "published", "hidden", "rejected"))),
    "suspend":   Act(undone_by="lift"),
    "lift":      Act(undone_by="suspend"),
    "accept-translation": Act(grounds=False),
    "review-translation": Act(grounds=False),
    "refuse-translation": Act(),
    "remove-translation": Act(),
}  # fmt: skip
ON_TRANSLATIONS = tuple(act for act in ACTS if act.endswith("-translation"))  # their translator is told
