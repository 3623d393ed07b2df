"""What is refused is explained in the reader's language; what is read is the same whoever reads."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from pydantic import BaseModel, ValidationError

from app import api
from app.api import faults
from app.api.problems import PROBLEMS
from app.api.queries import Query
from app.api.requests import Body
from app.language import LANGUAGES, translator
from tests.api.talk import Talk

pytestmark = pytest.mark.anyio

JUNK: tuple[Any, ...] = (
    None, "", "x" * 30_000, "\x00", "1900", "2016-13-45", "2016-01-01T00:00:00", 5, -1, 2**63, 1.5, True, [], [1],
    [{}], ["x"] * 5_000, {}, {"a": 1},
)  # fmt: skip
OF_ITS_OWN = ("id", "number", "url", "seq", "thread", "created", "published", "updated", "commitment")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_refusals_are_explained_in_the_language_of_the_header(said: Talk, language: str) -> None:
    speaks, headers = translator(language), {"Accept-Language": f"{language}-XX, de;q=0.9, en;q=0.1"}

    async def refused(name: str, method: str, url: str, who: str | None = "participant", **more: Any) -> dict[str, Any]:
        answer = await said.ask(method, url, who, headers, **more)
        problem: dict[str, Any] = answer.json()
        assert (answer.headers["content-language"], problem["type"]) == (language, f"/problems/{name}")
        assert problem["title"] == speaks(PROBLEMS[name].title)
        return problem

    at = f"{said.home}/contributions"
    untitled = {"topic": "inclusion", "kind": "proposal", "language": "en", "body": "Words."}
    wrong = await refused("invalid", "POST", at, json=untitled)  # said by the action
    needed = speaks("Please give it a title: it is what people see in the list.")
    assert wrong["errors"] == [{"field": "title", "message": needed}]
    wrong = await refused("invalid", "POST", at, json={"questions": 5, "other": 1})  # said by the surface
    assert {each["field"]: each["message"] for each in wrong["errors"]} == {
        "body": speaks("This field is needed."), "language": speaks("This field is needed."),
        "other": speaks("There is no such field here."), "questions": speaks("This is to be a list."),
    }  # fmt: skip
    wrong = await refused("invalid", "GET", f"{at}?sort=size&limit=2000")
    assert {each["field"]: each["message"] for each in wrong["errors"]} == {
        "limit": speaks("This is to be %(le)s or less.") % {"le": 1000},
        "sort": speaks("This is to be one of: %(expected)s.") % {"expected": "number, -number, updated, endorsements"},
    }
    wrong = await refused("malformed", "POST", at, content=b"[1]")
    assert wrong["detail"] == speaks("The body must be a JSON object.")
    wrong = await refused("unauthenticated", "POST", at, None, json=untitled)
    assert wrong["detail"] == speaks("This needs a key: send it as Authorization: Bearer KEY.")
    wrong = await refused("not-found", "GET", f"{said.home}/nowhere")
    assert wrong["detail"] == speaks("There is no such address in this API.")


async def test_without_a_header_or_in_another_language_it_is_english(said: Talk) -> None:
    for headers in ({}, {"Accept-Language": "de"}, {"Accept-Language": "f~;;q=x"}):
        answer = await said.ask("GET", f"{said.home}/nowhere", None, headers)
        assert answer.headers["content-language"] == "en"
        assert answer.json()["title"] == "There is nothing here"


async def test_what_is_written_does_not_depend_on_the_language_of_refusals(said: Talk) -> None:
    before = len((await said.read(f"{said.home}/changes"))["items"])
    texts = []
    for language in ("en", "ar"):
        posted = await said.post(headers={"Accept-Language": language})
        assert posted.status_code == 201 and "content-language" not in posted.headers
        texts.append({name: value for name, value in posted.json().items() if name not in OF_ITS_OWN})
    assert texts[0] == texts[1] and texts[0]["language"] == "en"
    first, second = (await said.read(f"{said.home}/changes"))["items"][before:]
    assert first.keys() == second.keys() and first["kind"] == second["kind"] == "contribution.published"


def kinds_of(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in base.__subclasses__():
        yield from (each, *kinds_of(each))


def test_every_fault_that_can_be_found_has_a_sentence_of_ours() -> None:
    for module in pkgutil.iter_modules(api.__path__):
        importlib.import_module(f"{api.__name__}.{module.name}")
    found = set()
    for model in (*kinds_of(Body), *kinds_of(Query)):
        for field in model.model_fields:
            for junk in JUNK:
                try:
                    if issubclass(model, Body):
                        model.model_validate_json(orjson.dumps({field: junk}))
                    elif hasattr(model, "shape") or field != "fields":
                        model.model_validate_strings({field: str(junk)})
                except ValidationError as error:
                    found |= {each["type"] for each in error.errors()}
    assert {"missing", "literal_error", "too_long"} <= found
    assert found - faults.SAID.keys() <= {"value_error"}  # whose sentences are ours, too
