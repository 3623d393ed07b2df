"""The ways in: LMTP, the signed webhook, the command. What was acknowledged is kept; what is too much is refused."""

import asyncio
import json
from datetime import timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select, update

from app import clock
from app.cli import inbound as command
from app.config import Settings, settings
from app.database import Database
from app.errors import OperatorError
from app.inbound import lmtp, processing
from app.inbound.limits import LARGEST, MOST_RECIPIENTS
from app.inbound.processing import take_in
from app.inbound.signing import signature
from app.mailed import intake
from app.mailed.models import InboundMail
from app.notifications.mailboxes import topic_address
from tests.inbound.test_replies import ready
from tests.inbound.writing import DOMAIN, PASSED, Post, reply_to, said, written
from tests.making import AFTER, SLUG, make, say

pytestmark = pytest.mark.anyio
SECRET = "whsec_c2FtcGxlIHNlY3JldCBmb3IgdGhlIHRlc3Rz"


class Talk:
    """A mail server that hands mail over."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> str:
        while (line := (await asyncio.wait_for(self.reader.readline(), 20)).decode())[3:4] == "-":
            continue
        return line.strip()

    async def say(self, command: str) -> str:
        self.writer.write(f"{command}\r\n".encode())
        return await self.answer()

    async def hand_over(self, raw: bytes, answers: int) -> list[str]:
        assert (await self.say("DATA")).startswith("354")
        self.writer.write(raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        await self.writer.drain()
        return [await self.answer() for _ in range(answers)]


async def kept(database: Database) -> int:
    async with database.writing() as session:
        return int(await session.scalar(select(func.count()).select_from(InboundMail)) or 0)


async def test_lmtp_answers_for_each_recipient_once_the_mail_is_kept(database: Database, post: Post) -> None:
    made = await ready(database)
    parent = await say(database, made)
    reply, topic = reply_to(made.other, parent.id), str(topic_address(SLUG, AFTER))
    async with lmtp.listening(database, Settings(lmtp_port=0)) as port:
        assert port is not None
        talk = Talk(*await asyncio.open_connection("127.0.0.1", port))
        await talk.answer()
        assert (await talk.say("LHLO mx.example.org")).startswith("250")
        assert (await talk.say("MAIL FROM:<a@example.org> SIZE=52428800")).startswith("552")
        assert (await talk.say("MAIL FROM:<participant-b@example.org>")).startswith("250")
        assert (await talk.say(f"RCPT TO:<nobody@{DOMAIN}>")).startswith("550")
        assert (await talk.say("RCPT TO:<participant-a@example.org>")).startswith("550")
        for each in (reply, topic.upper()):
            assert (await talk.say(f"RCPT TO:<{each}>")).startswith("250")
        raw = written(reply, "By way of a server.\n.\n.dots stay.", Subject="Of dots")
        assert [each[:3] for each in await talk.hand_over(raw, 2)] == ["250", "250"]
        assert await kept(database) == 2
        await talk.say("MAIL FROM:<participant-b@example.org>")
        for each in (reply, topic):
            await talk.say(f"RCPT TO:<{each}>")
        bomb = b"x" * 998 + b"\r\n"
        assert [each[:3] for each in await talk.hand_over(bomb * (LARGEST // 1000 + 1), 2)] == ["552", "552"]
        assert await kept(database) == 2
        assert (await talk.say("QUIT")).startswith("221")
    assert await take_in(database)
    assert await take_in(database)
    [(_text, revision)] = await post.texts()
    assert revision.body == "By way of a server.\n.\n.dots stay."


async def test_the_webhook_takes_what_is_signed_and_nothing_else(
    database: Database, post: Post, pages: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await ready(database)
    parent = await say(database, made)
    raw = written(reply_to(made.other, parent.id), "Par le crochet : été.").decode().encode("latin-1")
    assert (await pages.post("/inbound/mail", content=raw)).status_code == 404
    monkeypatch.setenv("PLENARY_INBOUND_SECRET", SECRET)
    settings.cache_clear()
    now = int(clock.now().timestamp())

    def headers(secret: str = SECRET, sent: int = now, body: bytes = raw) -> dict[str, str]:
        signed = f"v1,{'A' * 44} {signature(secret, 'msg_1', sent, body)}"
        return {"webhook-id": "msg_1", "webhook-timestamp": str(sent), "webhook-signature": signed}

    refused = [{}, headers("whsec_" + "QUJD" * 8), headers(sent=now - 900), headers(body=raw + b"!")]
    refused.append(headers() | {"webhook-timestamp": "soon"})
    for each in refused:
        assert (await pages.post("/inbound/mail", content=raw, headers=each)).status_code == 401
    assert (await pages.post("/inbound/mail", content=b"x" * (LARGEST + 1), headers=headers())).status_code == 413
    for _ in range(2):
        answer = await pages.post("/inbound/mail", content=raw, headers=headers())
        assert answer.status_code == 200 and len(answer.json()["kept"]) == 1
    assert await kept(database) == 1
    while await take_in(database):
        pass
    assert len(await post.texts()) == 1
    many = written(", ".join(f"t{each}.x@{DOMAIN}" for each in range(30)), "To each of you.")
    answer = await pages.post("/inbound/mail", content=many, headers=headers(body=many))
    assert len(answer.json()["kept"]) == MOST_RECIPIENTS


async def test_the_command_says_what_became_of_a_mail(
    database: Database, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    made = await ready(database)
    parent = await say(database, made)
    raw = written("elsewhere@example.org", "By hand.")
    await command._inbound(raw, reply_to(made.other, parent.id), None)
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["state"], told["reason"]) == ("done", "published")
    assert told["contributions"] == [{"number": 2, "path": f"/c/{SLUG}/2"}]
    await command._inbound(raw, None, None)  # which names no address of ours
    assert "example.org" not in printed.out + printed.err + capsys.readouterr().out
    with pytest.raises(OperatorError):
        await command._inbound(raw, "x@example.org", None)


async def test_headers_are_not_broken_out_of_and_floods_end(
    database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    parent = await say(database, made)
    to = reply_to(made.other, parent.id)
    subject = "=?utf-8?q?Hello=0D=0ABcc=3A_victim=40example.net?="
    raw = f"From: participant-b@example.org\r\nSubject: {subject}\r\nMessage-ID: <a\rb@x>\r\n\r\nText.".encode()
    mail = await post.raw(to, raw, "participant-b@example.org")
    assert mail.state == "asked"
    [answer] = await post.answers()
    assert answer["Bcc"] is None and answer["To"] == "participant-b@example.org"
    assert "Bcc: victim@example.net" in answer["Subject"]
    for name, value in {"MAILS_PER_HOUR": 2, "MAIL_ANSWERS_PER_DAY": 3, "MAIL_QUESTIONS_PER_DAY": 1}.items():
        monkeypatch.setattr(f"app.accounts.limits.{name}", value)
    states = [(await post(to, f"Number {each}.")).reason for each in range(4)]
    assert states == ["byline", "ratelimited", "ratelimited", "ratelimited"]
    assert len(await post.answers()) == 3  # the first counted as well
    assert "too often" in said((await post.answers())[-1])
    proven = await post(to, "It is me.", Authentication_Results=PASSED)
    assert proven.reason != "ratelimited", "who forges an address does not silence its owner"
    monkeypatch.setattr("app.accounts.limits.MAILS_PER_HOUR", 99)
    topic = [await post(topic_address(SLUG, AFTER), "x", sender="victim@example.net", Subject="x") for _ in range(2)]
    assert [mail.reason for mail in topic] == ["account", "too_many"]


async def test_what_fails_is_tried_again_kept_and_told(
    database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    parent = await say(database, made)

    async def fails(*_given: object) -> None:
        raise RuntimeError("participant-b@example.org is in the message")

    with monkeypatch.context() as broken:
        broken.setattr(processing, "route", fails)
        broken.setattr("app.mailed.intake._PAUSES", (timedelta(0),))
        mail = await post(reply_to(made.other, parent.id), "Keep this.")
    assert (mail.state, mail.tries, b"Keep this." in (mail.raw or b"")) == ("failed", 5, True)
    [answer] = await post.answers()
    assert "Something went wrong here" in said(answer)
    again = await post.raw(str(mail.recipient), mail.raw or b"", "participant-b@example.org")
    assert (again.id, again.state, again.asks) == (mail.id, "asked", ["byline"]), "a copy of what failed is tried anew"


async def test_a_mail_that_ends_the_server_does_not_do_so_for_ever(database: Database, post: Post) -> None:
    made = await ready(database)
    parent = await say(database, made)
    async with database.writing() as session:
        raw, to = written("x@example.org", "Deadly."), reply_to(made.other, parent.id)
        id, _new = await intake.keep(session, "participant-b@example.org", to, raw)
        await session.execute(update(InboundMail).values(tries=intake.MOST_DEATHS))
    assert await take_in(database)
    mail = await post.again(id)
    assert (mail.state, mail.reason) == ("failed", "error") and mail.raw is not None


async def test_what_cannot_be_read_floods_nobody(
    database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await ready(database)
    to = reply_to(made.other, (await say(database, made)).id)
    monkeypatch.setattr("app.accounts.limits.MAIL_QUESTIONS_PER_DAY", 1)
    sealed = (
        b"From: a@example.org\r\nMessage-ID: <%d@x>\r\n"
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n'
        b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--b--\r\n"
    )
    became = [await post.raw(to, sealed % each, "victim@example.net") for each in range(3)]
    assert [mail.state for mail in became] == ["refused", "dropped", "dropped"]
    ours = [await post.raw(to, sealed % 9, each) for each in (to, "plenary@localhost", "no address")]
    assert {mail.state for mail in ours} == {"dropped"}
    assert [answer["To"] for answer in await post.answers()] == ["victim@example.net"]
