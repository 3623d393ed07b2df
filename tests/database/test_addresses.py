"""Addresses of databases, as operators and managed services write them."""

from pathlib import Path
from urllib.parse import quote_plus

import pytest
from sqlalchemy import URL, make_url

from app import errors
from app.database import databases
from app.database.addresses import asyncpg_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_usual_form_is_taken(scheme: str) -> None:
    url = make_url(asyncpg_url(f"{scheme}://someone:se%20cret@db.example.org:5433/plenary?sslmode=require"))
    assert (url.drivername, url.password, url.port, url.database) == ("postgresql+asyncpg", "se cret", 5433, "plenary")
    assert dict(url.query) == {"dsn": "postgresql://?sslmode=require"}


def test_what_is_said_of_certificates_reaches_the_driver(tmp_path: Path) -> None:
    given = f"postgresql://u:p%40s%2Fs@/plenary?host=/run/pg&sslmode=verify-full&sslrootcert={tmp_path}/our%20ca"
    with pytest.raises(errors.OperatorError, match=r"there is no file /.*/our ca for sslrootcert"):
        asyncpg_url(given)
    (tmp_path / "our ca").touch()
    url = make_url(asyncpg_url(given))
    assert (url.password, url.database) == ("p@s/s", "plenary")
    assert dict(url.query) == {
        "host": "/run/pg",
        "dsn": f"postgresql://?sslmode=verify-full&sslrootcert={quote_plus(f'{tmp_path}/our ca')}",
    }


@pytest.mark.parametrize("url", ["", "sqlite://", "db.example.org", "mysql://x@y/z"])
def test_anything_else_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(errors.OperatorError, match="must start with postgresql://"):
        asyncpg_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:geh@eim@db.example.org/plenary",
        "postgresql://u:geheim@db.example.org:port/plenary",
        "postgresql://u:geheim@db.example.org:99999/plenary",
        "postgresql://u:geheim@db.example.org/plenary?channel_binding=require",
    ],
)
def test_a_mistake_in_it_is_told_and_no_password(url: str) -> None:
    with pytest.raises(errors.OperatorError) as error:
        asyncpg_url(url)
    assert "geh" not in error.value.message and "eim" not in error.value.message
    assert "channel_binding" in error.value.message or "%40" in error.value.message
    assert error.value.status == 2


@pytest.mark.parametrize("password", ["geheim", "p@ss:w/ü"])
def test_programs_get_the_password_where_nobody_sees_it(password: str) -> None:
    url = URL.create("postgresql+asyncpg", "someone", password, "db.example.org", 5433, "plenary")
    address, environment = databases.libpq(url.render_as_string(hide_password=False))
    assert address == "postgresql://someone@db.example.org:5433/plenary"
    assert environment == {"PGPASSWORD": password}
