"""Settings: each wrong value is refused in words that say what a right one looks like."""

import pytest

from app import config
from app.cli import configured
from app.errors import OperatorError


@pytest.fixture(autouse=True)
def _read_anew() -> None:
    config.settings.cache_clear()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BASE_URL", "plenary.example.org", "https://"),
        ("BASE_URL", "https://", "https://"),
        ("BASE_URL", "https://a b/c", "https://"),
        ("MAIL_FROM", "Plenary <nonsense>", "plenary@example.org"),
        ("MAIL_FROM", "Plenary, UN <a@b.example>", "plenary@example.org"),
        ("ORGANISER", "nobody", "name@example.org"),
        ("MAIL_DOMAIN", "a@b", "reply.example.org"),
        ("SMTP_URL", "ftp://u:geheim@mail.example.org", "smtp://"),
        ("SMTP_URL", "smtp://u:geheim@mail.example.org:99999", "smtp://"),
        ("SMTP_URL", "smtp://", "smtp://"),
        ("TRUSTED_PROXIES", "proxy.internal", "IP addresses"),
        ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.1/8", "host bits"),
        ("BUCKET", "files", "s3://"),
        ("BUCKET_ENDPOINT", "s3.example.org", "https://"),
        ("MACHINE_TRANSLATION", "a b", "module:class"),
        ("READ_DATABASE_URL", "mysql://x", "postgresql://"),
        ("SECRET", "geheim", "16 characters or more"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PLENARY_{name}", value)
    with pytest.raises(OperatorError) as error:
        configured()
    assert error.value.status == 2
    assert f"PLENARY_{name}" in error.value.message and told in error.value.message
    assert "geheim" not in error.value.message and "Value error" not in error.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "http://[::1]:8000/"),
        ("MAIL_FROM", '"UN, Migration" <a@b.example>'),
        ("MAIL_FROM", "Консультация <a@b.example>"),
        ("MAIL_FROM", "a@b.example"),
        ("MAIL_DOMAIN", "Reply.Example.Org"),
        ("SMTP_URL", "smtps://u%40x:p%2Fq@[::1]:465"),
        ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1"),
        ("TRUSTED_PROXIES", "*"),
        ("BUCKET", "s3://files/plenary"),
        ("BUCKET_ENDPOINT", "http://127.0.0.1:9000"),
    ],
)
def test_right_ones_are_taken(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PLENARY_{name}", value)
    configured()
