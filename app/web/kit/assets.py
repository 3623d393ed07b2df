"""The files that pages need, at addresses that carry a hash of their content: cached for ever, never stale."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from app import errors
from app.language import gettext as _

FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
# Comments, which are for who opens the source and not for who pays for each byte, and indentation.
_ASIDE = {".js": re.compile(rb"(?m)^\s*(//.*\n)?"), ".css": re.compile(rb"(?s)(?m:^\s+)|/\*.*?\*/\s*")}
_FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file in memory, plain and compressed."""

    url: str
    media_type: str
    plain: bytes
    compressed: bytes


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    if path.suffix in _ASIDE:
        content = _ASIDE[path.suffix].sub(b"", content)
    digest = hashlib.sha256(content).hexdigest()[:12]
    url = f"/static/{path.stem}.{digest}{path.suffix}"
    return Asset(url, _TYPES[path.suffix], content, gzip.compress(content, 9, mtime=0))


ASSETS = {path.name: _asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES}
_BY_URL = {asset.url: asset for asset in ASSETS.values()}


def url(name: str) -> str:
    """The address of a file in static/."""
    return ASSETS[name].url


def fingerprint() -> str:
    """A short hash of all pages' sources: what an unchanged record looks like changes with it."""
    here = Path(__file__).parents[1]
    sources = sorted(path for path in here.rglob("*") if path.suffix in {".py", ".html", *_TYPES})
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:8]


@router.get("/static/{name}", include_in_schema=False)
async def static(request: Request) -> Response:
    """One file. Raises NotFound for any other address."""
    asset = _BY_URL.get(request.url.path)
    if asset is None:
        raise errors.NotFound(_("There is no such file."))
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(asset.plain, media_type=asset.media_type, headers=headers)
