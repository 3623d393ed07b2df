"""What the page of a form that was refused says of it."""

from typing import Any

from app import errors
from app.web.contribution_form import Faults
from app.web.faults import status_of


def refusal(error: errors.PlenaryError | None) -> dict[str, Any]:
    """For a template: the page's status, and what is wrong, beside its fields or, where it is about none, in words."""
    if isinstance(error, errors.Invalid):
        return {"status": status_of(error), "faults": Faults(error.fields), "message": ""}
    return {"status": status_of(error) if error else 200, "faults": Faults(), "message": error.message if error else ""}
