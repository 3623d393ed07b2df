"""The OpenAPI 3.1 document: FastAPI's, from what each route declares of parameters, bodies, answers and errors."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api import (
    bulk_schemas,
    draft_schemas,
    endorsement_schemas,
    invitation_schemas,
    mandate_schemas,
    meeting_requests,
    opinion_schemas,
    queries,
    requests,
    translation_schemas,
    webhook_schemas,
)
from app.api.choosing import NAME, Choosing, ChosenItem, ChosenPage
from app.api.example import EXAMPLE
from app.api.problem_schemas import Gone, Problem
from app.api.problems import MEDIA_TYPE, PROBLEMS
from app.api.schemas import Contribution

PREFIX = "/api/v1"
Slug = Annotated[str, Path(description="The consultation's name in addresses.", examples=["mayoral-forum-2016"])]
Id = Annotated[str, Path(description="The contribution's id.", json_schema_extra={"format": "uuid"})]

_REFERENCE = "#/components/schemas/{model}"
_ALSO = (
    requests.NewContribution,
    requests.Edit,
    requests.RemovalReason,
    requests.NewClassification,
    requests.NewDecision,
    requests.NewPhaseAct,
    requests.NewFlag,
    requests.NewAppeal,
    requests.NewAppealDecision,
    meeting_requests.NewMeeting,
    meeting_requests.NewTranscription,
    meeting_requests.NewSource,
    bulk_schemas.NewContributions,
    webhook_schemas.NewWebhook,
    webhook_schemas.Replay,
    invitation_schemas.NewInvitation,
    endorsement_schemas.NewEndorsement,
    mandate_schemas.NewMandateRequest,
    mandate_schemas.MandateDecision,
    mandate_schemas.MandateQuestion,
    translation_schemas.NewTranslation,
    draft_schemas.NewDraft,
    draft_schemas.RecommendationWords,
    draft_schemas.NewCitation,
    draft_schemas.NewPublication,
    opinion_schemas.NewPosition,
    Problem,
    Gone,
    ChosenItem,
    ChosenPage,
)
_OPTIONAL = (requests.RemovalReason, endorsement_schemas.NewEndorsement)
_KEY = "key"
_ABOUT = """\
Reading what is public needs no key. Writing takes `Authorization: Bearer KEY`; keys are made at `/me/keys`.

Lists answer `items` and `next`, the address of the next page. `changes` gives every public entry of the record in
order: a client that follows it holds exactly what is public. Errors are problems as in RFC 9457.
Short starts are at [Data and API](/developers); docs/api.md, which comes with the software, is a guide.
"""

_SECONDS = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_QUOTAS = {
    "RateLimit": "How the quotas of this key and of its owner stand: `r` writes left, for `t` seconds.",
    "RateLimit-Policy": "The quotas: `q` writes in `w` seconds.",
}
_ERROR_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}}, 429: _SECONDS, 503: _SECONDS,
}  # fmt: skip
EVERYWHERE = ("malformed", "invalid", "unavailable")
READING = (*EVERYWHERE, "unauthenticated", "not-found")
WRITING = (*READING, "forbidden", "conflict", "too-large", "rate-limited")


def described(
    answer: type[BaseModel] | None, about: str = "As asked.", *, status: int = 200,
    query: type[BaseModel] = queries.Nothing,
    body: type[BaseModel] | None = None, errors: tuple[str, ...] = READING, key: str = "optional",
    headers: dict[str, str] | None = None, also: dict[int, dict[str, Any]] | None = None, media_type: str | None = None,
    example: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a route's decorator needs so that the document tells all of it. `key`: optional, needed."""
    said: dict[str, Any] = {"description": about}
    writes = key == "needed" and "rate-limited" in errors
    if writes:
        headers = {**(headers or {}), **_QUOTAS}
    if headers:
        said["headers"] = {name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()}
    if answer is not None:
        said["model"] = answer
    if answer is not None and issubclass(query, Choosing):
        said["content"] = {"application/json": {"schema": {"anyOf": _or_chosen(answer)}}}
    if media_type is not None:
        type_of_it = "object" if media_type.endswith("+json") else "string"
        said["content"] = {media_type: {"schema": {"type": type_of_it}, **({"example": example} if example else {})}}
    extra: dict[str, Any] = {"security": [{_KEY: []}] if key == "needed" else [{}, {_KEY: []}]}
    if parameters := [*_parameters(query), *_write_headers(writes, body)]:
        extra["parameters"] = parameters
    if body is not None:
        extra["requestBody"] = {
            "required": body not in _OPTIONAL,
            "content": {"application/json": {"schema": {"$ref": _REFERENCE.format(model=body.__name__)}}},
        }
    return {
        "status_code": status,
        "responses": {status: said, **(also or {}), **_errors(errors)},
        "openapi_extra": extra,
    }


