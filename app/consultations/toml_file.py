"""A definition written as the TOML file that loads to the same."""

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import Item, String

from app.consultations.definition import Definition
from app.consultations.drafting import written


def toml(definition: Definition) -> str:
    """The text of a file that `parse` reads as this definition. Comments of an earlier file are not in it."""
    document = tomlkit.document()
    for name, value in _plain_first(written(definition)):
        document.add(name, _item(value))
    return tomlkit.dumps(document)


def _plain_first(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """In TOML, all that stands after a table's heading belongs to that table."""
    return sorted(table.items(), key=lambda pair: _is_table(pair[1]))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _item(value: Any) -> Item:
    if isinstance(value, Mapping):
        table = tomlkit.table()
        for name, each in _plain_first(value):
            table.append(tomlkit.key(name) if "." in name else name, _item(each))
        return table
    if isinstance(value, list) and _is_table(value):
        tables = tomlkit.aot()
        for each in value:
            tables.append(_item(each))
        return tables
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend([_item(each) for each in value])
        return array.multiline(len(value) > 1)
    return _text(value) if isinstance(value, str) else tomlkit.item(value)


def _text(value: str) -> String:
    """Several lines stand as several lines, wherever nothing in them would have to be escaped."""
    as_it_is = "\n" in value and "\\" not in value and '"""' not in value and not value.endswith('"')
    return tomlkit.string(f"\n{value}", multiline=True) if as_it_is else tomlkit.string(value)
