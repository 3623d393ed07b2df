"""Whatever a receiver does, it is an attempt that failed, and keeps nobody else waiting."""

import asyncio
import datetime as dt
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app import errors
from app.config import settings
from app.notifications.webhooks import connecting
from app.notifications.webhooks.addresses import checked_url, is_public
from app.notifications.webhooks.connecting import Line, Outcome
from tests.notifications.webhooks import receiving as behaviours
from tests.notifications.webhooks.conftest import Hooks
from tests.notifications.webhooks.receiving import receiving

pytestmark = pytest.mark.anyio
REDIRECT = b"HTTP/1.1 307 Elsewhere\r\nLocation: http://169.254.169.254/latest/meta-data\r\nContent-Length: 0\r\n\r\n"
NONSENSE = b"\x00\xff" * 500 + b"\r\n\r\n"
UNREADABLE = "The answer cannot be read (RemoteProtocolError)."
TOO_SLOW = "There was no whole answer in time."
HEADERS = {"Content-Type": "application/json", "webhook-id": "msg_1"}


async def post(url: str) -> Outcome:
    async with Line() as line:
        return await line.post(url, HEADERS, b'{"seq": 1}')


async def test_a_slow_one_delays_no_other(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "IN_ALL", 1.0)
    async with receiving(behaviours.silent) as slow, receiving() as quick:
        stuck = await hooks.to(slow)
        await hooks.to(quick)
        await hooks.say(3)
        begun = time.monotonic()
        await hooks.courier.look()
        while len(quick.seqs) < 3:
            await asyncio.sleep(0.01)
        assert time.monotonic() - begun < 0.9 and len(slow.seqs) == 1
        await hooks.courier.wait()
        (attempt,) = (await hooks.view(stuck)).attempts
        assert attempt.status is None and attempt.answer == TOO_SLOW


async def test_hostile_answers_end_in_time(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "IN_ALL", 0.4)
    expected: list[tuple[Any, int | None, str]] = [
        (behaviours.endless_headers, None, UNREADABLE),
        (behaviours.endless_body, 200, "y" * 200),
        (behaviours.dripping, None, TOO_SLOW),
        (behaviours.hints_without_end, None, TOO_SLOW),
        (REDIRECT, 307, "Redirects are not followed."),
        (NONSENSE, None, UNREADABLE),
    ]
    for behaviour, status, answer in expected:
        async with receiving(behaviour) as receiver:
            assert await post(receiver.url) == Outcome(status, answer)
        assert len(receiver.heads) == 1
    assert not Outcome(307, "").taken
    assert await post("http://127.0.0.1:1/") == Outcome(None, "There is no connection.")


NOT_PUBLIC = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "::7f00:1", "fec0::1", "100::1", "3fff::1", "nonsense",
)  # fmt: skip


def test_only_the_public_internet_is_public() -> None:
    assert [address for address in NOT_PUBLIC if is_public(address)] == []
    for address in ("9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"):
        assert is_public(address), address


async def test_names_are_checked_when_they_are_connected_to(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[str] = []

    def leads_to(*addresses: str) -> None:
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: answers)

    async def connect(_self: Any, host: str, *_given: Any, **_more: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setenv("PLENARY_WEBHOOK_TARGETS", "public")
    settings.cache_clear()
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    for address in NOT_PUBLIC:
        leads_to("9.9.9.9", address)
        found = await post("https://hooks.example.org/")
        assert found == Outcome(None, "The name does not lead to an address on the public internet."), address
    assert connected == []
    leads_to("9.9.9.9", "149.112.112.112")
    assert (await post("https://hooks.example.org/")).answer == "There is no connection."
    assert connected == ["9.9.9.9", "149.112.112.112"]  # the addresses themselves: nothing is looked up again
    wrong = (
        "http://example.org/", "https://127.0.0.1/", "https://[::1]/", "https://a:b@example.org/", "https://",
                "ftp://example.org/", "x" * 3_000, "https://example.org/#x", "https://example.org:99999/",
    )  # fmt: skip
    for url in wrong:
        with pytest.raises(errors.Invalid):
            checked_url(url)
    assert checked_url(" https://bücher.example/hook ") == "https://xn--bcher-kva.example/hook"


async def test_tls_and_the_host_header_have_the_name(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there, names = _tls_for("hooks.example", tmp_path), list[str]()
    there.sni_callback = lambda _socket, name, _context: names.append(name)
    here = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    monkeypatch.setattr(connecting, "_ssl_context", lambda: here)
    async with receiving(ssl=there) as receiver:
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: answers)
        assert (await post(f"https://hooks.example:{receiver.port}/")).taken
        assert names == ["hooks.example"] and f"Host: hooks.example:{receiver.port}\r\n" in receiver.heads[0]
        other = await post(f"https://other.example:{receiver.port}/")
    assert other == Outcome(None, "The secure connection failed.") and len(receiver.heads) == 1


def _tls_for(name: str, folder: Path) -> ssl.SSLContext:
    """What a server needs that calls itself so, with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now, hour = dt.datetime.now(dt.UTC), dt.timedelta(hours=1)
    builder = x509.CertificateBuilder(named, named, key.public_key(), 1, now - hour, now + hour)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(*private))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
