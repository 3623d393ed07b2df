"""A map of the world with the countries that contributions come from: the more, the darker. See world/LICENCE."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import escape

WIDTH, HEIGHT = 880, 400
_NONE, _LINE = "#c9cdc8", "#f7f6f2"
_SHADES = ("#8fbfbd", "#5a9c9c", "#2b7a7d", "#0b5a60")  # from few to many; legible on light and on dark paper
_DOT = 4  # radius of a country that is too small to be drawn


def drawn(counts: Mapping[str, int], names: Mapping[str, str]) -> bytes:
    """The map as an SVG image of its own. `counts` and `names` are by ISO 3166 code."""
    world, most = _world(), max(counts.values(), default=0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" stroke="{_LINE}" stroke-width=".6">'
    ]
    for code, path in world["shapes"].items():
        parts.append(
            f'<path fill="{_shade(counts.get(code, 0), most)}" d="{path}">{_title(code, counts, names)}</path>'
        )
    for code, (x, y) in world["points"].items():
        if code in counts:
            shade = _shade(counts[code], most)
            parts.append(f'<circle cx="{x}" cy="{y}" r="{_DOT}" fill="{shade}">{_title(code, counts, names)}</circle>')
    return "".join((*parts, "</svg>")).encode()


def _shade(count: int, most: int) -> str:
    return _SHADES[min(len(_SHADES) - 1, len(_SHADES) * count // (most + 1))] if count else _NONE


def _title(code: str, counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    return f"<title>{escape(names.get(code, code))}: {counts[code]}</title>" if code in counts else ""


@cache
def _world() -> Any:
    return json.loads((Path(__file__).parents[1] / "world" / "world.json").read_text())
