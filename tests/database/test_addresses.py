"""Addresses of databases, as operators and managed services write them."""

import pytest
from sqlalchemy import make_url

from app import errors
from app.database import asyncpg_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_usual_form_is_taken(scheme: str) -> None:
    url = make_url(asyncpg_url(f"{scheme}://someone:se%20cret@db.example.org:5433/plenary?sslmode=require"))
    assert (url.drivername, url.password, url.port, url.database) == ("postgresql+asyncpg", "se cret", 5433, "plenary")
    assert dict(url.query) == {"ssl": "require"}


@pytest.mark.parametrize("url", ["", "sqlite://", "db.example.org", "mysql://x@y/z"])
def test_anything_else_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(errors.OperatorError, match="must start with postgresql://"):
        asyncpg_url(url)
