"""Each command is imported when it is asked for: so all of them have to be known."""

from importlib import import_module

from app import cli


def test_every_command_is_known_with_its_module() -> None:
    for module in cli.MODULE_OF.values():
        import_module(f"app.cli.{module}")
    found = {}
    for command in cli.commands.registered_commands:
        assert command.callback is not None
        found[command.name or command.callback.__name__] = command.callback.__module__.removeprefix("app.cli.")
    assert found == cli.MODULE_OF
