"""What the OpenAPI document promises of an answer, held against the answer."""

import re
from functools import cache
from typing import Any

from httpx import Response
from pydantic import BaseModel

from app import api
from app.api import (
    attachment_schemas,
    bulk_schemas,
    decisions,
    endorsement_schemas,
    export_schemas,
    invitation_schemas,
    mandate_schemas,
    meeting_schemas,
    moderation_schemas,
    opinion_schemas,
    problem_schemas,
    published_schemas,
    queue_schemas,
    recommendation_schemas,
    report_schemas,
    schemas,
    translation_schemas,
    webhook_schemas,
)

PREFIX = "/api/v1"
_SHAPES = (schemas, decisions, queue_schemas, moderation_schemas, meeting_schemas, bulk_schemas, webhook_schemas,
            invitation_schemas, attachment_schemas, export_schemas, endorsement_schemas, mandate_schemas,
            problem_schemas, translation_schemas, published_schemas, recommendation_schemas,
            report_schemas, opinion_schemas)  # fmt: skip


@cache
def document() -> dict[str, Any]:
    """The document."""
    return api._described()[1]


async def conforms(response: Response) -> None:
    """Fails where an answer has a status, type or shape that its operation does not declare."""
    operation = _operation(response.request.method, response.request.url.path)
    if operation is None:
        return
    declared = operation["responses"].get(str(response.status_code))
    if response.status_code in (304, 405):
        return
    assert declared is not None, f"{operation['operationId']} does not declare {response.status_code}"
    content = declared.get("content")
    if not content or response.request.method == "HEAD":
        return
    await response.aread()
    media_type = response.headers["content-type"].partition(";")[0]
    assert media_type in content, f"{operation['operationId']} does not declare {media_type}"
    declared_shape = content[media_type].get("schema", {})
    shape = declared_shape.get("anyOf", [declared_shape])[0].get("$ref", "").rpartition("/")[2]
    if shape and "fields" not in response.request.url.params:
        model: type[BaseModel] = next(getattr(module, shape) for module in _SHAPES if hasattr(module, shape))
        model.model_validate_json(response.content)


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, methods in document()["paths"].items():
        if re.fullmatch(PREFIX + re.sub(r"\{\w+\}", "[^/]+", template), path):
            found: dict[str, Any] | None = methods.get("get" if method == "HEAD" else method.lower())
            return found
    return None
