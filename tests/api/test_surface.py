"""What surrounds the resources: the OpenAPI document, its page, types of problems, health, a database that is gone."""

import re

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import BaseModel

from app.api import (
    bulk_schemas,
    draft_schemas,
    endorsement_schemas,
    invitation_schemas,
    mandate_schemas,
    meeting_requests,
    opinion_schemas,
    problem_schemas,
    requests,
    schemas,
    translation_schemas,
    webhook_schemas,
)
from app.api.problems import PROBLEMS
from app.database import Database
from tests.api.document import PREFIX, document
from tests.api.talk import Talk

pytestmark = pytest.mark.anyio
_SHAPES = (
    schemas, problem_schemas, requests, meeting_requests, bulk_schemas, webhook_schemas, invitation_schemas,
    endorsement_schemas, mandate_schemas, translation_schemas, draft_schemas, opinion_schemas,
)  # fmt: skip
_BODILESS = (
    "/{translation}", "/approval", "/claim", "/endorsement", "/mandates/{mandate}", "/webhooks/{webhook}",
    "/{attachment}", "/position",
)  # fmt: skip


async def test_the_document_is_whole(api: AsyncClient) -> None:
    answer = await api.get(f"{PREFIX}/openapi.json")
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    assert told == document()
    assert told["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    references = set(re.findall(r"#/components/schemas/(\w+)", answer.text))
    assert references <= set(told["components"]["schemas"])
    for path, methods in told["paths"].items():
        assert set(methods) <= {"get", "post", "put", "patch", "delete"}
        for method, operation in methods.items():
            assert operation["description"], path
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"]
            assert {"400", "401", "404", "422", "500", "503"} <= set(operation["responses"]), path
            if method != "get":
                assert operation["security"] == [{"key": []}]
                assert {"403", "409", "429"} <= set(operation["responses"])
                assert "Idempotency-Key" in {each["name"] for each in operation["parameters"]}, path
                assert path.endswith(_BODILESS) or ("requestBody" in operation and "413" in operation["responses"])
    for module in _SHAPES:
        for name, shape in vars(module).items():
            if isinstance(shape, type) and issubclass(shape, BaseModel) and name not in ("BaseModel", "Shape", "Body"):
                assert name in told["components"]["schemas"], name


async def test_examples_are_examples(api: AsyncClient) -> None:
    for name, schema in document()["components"]["schemas"].items():
        for example in schema.get("examples", []):
            model = next(getattr(module, name) for module in _SHAPES if hasattr(module, name))
            model.model_validate(example, strict=False)


async def test_the_page_about_it_asks_nobody_else(api: AsyncClient) -> None:
    page = await api.get("/developers/api")
    assert page.status_code == 200
    assert "<script" not in page.text.lower() and "javascript:" not in page.text.lower()
    assert " style=" not in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    for operation in ("list_contributions", "edit_contribution", "follow_changes", "decide"):
        assert f'id="{operation}"' in page.text
    for anchor in set(re.findall(r'href="#([^"]+)"', page.text)):
        assert f'id="{anchor}"' in page.text
    (style,) = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)
    assert (await api.get(style)).headers["content-type"].startswith("text/css")
    for url in ("/api", "/api/v1", "/api/v1/"):
        assert (await api.get(url)).headers["location"] == "/developers/api"


def test_types_of_problems_are_a_closed_list() -> None:
    assert {name: problem.status for name, problem in PROBLEMS.items()} == {
        "malformed": 400, "unauthenticated": 401, "forbidden": 403, "not-found": 404, "conflict": 409, "closed": 409,
        "gone": 410, "precondition-failed": 412, "too-large": 413, "invalid": 422, "precondition-required": 428,
        "rate-limited": 429, "unavailable": 503,
    }  # fmt: skip


async def test_types_of_problems_have_pages(api: AsyncClient) -> None:
    for name, problem in PROBLEMS.items():
        told = (await api.get(f"/problems/{name}")).json()
        assert (told["type"], told["status"]) == (f"/problems/{name}", problem.status)
        page = await api.get(f"/problems/{name}", headers={"Accept": "text/html"})
        assert problem.title in page.text
    assert (await api.get("/problems/none")).status_code == 404


async def test_health_and_readiness(api: AsyncClient, application: FastAPI) -> None:
    assert (await api.get("/health")).json() == {"status": "alive"}
    assert (await api.get("/ready")).json() == {"status": "ready"}
    kept = application.state.database
    application.state.database = Database("postgresql://postgres@127.0.0.1:1/none")
    try:
        assert (await api.get("/health")).status_code == 200
        assert (await api.get("/ready")).status_code == 503
        answer = await api.get(f"{PREFIX}/consultations")
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/unavailable"
        assert answer.headers["retry-after"] == "2"
    finally:
        await application.state.database.close()
        application.state.database = kept


async def test_what_nobody_foresaw_is_told_without_details(
    said: Talk, application: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    from app.readings import consultations

    async def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(consultations, "consultations", fail)
    answer = await said.ask("GET", "/api/v1/consultations", None, {"Accept-Language": "fr"})
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/unavailable"
    assert (answer.headers["content-language"], "de notre côté" in answer.json()["detail"]) == ("fr", True)
    assert "secret" not in answer.text
