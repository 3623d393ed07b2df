"""`/robots.txt` and the sitemaps: what search engines should look at, and what is no use to them."""

from xml.sax.saxutils import escape

from fastapi import APIRouter
from starlette.responses import Response

from app import clock, errors
from app.language import gettext as _
from app.readings import consultations, sitemap
from app.readings.entity_tags import tag_of_content
from app.web.kit.visit import PUBLIC, Visit, Visiting

router = APIRouter()
_XML = "application/xml; charset=utf-8"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# For those who are signed in, forms, and answers to questions that nobody has asked yet.
_NO_USE = ("/me", "/sign-in", "/c/*/moderate", "/c/*/contribute", "/c/*/search", "/api/", "/answer/")


@router.get("/robots.txt")
async def robots(visit: Visiting) -> Response:
    """The Robots Exclusion Protocol (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NO_USE), f"Sitemap: {visit.base}/sitemap.xml", ""]
    return _answer(visit, "\n".join(lines), "text/plain; charset=utf-8")


@router.get("/sitemap.xml")
async def index(visit: Visiting) -> Response:
    """The sitemaps of all consultations but samples."""
    async with visit.database.reading() as connection:
        found = [each for each in await consultations.consultations(connection) if not each.sample]
        counts = [await sitemap.parts(connection, each) for each in found]
    places = [
        f"{visit.base}/c/{each.slug}/sitemap-{part + 1}.xml"
        for each, count in zip(found, counts, strict=True)
        for part in range(count)
    ]
    return _xml(visit, "sitemapindex", [f"<sitemap><loc>{escape(place)}</loc></sitemap>" for place in places])


@router.get("/c/{slug}/sitemap-{part}.xml")
async def of_consultation(visit: Visiting, slug: str, part: str) -> Response:
    """One sitemap of a consultation."""
    if not part.isascii() or not part.isdigit() or len(part) > 5 or int(part) < 1:
        raise errors.NotFound(_("There is no such sitemap."))
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await sitemap.pages(connection, consultation, int(part) - 1)
    return _xml(visit, "urlset", [_url(visit.base, page) for page in found])


def _url(base: str, page: sitemap.Page) -> str:
    changed = f"<lastmod>{clock.iso(page.changed)}</lastmod>" if page.changed else ""
    return f"<url><loc>{escape(base + page.path)}</loc>{changed}</url>"


def _xml(visit: Visit, root: str, parts: list[str]) -> Response:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">{"".join(parts)}</{root}>\n'
    return _answer(visit, content, _XML)


def _answer(visit: Visit, said: str, media_type: str) -> Response:
    """What is asked for again and again, and seldom changes: once for who has it."""
    content = said.encode()
    headers = {"Cache-Control": PUBLIC, "ETag": tag_of_content(content)}
    if visit.knows(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
