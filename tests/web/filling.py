"""Fills in the forms in which a consultation is set up, as somebody would who has its definition on paper."""

from collections.abc import Iterator
from typing import Any

from httpx import AsyncClient, Response
from lxml import html

from app.consultations.definition import Definition
from app.consultations.drafting import written
from app.web.setup.fields import topic
from app.web.setup.sections import SECTIONS
from app.web.setup.typed import typed_of
from tests.web.pages import hidden


def sent(typed: Any, path: str = "") -> dict[str, Any]:
    """What a browser sends of a form with this in it."""
    return dict(_flat(typed, path))


def _flat(typed: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(typed, dict):
        for name, each in typed.items():
            yield from _flat(each, f"{path}.{name}" if path else name)
    elif isinstance(typed, list) and path.rpartition(".")[2] not in ("regions", "organisation_kinds"):
        for at, each in enumerate(typed):
            yield from _flat(each, f"{path}.{at}")
    else:
        yield path, typed


def form_of(answer: Response, page: str) -> dict[str, Any]:
    """The fields of the form that sends to this page, as they stand."""
    form = next(form for form in html.fromstring(answer.text).forms if form.action == page)
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name != "do"}


async def save(browser: AsyncClient, page: str, fields: dict[str, Any]) -> Response:
    """Open a form, and send it with these fields and the state that it was made from."""
    shown = await browser.get(page)
    assert shown.status_code == 200, shown.text
    return await browser.post(page, data={"based_on": hidden(shown, "based_on"), "do": "save", **fields})


async def fill_in(browser: AsyncClient, wanted: Definition) -> None:
    """Each section, each topic, each language, in the order of the checklist."""
    home = f"/c/{wanted.slug}/organise/setup"
    for section in SECTIONS:
        await _saved(browser, f"{home}/{section.key}", sent(section.typed(wanted)))
    for at, each in enumerate(written(wanted)["topics"]):
        page = f"{home}/topics/topic-1" if at == 0 else f"{home}/new-topic"
        await _saved(browser, page, sent(typed_of(topic(), each), "topic"))
    for tag, said in wanted.translations.items():
        await _saved(browser, f"{home}/texts/{tag}", {f"t.{place}": text for place, text in said.items()})


async def _saved(browser: AsyncClient, page: str, fields: dict[str, Any]) -> None:
    answer = await save(browser, page, fields)
    assert answer.status_code == 303, (page, answer.text[answer.text.find("faults") :][:2_000])
