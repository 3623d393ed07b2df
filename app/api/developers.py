"""The documentation for people: the OpenAPI document as one page, and a page for each type of problem. No scripts."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from app import text
from app.api import reading
from app.api.problems import PROBLEMS, problem
from app.language import gettext as _
from app.readings.entity_tags import tag_of_content

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "static/api.css").read_bytes()
_STYLE_URL = f"/developers/api.{hashlib.sha256(_STYLE).hexdigest()[:12]}.css"
Endpoint = Callable[[Request], Awaitable[Response]]
_CACHED = {"cache-control": "public, max-age=300"}
_STRICT = {"content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"}


def routes(document: dict[str, Any]) -> list[Route]:
    """The pages' routes."""
    return [
        Route("/developers/api", _always(_reference(document), "text/html", _CACHED | _STRICT)),
        Route(_STYLE_URL, _always(_STYLE, "text/css", {"cache-control": "public, max-age=31536000, immutable"})),
        Route("/problems/{name}", _explain),
        Route("/api", to_reference),
    ]


def openapi(document: dict[str, Any]) -> Endpoint:
    """The document itself."""
    content = orjson.dumps(document)
    tag = tag_of_content(content)

    async def answer(request: Request) -> Response:
        return await reading.answer(request, content, tag, headers=_CACHED)

    return answer


def _always(content: bytes, media_type: str, headers: dict[str, str]) -> Endpoint:
    """What only changes with the code."""

    async def answer(_request: Request) -> Response:
        return Response(content, headers=headers, media_type=media_type)

    return answer


async def _explain(request: Request) -> Response:
    """A type of problem, as a page or as JSON."""
    name = request.path_params["name"]
    if name not in PROBLEMS:
        return problem("not-found", _("There is no such type of problem."))
    given = PROBLEMS[name]
    headers = _CACHED | {"vary": "Accept"}
    if "text/html" in request.headers.get("accept", ""):
        shown = _TEMPLATES.get_template("problem.html").render(name=name, problem=given, style=_STYLE_URL)
        return Response(shown, headers=headers | _STRICT, media_type="text/html")
    told = {"type": f"/problems/{name}", "title": given.title, "status": given.status, "advice": given.advice}
    return JSONResponse(told, headers=headers)


async def to_reference(_request: Request) -> Response:
    """From an address of the API that is no resource to what tells of all of them."""
    return RedirectResponse("/developers/api", 308)


def _reference(document: dict[str, Any]) -> bytes:
    page = _TEMPLATES.get_template("api.html")
    shown = page.render(document=document, operations=_operations(document), problems=PROBLEMS, style=_STYLE_URL)
    return shown.encode()


def _operations(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Each operation with its method and path, by tag."""
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            known = {"method": method.upper(), "path": path}
            by_tag.setdefault(operation["tags"][0], []).append(known | operation)
    return by_tag


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _words(told: str) -> Markup:
    """A sentence with its `code` set as such."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(told))))  # noqa: S704  # it was escaped


def _shape(schema: dict[str, Any]) -> str:
    """A schema in a few words: `string`, `list of Contribution`, `one of a, b`; null where that is possible."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_shape(choice) for choice in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))


def _named(schema: dict[str, Any]) -> list[str]:
    """The named shapes that an answer may have, each described on the page."""
    choices = schema.get("anyOf", [schema])
    return [_shape(choice) for choice in choices if "$ref" in choice]


_TEMPLATES = Environment(loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, trim_blocks=True)
_TEMPLATES.filters |= {"markdown": text.markdown, "json": _json, "shape": _shape, "named": _named, "words": _words}
