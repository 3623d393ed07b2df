"""Requests made up from the OpenAPI document, fit and unfit: none is answered with a 500 or as is not declared."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.api.document import document
from tests.api.talk import Talk
from tests.making import SLUG

pytestmark = pytest.mark.anyio
_SCHEMA = schemathesis.openapi.from_dict(document(), config=SchemathesisConfig())
_OPERATIONS: list[Any] = [found.ok() for found in _SCHEMA.get_all_operations() if isinstance(found, Ok)]
CASES: st.SearchStrategy[Any] = st.one_of(
    [
        operation.as_strategy(generation_mode=mode)
        for operation in _OPERATIONS
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
)


@settings(
    max_examples=150, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
@given(case=CASES, who=st.sampled_from(["participant", "moderator", None]), known=st.sampled_from([True, True, False]))
async def test_made_up_requests(said: Talk, case: Any, who: str | None, known: bool) -> None:
    if known and "slug" in case.path_parameters:
        case.path_parameters["slug"] = SLUG
    if known and "id" in case.path_parameters:
        listed = await said.read(f"{said.home}/contributions")
        case.path_parameters["id"] = (listed["items"] or [await said.posted()])[0]["id"]
    asked = case.as_transport_kwargs(base_url="https://plenary.example/api/v1")
    headers = {name: value for name, value in asked.pop("headers").items() if name.lower() != "authorization"}
    body = {name: asked[name] for name in ("json", "data", "content") if asked.get(name) is not None}
    if isinstance(body.get("data"), bytes | str):
        body = {"content": body["data"]}
    try:
        encoded = {name.encode(): str(value).encode("latin-1") for name, value in headers.items()}
    except UnicodeEncodeError:
        return  # no client can send this
    answer = await said.client.request(
        asked["method"], asked["url"], params=asked.get("params"), **body,
        headers=[*encoded.items(), *([(b"authorization", f"Bearer {said.keys[who]}".encode())] if who else [])],
    )  # fmt: skip
    assert answer.status_code < 500, (asked["method"], asked["url"], answer.text)
