"""What tests look for in a page."""

import re
from html import unescape

from httpx import Response


def heading(answer: Response) -> str:
    """The page's main heading, as text."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


def title(answer: Response) -> str:
    """The page's title."""
    found = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
    return unescape(found[1]) if found else ""


def hidden(answer: Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, f"no hidden field {name}"
    return unescape(found[1])


def numbers(answer: Response) -> list[int]:
    """The numbers in the margin, in the order in which they stand."""
    return [int(number) for number in re.findall(r'<li class="[^"]*" id="n(\d+)"', answer.text)]
