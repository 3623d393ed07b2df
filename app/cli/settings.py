"""`settings`: what can be set, and what is."""

from pydantic import SecretStr

from app.cli import Data, commands, configured
from app.config import Settings


@commands.command("settings")
def list_settings(data: Data = None) -> None:
    """List all settings with their present values; secrets are masked."""
    present = configured(data)
    for name, field in Settings.model_fields.items():
        value = getattr(present, name)
        shown = "********" if isinstance(value, SecretStr) else "" if value is None else str(value)
        print(f"PLENARY_{name.upper()}={shown}\n    {field.description}")
