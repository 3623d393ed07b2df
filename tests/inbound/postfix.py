"""A Postfix of the tests' own, on loopback: the mail server that an organisation has, and people's mail programs."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.inbound.writing import DOMAIN, TRUSTED, written

DAEMONS = Path("/usr/lib/postfix/sbin")
WHY_NOT = "Postfix is started as root, and Debian's package is needed"
CAN_RUN = os.geteuid() == 0 and (DAEMONS / "master").exists()
_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
myhostname = {name}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
smtp_host_lookup = native
alias_maps =
local_recipient_maps =
relay_domains = {ours}
transport_maps = inline:{{ {ours}=lmtp:inet:127.0.0.1:{lmtp} }}
default_transport = smtp:[127.0.0.1]:{people}
"""
_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""


@dataclass
class People:
    """Everybody's mailboxes, and their mail programs, which know nothing but the mail server."""

    server: int = 0  # its port
    boxes: dict[str, list[EmailMessage]] = field(default_factory=dict)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        for each in envelope.rcpt_tos:
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.boxes.setdefault(each, []).append(mail)
        return "250 2.0.0 Ok"

    async def write(self, sender: str, to: str, text: str, **headers: str) -> None:
        """Send a mail as somebody's program does."""
        raw = written(to, text, sender=sender, **headers)
        await aiosmtplib.send(raw, sender=sender, recipients=[to], hostname="127.0.0.1", port=self.server,
                              start_tls=False)  # fmt: skip


@asynccontextmanager
async def delivering(lmtp: int) -> AsyncIterator[People]:
    """A Postfix that hands over what is for us and delivers what is from us, as docs/mail.md says; until the end of the
    block."""
    people, loop = People(), asyncio.get_running_loop()
    boxes = await loop.create_server(lambda: SMTP(people, loop=loop), "127.0.0.1", 0)
    people.server = _free_port()
    folder = Path(tempfile.mkdtemp(prefix="plenary-postfix-"))
    _lay_out(folder, people.server, lmtp, boxes.sockets[0].getsockname()[1])
    master = await asyncio.create_subprocess_exec(
        str(DAEMONS / "master"), "-c", str(folder / "conf"), "-d", env={"MAIL_CONFIG": str(folder / "conf")},
        stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _answers(people.server)
        yield people
    finally:
        if master.returncode is None:
            master.terminate()
        await master.wait()
        boxes.close()
        shutil.rmtree(folder)


def _lay_out(folder: Path, port: int, lmtp: int, people: int) -> None:
    """What the package's own scripts would make: the folders that its processes expect, and whose they are."""
    folder.chmod(0o711)
    for name in ("conf", "data", "queue", "queue/pid"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    for name in (*_QUEUES, "maildrop", "public"):
        (folder / "queue" / name).mkdir(mode=0o700)
        shutil.chown(folder / "queue" / name, "postfix", "postdrop" if name in ("maildrop", "public") else None)
    (folder / "queue/maildrop").chmod(0o730)
    (folder / "queue/public").chmod(0o710)
    given = {"folder": folder, "daemons": DAEMONS, "name": TRUSTED, "ours": DOMAIN, "lmtp": lmtp, "people": people}
    (folder / "conf/main.cf").write_text(_MAIN.format(**given).lstrip())
    (folder / "conf/master.cf").write_text(_SERVICES.format(port=port).lstrip())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def _answers(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