def document(routes: Sequence[APIRoute]) -> dict[str, Any]:
    """The whole document about these routes."""
    made = get_openapi(
        title="Plenary", version="1", summary="Contributions to public consultations", description=_ABOUT,
        routes=routes, servers=[{"url": PREFIX}],
    )  # fmt: skip
    _leave_choices(made)
    components = made.setdefault("components", {})
    components["securitySchemes"] = {_KEY: {"type": "http", "scheme": "bearer", "description": "An API key."}}
    _, also = models_json_schema([(shape, "validation") for shape in _ALSO], ref_template=_REFERENCE)
    components.setdefault("schemas", {}).update(also["$defs"])
    components["schemas"][Contribution.__name__]["examples"] = [EXAMPLE]  # FastAPI drops what is null in it
    return made


def _parameters(query: type[BaseModel]) -> list[dict[str, Any]]:
    schema = query.model_json_schema(ref_template=_REFERENCE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(given),
         **({"description": text} if (text := given.get("description")) else {}),
         **({"style": "form", "explode": False} if name == NAME else {})}
        for name, given in schema.get("properties", {}).items()
    ]  # fmt: skip


def _or_chosen(answer: type[BaseModel]) -> list[dict[str, str]]:
    """What comes without `fields`, or with it."""
    chosen = ChosenPage if "items" in answer.model_fields and "next" in answer.model_fields else ChosenItem
    return [{"$ref": _REFERENCE.format(model=shape.__name__)} for shape in (answer, chosen)]


def _leave_choices(made: dict[str, Any]) -> None:
    """FastAPI writes the reference to a model beside the choice of shapes, which then were none."""
    for operation in (each for path in made["paths"].values() for each in path.values()):
        for answer in operation["responses"].values():
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            if "anyOf" in schema:
                schema.pop("$ref", None)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is absent rather than null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "default", "title", "description")}
    if schema.get("default") is not None:
        kept["default"] = schema["default"]
    return kept | (choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})


def _write_headers(writes: bool, body: type[BaseModel] | None) -> list[dict[str, Any]]:
    headers: list[dict[str, Any]] = []
    if writes:
        headers.append(_header("Idempotency-Key", "Any text of yours: the same request sent twice is done once.", 255))
    if body is requests.Edit:
        headers.append(
            _header("If-Match", "The ETag of the contribution that you edited, or *.", 1_000) | {"required": True}
        )
    return headers


def _header(name: str, about: str, length: int) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": length}
    return {"name": name, "in": "header", "required": False, "description": about, "schema": schema}


def _errors(names: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    declared: dict[int, dict[str, Any]] = {}
    for name in names:
        _declare(declared, name, PROBLEMS[name].status)
    _declare(declared, "unavailable", 500)  # a fault of ours, which any route may have
    return declared


def _declare(declared: dict[int, dict[str, Any]], name: str, status: int) -> None:
    kind = PROBLEMS[name]
    example = {"type": f"/problems/{name}", "title": kind.title, "status": status, "detail": kind.advice}
    given = declared.setdefault(status, {"description": "", "content": {MEDIA_TYPE: {"examples": {}}}})
    given["description"] = f"{given['description']} {kind.title}.".strip()
    content = given["content"][MEDIA_TYPE]
    content["schema"] = {"$ref": _REFERENCE.format(model=_shape(name).__name__)}
    content["examples"][name] = {"value": example}
    if status in _ERROR_HEADERS:
        given["headers"] = _ERROR_HEADERS[status]


def _shape(name: str) -> type[BaseModel]:
    return Gone if name == "gone" else Problem
