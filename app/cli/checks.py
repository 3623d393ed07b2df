"""What a server is set to do, tried before it starts: else it would fail later, and where nobody looks."""

import os
from collections.abc import Iterator

from app.cli.listening import listening
from app.config import Settings
from app.contributions import machine_translation
from app.errors import OperatorError


def require_workable(chosen: Settings) -> None:
    """Raises `OperatorError` for a setting that is well formed and still cannot work on this machine."""
    if chosen.lmtp_port:
        with listening(chosen.lmtp_host, chosen.lmtp_port, chosen_by="PLENARY_LMTP_PORT"):
            pass
    key = chosen.data / "server.key"
    if chosen.secret is None and key.exists() and key.stat().st_size < 32:  # nobody may guess what it signs
        raise OperatorError(
            f"The server's key {key} is not whole: put it back from your copy. If there is none, remove the file: "
            "a new key is made, with which codes and links that were mailed no longer work."
        )
    erasures = chosen.erasure_list
    if erasures.exists() and not (erasures.is_file() and os.access(erasures, os.R_OK | os.W_OK)):
        raise OperatorError(f"The list of erasures {erasures} is not a file that can be read and written.", status=2)
    try:
        machine_translation.provider()
    except Exception as error:
        raise OperatorError(
            f"The setting PLENARY_MACHINE_TRANSLATION cannot be used: {type(error).__name__}: {error}.", status=2
        ) from error


def unknown_settings() -> Iterator[str]:
    """A line for each variable that looks like a setting and is none, such as one with a slip in its name."""
    for name in sorted(os.environ):
        if name.startswith("PLENARY_") and name.removeprefix("PLENARY_").lower() not in Settings.model_fields:
            yield f"There is no setting {name}: python3 -m app settings lists those that there are"
