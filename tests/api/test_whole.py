"""The API within the whole application: nothing that the pages bring stands in its way."""

import pytest
from httpx import AsyncClient

from app.database import Database
from tests.api.talk import talk
from tests.making import make

pytestmark = pytest.mark.anyio


async def test_the_api_beside_the_pages(client: AsyncClient, database: Database) -> None:
    said = await talk(database, client, await make(database))
    shown = await said.posted()
    for url in ("/api/v1/nothing", "/api/other", said.at("01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11")):
        answer = await client.get(url, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    for url in ("/health", "/ready", "/developers/api", "/problems/gone", "/api/v1/openapi.json"):
        assert (await client.get(url)).status_code == 200, url
    listed = await client.get(f"{said.home}/contributions")
    assert listed.json()["items"] == [shown]
    assert listed.headers["cache-control"] == "public, max-age=0, s-maxage=2"
    assert listed.headers["x-content-type-options"] == "nosniff"
    export = await client.get(f"{said.home}/export.csv")
    assert len(export.text.splitlines()) == 2
    page = await client.get("/developers/api")
    assert "script-src" not in page.headers["content-security-policy"]
    assert (await client.get(f"/c/{said.made.slug}/1")).status_code == 200


async def test_a_page_of_another_site_cannot_write(client: AsyncClient, database: Database) -> None:
    said = await talk(database, client, await make(database))
    answer = await client.post(
        f"{said.home}/contributions", json={}, headers={"Origin": "https://elsewhere.example", "Cookie": "session=x"}
    )
    assert answer.status_code == 401
    assert "access-control-allow-origin" not in answer.headers
