"""What can go wrong, in the words of the domain. Surfaces map these; nothing here knows HTTP."""

from collections.abc import Mapping
from typing import Any


class PlenaryError(Exception):
    """Base of all errors that carry a message for the person who caused them."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Invalid(PlenaryError):
    """Input that cannot be taken. `fields` maps each field to what is wrong with it and what to do."""

    def __init__(self, fields: Mapping[str, str], message: str | None = None) -> None:
        super().__init__(message or "; ".join(f"{name}: {text}" for name, text in fields.items()))
        self.fields = dict(fields)


class Malformed(PlenaryError):
    """Input that cannot even be read: broken JSON, a cursor that nobody here made."""


class Unauthenticated(PlenaryError):
    """The act needs to know who asks, and does not."""


class Forbidden(PlenaryError):
    """The person is known and may not do this."""


class NotFound(PlenaryError):
    """There is nothing there, or nothing that this viewer may know of: both look the same."""


class Gone(PlenaryError):
    """It was public and no longer is. `details` say which one and since when."""


class Moved(PlenaryError):
    """It lives on elsewhere (merged). `details['number']` and `details['id']` name the survivor."""


class Conflict(PlenaryError):
    """The thing changed meanwhile, or the act does not fit its state."""


class SentBefore(Conflict):
    """A form that was sent before, and now says something else, or whose text is gone or somebody else's.

    `details['which']`, a number or an identifier, finds the text; None where there is none to edit.
    """


class Closed(PlenaryError):
    """The consultation or topic does not take contributions now; the message says since when and what remains."""


class PreconditionFailed(PlenaryError):
    """The edit was based on a revision that is no longer the latest."""


class TooLarge(PlenaryError):
    """More than a limit allows."""


class RateLimited(PlenaryError):
    """Too often. `details['retry_after']` is in seconds."""


class Unavailable(PlenaryError):
    """The database cannot be reached or does not answer in time."""


class OperatorError(PlenaryError):
    """A command cannot go on: one clear sentence. `status` is the exit code (1 failure, 2 bad usage or input)."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
