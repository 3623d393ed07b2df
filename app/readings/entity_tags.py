"""Entity tags, by which whoever has an answer already is not sent it again (RFC 9110, sections 8.8.3 and 13.1.2)."""

import hashlib


def tag_of_content(content: bytes) -> str:
    """The entity tag of what no version tells of: a hash of its bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:24]}"'


def is_among(tag: str, given: str | None) -> bool:
    """Whether a tag is among those of an If-None-Match header, weak or strong; None where there is no such header."""
    if given is None:
        return False
    strong = tag.removeprefix("W/")
    return given.strip() == "*" or strong in (each.strip().removeprefix("W/") for each in given.split(","))
