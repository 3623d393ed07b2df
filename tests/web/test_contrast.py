"""The colours of the pages: text and controls stand out from what is beneath them (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

from app.synthesis.code_words import COLOURS

_SHEET = (Path(__file__).parents[2] / "app/web/static/plenary.css").read_text()
_TEXT = [
    (ink, paper) for ink in ("ink", "soft", "accent", "voice") for paper in ("paper", "sheet", "tint", "warm")
] + [("on-accent", "accent")]  # fmt: skip
_CONTROLS = [(line, paper) for line in ("line", "accent", "focus") for paper in ("paper", "sheet")]


def _colours(theme: str) -> dict[str, str]:
    """The colour tokens: those of the first :root, and for the dark theme those that the second sets anew."""
    light, dark = re.findall(r":root \{(.*?)\}", _SHEET, re.DOTALL)[:2]
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", light))
    return found | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", dark)) if theme == "dark" else {})


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB, as WCAG defines it."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_the_most_there_is() -> None:
    assert round(_contrast("#000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_controls_stand_out(theme: str) -> None:
    colours = _colours(theme)
    faint = [
        f"{front} on {back}: {ratio:.2f}"
        for least, pairs in ((4.5, _TEXT), (3.0, _CONTROLS))
        for front, back in pairs
        if (ratio := _contrast(colours[front], colours[back])) < least
    ]
    assert not faint


def test_the_page_about_the_design_names_every_token_and_no_class_that_is_gone() -> None:
    page = (Path(__file__).parents[2] / "docs/design.md").read_text()
    assert set(re.findall(r"(--[a-z-]+):", _SHEET)) <= set(re.findall(r"`(--[a-z-]+)`", page))
    named = {part for name in re.findall(r"`(\.[a-z0-9.]+)`", page) for part in name.split(".") if part}
    assert named and not {part for part in named if not re.search(rf"\.{part}\b", _SHEET)}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_palette_of_codes_stands_out_and_is_the_one_that_is_exchanged(theme: str) -> None:
    sheet = (Path(__file__).parents[2] / "app/web/static/coding.css").read_text()
    light, dark = (dict(re.findall(r"--c-([a-z]+): (#[0-9a-f]{6});", part)) for part in sheet.split("@media", 1))
    assert light == COLOURS and dark.keys() == COLOURS.keys()
    paper = _colours(theme)["paper"]
    assert [
        name for name, colour in (light if theme == "light" else dark).items() if _contrast(colour, paper) < 3
    ] == []
