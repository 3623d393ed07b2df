"""Machine translation, as far as this program knows of it: a shape that a provider would have. None comes with it.

Whoever runs the service may name one in PLENARY_MACHINE_TRANSLATION; else there is none, and nothing of it is shown.
What it makes is marked as a machine's wherever it stands (`machine` in JSON), and a moderator asks for it.
"""

from functools import cache
from importlib import import_module
from typing import Protocol

from app.config import settings


class MachineTranslator(Protocol):
    """What a provider does. It is asked outside of any transaction, for texts that are public already."""

    async def translate(self, text: str, source: str, target: str) -> str:
        """The Markdown in another language, both as BCP 47 tags. Raises `errors.Unavailable` where it cannot."""
        ...


def provider() -> MachineTranslator | None:
    """The provider that the settings name; None, unless they do."""
    name = settings().machine_translation
    return _named(name) if name else None


@cache
def _named(name: str) -> MachineTranslator:
    module, _colon, attribute = name.partition(":")
    made: MachineTranslator = getattr(import_module(module), attribute)()
    return made
