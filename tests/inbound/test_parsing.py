"""Mails that programs, machines and enemies send: read, or refused in one word."""

import base64
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inbound.limits import LARGEST
from app.inbound.mail import Reason, Unreadable
from app.inbound.parsing import read
from app.inbound.trimming import trim
from tests.inbound.messages import MAILS, name, raw, those

HEAD = b"From: sample.person@example.org\r\nSubject: sample\r\nMIME-Version: 1.0\r\n"
READABLE = [expected for expected in MAILS if "unreadable" not in expected]


@pytest.mark.parametrize("expected", READABLE, ids=name)
def test_what_a_mail_is(expected: dict[str, Any]) -> None:
    mail = read(raw(expected))
    assert (mail.html_only, mail.garbled, mail.looks_away) == tuple(
        expected.get(key, False) for key in ("html_only", "garbled", "looks_away")
    )
    assert (mail.automatic.name if mail.automatic else None) == expected.get("automatic")
    assert list(mail.delivery_status) == expected.get("delivery_status", [])
    assert mail.list_id == expected.get("list_id")
    if mail.automatic is None:
        assert [file.name for file in mail.attachments] == expected.get("attachments", [])
        assert [file.name for file in mail.inline] == expected.get("inline", [])
        assert mail.forwarded == expected.get("forwarded", 0)
        assert (mail.from_address or "") == expected.get("from_address", "sample.person@example.org")


@pytest.mark.parametrize("expected", those("unreadable"), ids=name)
def test_what_is_sealed_is_not_read(expected: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as refused:
        read(raw(expected))
    assert refused.value.reason is Reason[expected["unreadable"]]


def test_the_corpus_is_as_large_as_it_says() -> None:
    """Six languages by eight programs at least, and small enough to be read."""
    files = [expected["file"] for expected in MAILS]
    assert len(files) == len(set(files)) >= 60
    assert sum(len(raw(expected)) for expected in MAILS) < 500_000


def test_headers_are_decoded_and_cannot_be_injected() -> None:
    mail = read(
        b"From: =?utf-8?q?S=C3=A4mple=0D=0ABcc=3A_x?= <Sample.Person@Example.ORG>\r\n"
        b"To: a@example.org, B <b@example.org>\r\n"
        b"Cc: c@example.org\r\nDelivered-To: r-1@consult.example.org\r\nMessage-ID:\r\n <one@example.org>\r\n"
        b"In-Reply-To: <two@example.org>\r\nReferences: <three@example.org>\r\n <two@example.org>\r\n"
        b"Subject: =?koi8-r?B?79TXxdQ=?=\r\n =?utf-8?q?=0D=0AX-Injected=3A_yes?=\r\n"
        b"Date: Fri, 16 Sep 2016 12:04:31 +0200\r\n"
        b"Content-Language: fr-CA, nonsense!\r\nAuthentication-Results: mx.example.org;\r\n dkim=pass\r\n\r\nBody.\r\n"
    )
    assert (mail.from_name, mail.from_address) == ("Sämple Bcc: x", "sample.person@example.org")
    assert (mail.to, mail.cc, mail.delivered_to) == (
        ("a@example.org", "b@example.org"),
        ("c@example.org",),
        ("r-1@consult.example.org",),
    )
    assert mail.subject == "Ответ X-Injected: yes"
    assert (mail.message_id, mail.in_reply_to) == ("one@example.org", ("two@example.org",))
    assert mail.references == ("three@example.org", "two@example.org")
    assert mail.date == datetime(2016, 9, 16, 10, 4, 31, tzinfo=UTC)
    assert mail.languages == ("fr-CA",)
    assert mail.authentication_results == ("mx.example.org; dkim=pass",)
    assert read(HEAD + b"Date: Fri, 99 Sep 99999 99:99:99 +9999\r\n\r\nWhen?").date is None


def nested(depth: int) -> bytes:
    lines = [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d" % (n, n) for n in range(depth)]
    return HEAD + b"\r\n".join(lines) + b"\r\nContent-Type: text/plain\r\n\r\ndeep\r\n"


def files(count: int) -> bytes:
    one = b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\n\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + one * count + b"--b--\r\n"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", Reason.NO_MESSAGE),
        (b"\r\n\r\nno header at all", Reason.NO_MESSAGE),
        (HEAD + b"\r\n" + bytes(50_000_000), Reason.TOO_LARGE),
        (HEAD + b"\r\n" + b"\n" * (LARGEST - 200), Reason.TOO_LARGE),
        (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p>" * 400_000, Reason.TOO_LARGE),
        (
            HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"bomb" * 1_500_000),
            Reason.TOO_LARGE,
        ),
        (HEAD + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n", Reason.HEADERS_TOO_LARGE),
        (HEAD + b"X-Many: x\r\n" * 30_000 + b"\r\n", Reason.HEADERS_TOO_LARGE),
        (HEAD + b'Content-Type: text/plain; a="' + b";" * 60_000 + b'"\r\n\r\n', Reason.HEADERS_TOO_LARGE),
        (nested(2_000), Reason.TOO_MANY_PARTS),
        (nested(30), Reason.TOO_DEEP),
        (files(2_000), Reason.TOO_MANY_PARTS),
        (files(60), Reason.TOO_MANY_ATTACHMENTS),
    ],
    ids=lambda value: value.name if isinstance(value, Reason) else "",
)
def test_bombs_are_refused_before_they_burst(message: bytes, reason: Reason) -> None:
    began = perf_counter()
    with pytest.raises(Unreadable) as refused:
        read(message)
    assert refused.value.reason is reason
    assert perf_counter() - began < 3


def test_patterns_take_no_time_on_lines_made_to_slow_them() -> None:
    began = perf_counter()
    for said in (
        "On 1 ",
        "El 1 escribió",
        "Le 1 a écrit ",
        "<a@b ",
        "从我的手机",
        "Am 1 schrieb ",
        "> (a) ",
        "في 1 كتب ",
        "--\n",
        "From:\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\n\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\n\n-----BEGIN PGP SIGNATURE-----\n",
    ):
        mail = read(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + (said * 12_000).encode())
        trim(mail.text)
        trim("\n".join(f"{said * 40}:" for _each in range(80)), ("a marker line that is nowhere",))
    assert perf_counter() - began < 10


PIECES = st.sampled_from(
    [
        b"From: a@example.org\r\n",
        b"To: ((((<@@>,;:\r\n",
        b"Date: \r\n",
        b"Subject: =?x?q?=FF?= =?utf-8?b?//?=\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: multipart/report; report-type=\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"Content-Type: text/html; charset=\xff\r\n",
        b"Content-Type: text/plain; charset=utf-16; format=flowed\r\n",
        b"Content-Type: text/plain; charset*=utf-7'x'%00\r\n",
        b"Content-Type: application/ms-tnef\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*1=x\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"\r\n",
        b"\x78\x9f\x3e\x22\x01\x00\x02\x05\x90\x06\x00\xff\xff\xff\xff",
        b"<blockquote><li><a href='http://['>",
        b"=?gb2312?b?",
        b"\x00",
        b"\xed\xa0\x80",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=14).map(b"".join))
)
def test_whatever_the_bytes_are_it_is_read_or_refused(message: bytes) -> None:
    try:
        mail = read(message)
    except Unreadable:
        return
    mail.text.encode()
    assert "\x00" not in mail.text + mail.subject + mail.from_name
    trimmed = trim(mail.text)
    assert trimmed.sure or trimmed.text == mail.text
