"""Before a human looks: each new text and each edit is screened where it is written.

What is noticed is a sign with its reason, and lets the text wait for a moderator. Nothing is refused or hidden by it;
the author sees that it waits, and why, and moderators see the signs. `looking` puts it together: `signs` looks at the
text itself, `facts` at what was written before; `fingerprints` makes texts comparable, `keeping` remembers and forgets.
"""

from app.contributions.screening.keeping import (
    forget,
    forget_revisions,
    keep_signs,
    purge_fingerprints,
    remember_removed,
)
from app.contributions.screening.looking import screen, screen_words
from app.contributions.screening.signs import FIRST, SIGNS, Sign

__all__ = [
    "FIRST", "SIGNS", "Sign", "forget", "forget_revisions", "keep_signs", "purge_fingerprints", "remember_removed",
    "screen", "screen_words",
]  # fmt: skip
