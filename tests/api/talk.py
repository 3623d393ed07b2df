"""Talking to the API in one consultation, as each of its people."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from httpx import AsyncClient, Response

from app.accounts.actions import make_key
from app.database import Database
from app.permissions import OPERATOR, Actor
from tests.making import AFTER, Made

SCOPES = ("read", "write", "moderate")
PROPOSAL = {"topic": AFTER, "kind": "proposal", "title": "A proposal", "body": "Text.", "language": "en"}


@dataclass
class Talk:
    """A client, a consultation, and a key for each of its people."""

    client: AsyncClient
    made: Made
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The consultation's own address."""
        return f"/api/v1/consultations/{self.made.slug}"

    def at(self, id: Any, rest: str = "") -> str:
        """The address of a contribution, or beneath it."""
        return f"/api/v1/contributions/{id}{rest}"

    async def get(self, url: str, who: str | None = None, **params: Any) -> Response:
        """Read as somebody, or as anyone."""
        return await self.ask("GET", url, who, params=params or None)

    async def read(self, url: str, who: str | None = None, **params: Any) -> Any:
        """What is there."""
        answer = await self.get(url, who, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(
        self, who: str | None = "participant", headers: dict[str, str] | None = None, **given: Any
    ) -> Response:
        """Post a proposal, or whatever `given` says."""
        body = given if "parent" in given else {**PROPOSAL, **given}
        if "parent" in given:
            body = {"body": "A reply.", "language": "en", **given}
        return await self.ask("POST", f"{self.home}/contributions", who, json=body, headers=headers)

    async def posted(self, who: str = "participant", **given: Any) -> dict[str, Any]:
        """What was posted."""
        answer = await self.post(who, **given)
        assert answer.status_code == 201, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def decide(self, id: Any, act: str, who: str | None = "moderator", **given: Any) -> Response:
        """Decide as a moderator."""
        reason = {} if act == "approve" else {"reason": "Because of a rule."}
        return await self.ask("POST", self.at(id, "/decisions"), who, json={"act": act, **reason, **given})

    async def ask(
        self, method: str, url: str, who: str | None, headers: dict[str, str] | None = None, **more: Any
    ) -> Response:  # fmt: skip
        """Any request, with somebody's key."""
        key = {"Authorization": f"Bearer {self.keys.get(who, who)}"} if who else {}
        return await self.client.request(method, url, headers={**key, **(headers or {})}, **more)


async def talk(database: Database, client: AsyncClient, made: Made) -> Talk:
    """With a key of all scopes for each person."""
    people = ("participant", "other", "moderator", "organiser")
    return Talk(client, made, {who: await key_for(database, getattr(made, who)) for who in people})


async def key_for(database: Database, actor: Actor, *scopes: str) -> str:
    """A new key."""
    assert isinstance(actor.person, UUID)
    async with database.writing() as session:
        _, secret = await make_key(session, OPERATOR, actor.person, "test", scopes or SCOPES)
    return secret
