"""The whole life of a text, once through pages and once through the API: the same states, refusals and entries."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import or_, select

from app.accounts.actions import make_key
from app.accounts.sessions import start_session
from app.clock import new_id
from app.contributions.models import Contribution, Revision
from app.database import Database
from app.moderation.models import Appeal
from app.permissions import OPERATOR
from app.record.models import Entry
from tests.making import AFTER, BEFORE, SLUG, Made, make, say

pytestmark = pytest.mark.anyio
WHY = {"rule": "1", "reason": "Because of a rule."}
TEXT = {"title": "A number", "body": "Call 555-0100 about it.", "language": "en"}
BETTER = {"title": "A number to call"}
PEOPLE = ("participant", "other", "moderator", "organiser")
STRANGER = "stranger"
State = tuple[str, int | None, str]


class Surface(Protocol):
    """Where somebody does something: each returns the answer, whatever it is."""

    async def post(self, who: str) -> Response: ...
    async def edit(self, who: str) -> Response: ...
    async def decide(self, who: str, act: str, **given: Any) -> Response: ...
    async def flag(self, who: str) -> Response: ...
    async def appeal(self, who: str) -> Response: ...
    async def answer(self, who: str) -> Response: ...


@dataclass
class Pages:
    """Forms, sent by browsers in which people are signed in."""

    client: AsyncClient
    database: Database
    tokens: dict[str, str]
    id: UUID = field(default_factory=new_id)

    async def post(self, who: str) -> Response:
        form = {"id": str(self.id), "topic": BEFORE, "kind": "proposal", "byline": "full", "do": "send", **TEXT}
        return await self._send(who, "contribute", form)

    async def edit(self, who: str) -> Response:
        form = {"based_on": "1", "topic": BEFORE, "kind": "proposal", "byline": "full", "do": "send", **TEXT, **BETTER}
        return await self._send(who, f"{await self._which()}/edit", form)

    async def decide(self, who: str, act: str, **given: Any) -> Response:
        revision = {"revision": str(await waiting(self.database, self.id) or "")}
        why = {} if act == "approve" else WHY
        return await self._send(who, f"{await self._which()}/{act}", {**why, **revision, **given})

    async def flag(self, who: str) -> Response:
        form = {"contribution": str(self.id), "rule": "1", "note": "It has a telephone number."}
        return await self._send(who, f"{await self._which()}/flag", form)

    async def appeal(self, who: str) -> Response:
        return await self._send(who, f"{await self._which()}/appeal", {"words": "It is the office's."})

    async def answer(self, who: str) -> Response:
        form = {"appeal": str(await appeal_of(self.database, self.id)), "outcome": "overturned", "reason": "So it is."}
        return await self._send(who, "moderate/appeals", form)

    async def _which(self) -> Any:
        return (await state(self.database, self.id))[1] or self.id

    async def _send(self, who: str, path: str, form: dict[str, Any]) -> Response:
        self.client.cookies.clear()
        cookies = {"Cookie": f"plenary_session={self.tokens[who]}"} if who in self.tokens else {}
        headers = {"Origin": "http://testserver", **cookies}
        return await self.client.post(f"/c/{SLUG}/{path}", data=form, headers=headers)


@dataclass
class Api:
    """JSON, sent with people's keys."""

    client: AsyncClient
    database: Database
    keys: dict[str, str]
    id: UUID = field(default_factory=new_id)

    async def post(self, who: str) -> Response:
        given = {"topic": BEFORE, "kind": "proposal", "byline": "full", **TEXT}
        answer = await self._ask(who, "POST", f"consultations/{SLUG}/contributions", given)
        if answer.status_code == 201:
            self.id = UUID(answer.json()["id"])
        return answer

    async def edit(self, who: str) -> Response:
        return await self._ask(who, "PATCH", f"contributions/{self.id}", BETTER, {"If-Match": "*"})

    async def decide(self, who: str, act: str, **given: Any) -> Response:
        revision = await waiting(self.database, self.id)
        named = {"revision": str(revision)} if revision else {}
        why = {} if act == "approve" else WHY
        into = {"into": int(given["into"])} if "into" in given else {}
        return await self._ask(who, "POST", f"contributions/{self.id}/decisions",
                               {"act": act, **why, **named, **given, **into})  # fmt: skip

    async def flag(self, who: str) -> Response:
        flag = {"rule": "1", "note": "It has a telephone number."}
        return await self._ask(who, "POST", f"contributions/{self.id}/flags", flag)

    async def appeal(self, who: str) -> Response:
        words = {"words": "It is the office's."}
        return await self._ask(who, "POST", f"contributions/{self.id}/appeals", words)

    async def answer(self, who: str) -> Response:
        appeal, given = await appeal_of(self.database, self.id), {"outcome": "overturned", "reason": "So it is."}
        return await self._ask(who, "POST", f"appeals/{appeal}/decision", given)

    async def _ask(
        self, who: str, method: str, path: str, given: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Response:
        self.client.cookies.clear()
        key = {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}
        return await self.client.request(method, f"/api/v1/{path}", json=given, headers={**key, **(headers or {})})


async def waiting(database: Database, id: UUID) -> UUID | None:
    async with database.writing() as session:
        query = select(Revision.id).where(Revision.contribution_id == id, Revision.state == "waiting")
        return await session.scalar(query)


async def appeal_of(database: Database, id: UUID) -> UUID | None:
    async with database.writing() as session:
        return await session.scalar(select(Appeal.id).where(Appeal.contribution_id == id))


async def state(database: Database, id: UUID) -> State:
    async with database.writing() as session:
        contribution = await session.get(Contribution, id)
        if contribution is None:
            return ("none", None, "")
        body = await session.scalar(
            select(Revision.body).where(Revision.contribution_id == id).order_by(Revision.number.desc()).limit(1)
        )
        return contribution.status, contribution.number, body or ""


async def told(database: Database, id: UUID) -> list[tuple[str, list[str]]]:
    """All entries about a contribution, of whichever log, with the fields that they carry."""
    about = or_(Entry.subject == id, Entry.payload["contribution"].astext == str(id))
    async with database.writing() as session:
        rows = await session.execute(select(Entry.kind, Entry.payload).where(about).order_by(Entry.time, Entry.seq))
        return sorted((kind, sorted(payload)) for kind, payload in rows)


def outcome(answer: Response) -> str:
    if answer.status_code in (401, 403, 404) or answer.headers.get("location", "").startswith("/sign-in"):
        return "refused"
    assert answer.status_code in (200, 201, 202, 204, 303), (answer.status_code, answer.text)
    return "done"


# What is done, who may not, who does it, and the state after it: status, whether it has its number, the body.
WHOLE = TEXT["body"]
CUT = "Call █████ about it."
LIFE: tuple[tuple[str, dict[str, str], tuple[str, ...], str, tuple[str, bool, str]], ...] = (
    ("post", {}, (), "participant", ("pending", False, WHOLE)),
    ("ask", {}, ("participant", "other"), "moderator", ("pending", False, WHOLE)),
    ("edit", {}, ("other", "moderator"), "participant", ("pending", False, WHOLE)),
    ("approve", {}, ("participant", "other"), "moderator", ("published", True, WHOLE)),
    ("flag", {}, (), "other", ("published", True, WHOLE)),
    ("hide", {}, ("participant", "other"), "moderator", ("hidden", True, WHOLE)),
    ("appeal", {}, ("other", "moderator"), "participant", ("hidden", True, WHOLE)),
    ("answer", {}, ("participant", "other", "moderator"), "organiser", ("published", True, WHOLE)),
    ("move", {"topic": AFTER}, ("participant", "other"), "moderator", ("published", True, WHOLE)),
    ("redact", {"passage": "555-0100"}, ("participant", "other"), "moderator", ("published", True, CUT)),
    ("merge", {"into": "1"}, ("participant", "other"), "moderator", ("merged", True, CUT)),
)  # fmt: skip


async def live(surface: Surface, database: Database, id_of: Callable[[], UUID]) -> list[Any]:
    """Live it through, and return what was recorded."""
    verbs: dict[str, Callable[[str], Awaitable[Response]]] = {
        "post": surface.post, "edit": surface.edit, "flag": surface.flag, "appeal": surface.appeal,
        "answer": surface.answer,
    }  # fmt: skip
    for act, given, others, who, after in LIFE:
        before = await state(database, id_of()), await told(database, id_of())
        for refused in (STRANGER, *others):
            if (act, refused) == ("post", STRANGER):
                continue  # a stranger writes first and signs in then
            answer = await (verbs[act](refused) if act in verbs else surface.decide(refused, act, **given))
            assert outcome(answer) == "refused", (act, refused, answer.status_code, answer.text)
            assert (await state(database, id_of()), await told(database, id_of())) == before, (act, refused)
        answer = await (verbs[act](who) if act in verbs else surface.decide(who, act, **given))
        assert outcome(answer) == "done", (act, answer.text)
        status, number, body = await state(database, id_of())
        assert (status, number is not None, body) == after, act
    return await told(database, id_of())


async def test_pages_and_api_do_refuse_and_record_the_same(client: AsyncClient, database: Database) -> None:
    made: Made = await make(database)
    await say(database, made, actor=made.other, title="The other text")
    tokens, keys = {}, {}
    async with database.writing() as session:
        for who in PEOPLE:
            person = getattr(made, who).person
            tokens[who] = (await start_session(session, person, "Firefox on Linux"))[1]
            keys[who] = (await make_key(session, OPERATOR, person, "t", ("read", "write", "moderate")))[1]
    pages, api = Pages(client, database, tokens), Api(client, database, keys)
    by_pages = await live(pages, database, lambda: pages.id)
    by_api = await live(api, database, lambda: api.id)
    assert by_pages == by_api
    assert [kind for kind, _fields in by_pages if kind.startswith("contribution.")] == sorted(
        f"contribution.{each}" for each in ("published", "hidden", "restored", "moved", "redacted", "merged")
    )
    assert {kind for kind, _fields in by_pages} >= {
        "text.waiting", "flag.raised", "flag.closed", "appeal.made", "appeal.decided", "appeal.told", "author.told",
        "decision.made", "text.erased",
    }  # fmt: skip
