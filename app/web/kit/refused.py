"""What the page of a form that was refused says of it."""

from typing import Any

from app import errors
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of


def refusal(error: errors.PlenaryError | None, otherwise: int = 200) -> dict[str, Any]:
    """For a template: the page's status (`otherwise`, if nothing was refused), and what is wrong, beside its fields or,
    where it is about none, in words."""
    if error is None:
        return {"status": otherwise, "faults": Faults(), "message": ""}
    if isinstance(error, errors.Invalid):
        return {"status": status_of(error), "faults": Faults(error.fields), "message": ""}
    return {"status": status_of(error), "faults": Faults(), "message": error.message}
