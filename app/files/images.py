"""PNG and JPEG without their metadata: the picture itself is copied byte for byte, so it loses nothing.

Of a PNG only the chunks that the picture needs are kept (W3C PNG, 11.3); of a JPEG no application segment and no
comment (ISO/IEC 10918-1, B.2.4), but for the colour transform and which side is up. What follows the end is left out.
Colour profiles go too: they can name a device, or its owner.
"""

import re
import struct
from io import BytesIO

from PIL import Image

from app.files.kinds import JPEG, PNG, Cleaned, Refused

MOST_PIXELS = 50_000_000
_CHUNKS = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs")
_ORIENTATION = 0x0112  # of Exif
_SOI, _EOI, _SOS = b"\xff\xd8", 0xD9, 0xDA
_ALONE = (0x01, *range(0xD0, 0xD8))  # markers without a segment
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

Image.MAX_IMAGE_PIXELS = None  # `_look_at` has a limit of its own, and refuses instead of warning


def clean_png(content: bytes) -> Cleaned:
    """A PNG with nothing but its picture. Raises Refused."""
    kept, at = [content[:8]], 8
    while at < len(content):
        if len(content) - at < 12:
            raise Refused("broken")
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + length + 12
        if end > len(content):
            raise Refused("broken")
        if kind in _CHUNKS:
            kept.append(content[at:end])
        at = end
        if kind == b"IEND":
            break
    clean = b"".join(kept)
    _look_at(clean, "PNG")
    return Cleaned(PNG, clean)


def clean_jpeg(content: bytes) -> Cleaned:
    """A JPEG with nothing but its picture, and which side of it is up. Raises Refused."""
    clean = without_metadata(content)
    _look_at(clean, "JPEG")
    side = _orientation(content)
    if side != 1:
        exif = Image.Exif()
        exif[_ORIENTATION] = side
        told = exif.tobytes()
        clean = _SOI + b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told + clean[2:]
    return Cleaned(JPEG, clean)


def without_metadata(content: bytes) -> bytes:
    """A JPEG without application segments and comments. Raises Refused."""
    kept, at = [_SOI], 2
    try:
        while True:
            if content[at] != 0xFF:
                raise Refused("broken")
            while content[at] == 0xFF:  # markers may be filled up with these
                at += 1
            marker, at = content[at], at + 1
            if marker == _EOI:
                return b"".join((*kept, bytes((0xFF, _EOI))))
            if marker in _ALONE:
                continue
            end = at + struct.unpack_from(">H", content, at)[0]
            kept.append(_segment(marker, content[at:end]))
            if marker == _SOS:
                scan = _NEXT_MARKER.search(content, end)
                if scan is None:
                    raise Refused("broken")
                kept.append(content[end : scan.start()])
                end = scan.start()
            at = end
    except (IndexError, struct.error):
        raise Refused("broken") from None


def _segment(marker: int, segment: bytes) -> bytes:
    """A segment as it is kept; nothing, where it is metadata."""
    begin = bytes((0xFF, marker))
    if marker == 0xE0 and segment[2:7] == b"JFIF\x00" and len(segment) >= 16:
        return begin + b"\x00\x10" + segment[2:14] + b"\x00\x00"  # without its thumbnail
    if marker == 0xEE and segment[2:7] == b"Adobe" and len(segment) >= 14:
        return begin + b"\x00\x0e" + segment[2:14]
    return b"" if 0xE0 <= marker <= 0xEF or marker == 0xFE else begin + segment


def _look_at(content: bytes, kind: str) -> None:
    """Make the picture, to know that it is one. Raises Refused."""
    try:
        with Image.open(BytesIO(content), formats=(kind,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("pixels")
            picture.load()
    except (OSError, SyntaxError, ValueError, struct.error, EOFError):
        raise Refused("broken") from None


def _orientation(content: bytes) -> int:
    """Which side of a JPEG is up, from 1 to 8."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as picture:
            side = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, struct.error, EOFError):
        return 1
    return side if isinstance(side, int) and 1 <= side <= 8 else 1
