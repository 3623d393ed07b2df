"""Mails for the tests, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID, uuid4

from sqlalchemy import select

from app import clock
from app.config import settings
from app.contributions.models import Contribution, Revision
from app.database import Database
from app.inbound.processing import take_in
from app.mailed import intake
from app.mailed.models import InboundMail
from app.notifications import mailboxes
from app.permissions import Actor
from app.worker import catch_up

BASE = "https://plenary.example.org"
DOMAIN = "reply.example.org"
TRUSTED = "mx.example.org"
PASSED = f"{TRUSTED}; dmarc=pass header.from=example.org"
FAILED = f"{TRUSTED}; dmarc=fail header.from=example.org"


@dataclass(frozen=True)
class Post:
    """Brings mails in, and reads what goes out."""

    database: Database

    async def __call__(
        self, to: str | None, text: str, *, sender: str = "participant-b@example.org", returns: str | None = None,
        **headers: str,
    ) -> InboundMail:  # fmt: skip
        """Take a mail in and deal with it. Underscores in the names of headers stand for hyphens."""
        assert to is not None
        return await self.raw(to, written(to, text, sender=sender, **headers), sender if returns is None else returns)

    async def raw(self, to: str, raw: bytes, returns: str) -> InboundMail:
        async with self.database.writing() as session:
            id, _new = await intake.keep(session, returns, to, raw)
        while await take_in(self.database):
            pass
        return await self.again(id)

    async def again(self, id: UUID) -> InboundMail:
        async with self.database.writing() as session:
            return await session.get_one(InboundMail, id)

    async def answers(self) -> list[EmailMessage]:
        """What was sent out, in order."""
        await catch_up(self.database, BASE)
        files = sorted(settings().mail_folder.glob("mail-*.eml"), key=lambda file: int(file.stem.rpartition("-")[2]))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    async def texts(self) -> Sequence[tuple[Contribution, Revision]]:
        """What came by mail, with its latest revision."""
        query = (
            select(Contribution, Revision)
            .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
            .where(Contribution.channel == "email")
            .order_by(Contribution.created, Contribution.id)
        )
        async with self.database.writing() as session:
            return [(row[0], row[1]) for row in await session.execute(query)]


def written(to: str, text: str, *, sender: str = "participant-b@example.org", **headers: str) -> bytes:
    """A mail as a program sends it."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = f"Sample Sender <{sender}>", to
    mail["Subject"] = headers.pop("Subject", "Re: A proposal")
    mail["Message-ID"] = headers.pop("Message_ID", f"<{uuid4()}@example.org>")
    mail.set_content(text, cte="8bit")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail.as_bytes()


def reply_to(actor: Actor, contribution: UUID) -> str:
    assert actor.person is not None
    address = mailboxes.reply_address(actor.person, contribution, clock.now())
    assert address is not None
    return address


def said(mail: EmailMessage) -> str:
    """The words of an answer."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
