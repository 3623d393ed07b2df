"""What the logs of an archived consultation still take: its dates, what people may do with what is theirs, and what
takes out of the public what should not be there.
"""

STILL_TAKEN = frozenset((
    "phase.opened", "phase.extended", "phase.closed", "topic.opened", "topic.closed", "contribution.withdrawn",
    "contribution.erased", "endorsement.taken_back", "decision.unsigned", "text.withdrawn", "text.erased",
    "translation.withdrawn", "mandate.taken_back", "mandate.ended", "person.lifted", "webhook.removed",
    "round.stopped", "round.forgotten", "invitee.declined", "addressee.changed",
    "document.withdrawn", "response.file_withdrawn", "notice.removed", "registration.declined", "registration.left",
    "registration.placed", "opinion.updated",
))  # fmt: skip
OWN_CHANGES = frozenset(("byline", "attachments", "deposit"))  # of texts: the same, in what `*.updated` changed
