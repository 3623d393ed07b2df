"""Outlook's own envelope, made by hand: opened, or left alone in no time."""

import struct
from time import perf_counter

from app.inbound.winmail import opened

HEAD = struct.pack("<IH", 0x223E9F78, 1)
BODY, TITLE, DATA, RENDERING, PROPERTIES = 0x800C, 0x8010, 0x800F, 0x9002, 0x9003


def thing(name: int, content: bytes, level: int = 1) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(content)) + content + b"\0\0"


def test_words_and_files_are_found() -> None:
    file = thing(RENDERING, b"\0" * 14, 2) + thing(TITLE, b"plan.txt\0", 2) + thing(DATA, b"a plan", 2)
    found = opened(HEAD + thing(BODY, b"Our answer.\0") + file)
    assert found is not None
    assert (found.plain, found.html, found.files) == ("Our answer.", None, (("plan.txt", b"a plan"),))


def test_numbers_that_lie_are_not_believed() -> None:
    lies = (
        struct.pack("<I", 0xFFFFFFFF),
        struct.pack("<IHHI", 999, 0x1002, 0x1000, 0xFFFFFFFF) + b"ab" * 400_000,
        struct.pack("<IHHI", 5, 0x1E, 0x1000, 0xFFFFFFFF),
        struct.pack("<IHHI", 1_000, 0x101F, 0x1000, 0xFFFFFFFF) + bytes(900_000),
    )
    began = perf_counter()
    for lie in lies:
        found = opened(HEAD + thing(PROPERTIES, lie))
        assert found is None or found.plain is None
    assert opened(HEAD + thing(BODY, b"") * 400_000) is None
    assert opened(HEAD + thing(DATA, b"a file of nobody", 2)) is None
    assert opened(b"no envelope at all") is None
    assert perf_counter() - began < 3
