"""Webhooks by key: made with a secret that is shown once, looked at, let go on, removed; by moderators only."""

from typing import Any

import pytest
from sqlalchemy import select

from app.database import Database
from app.record.models import Entry
from tests.api.talk import Talk, key_for

pytestmark = pytest.mark.anyio
URL = "https://hooks.invalid/plenary"


async def test_a_webhook_by_key(said: Talk, database: Database) -> None:
    at, new = f"{said.home}/webhooks", {"url": URL, "kinds": ["decision.made", "contribution.published"]}
    key = {"Idempotency-Key": "k"}
    made = await said.ask("POST", at, "moderator", key, json=new)
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    assert (await said.ask("POST", at, "moderator", key, json=new)).json() == made.json()
    own = made.headers["location"].removeprefix("https://plenary.example")
    (listed,) = (await said.read(at, "organiser"))["items"]
    assert "secret" not in listed and {**listed, "secret": made.json()["secret"]} == made.json()
    assert listed["kinds"] == ["contribution.published", "decision.made"] and listed["cursor"] == 8
    assert (await said.read(own, "moderator")) == {**listed, "attempts": []}
    for seq, status in ((0, 422), (9, 422), (3, 200), (None, 200)):
        answer = await said.ask("POST", f"{own}/replay", "moderator", json={"seq": seq})
        assert answer.status_code == status
    assert answer.json()["cursor"] == 2
    faults: tuple[dict[str, Any], ...] = (
        {"url": "http://example.org/"}, {"url": "https://10.0.0.1/"}, {"url": URL, "kinds": ["sign_in.asked"]},
        {"url": URL, "more": 1}, {},
    )  # fmt: skip
    for wrong in faults:
        assert (await said.ask("POST", at, "moderator", json=wrong)).status_code == 422, wrong
    narrow = await key_for(database, said.made.moderator, "read", "write")
    for who, status in (("participant", 403), (narrow, 403), (None, 401)):
        assert (await said.get(at, who)).status_code == status
        assert (await said.get(own, who)).status_code == status
        assert (await said.ask("POST", at, who, json=new)).status_code == status
        assert (await said.ask("POST", f"{own}/replay", who, json={})).status_code == status
        assert (await said.ask("DELETE", own, who)).status_code == status
    assert (await said.ask("DELETE", own, "organiser")).status_code == 204
    assert (await said.ask("DELETE", own, "organiser")).status_code == 404
    assert (await said.get(f"{at}/nothing", "moderator")).status_code == 404
    async with database.writing() as session:
        kinds = list(await session.scalars(select(Entry.kind).where(Entry.kind.like("webhook.%")).order_by(Entry.seq)))
    assert kinds == ["webhook.made", "webhook.resumed", "webhook.resumed", "webhook.removed"]


async def test_only_so_many(said: Talk) -> None:
    for number in range(21):
        answer = await said.ask("POST", f"{said.home}/webhooks", "moderator", json={"url": f"{URL}/{number}"})
        assert answer.status_code == (201 if number < 20 else 409)
    first = await said.read(f"{said.home}/webhooks", "moderator", limit=15)
    assert len(first["items"]) == 15 and first["next"]
    assert len((await said.read(first["next"], "moderator"))["items"]) == 5
