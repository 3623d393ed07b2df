"""The address of a database, as operators and managed services write it, and as the driver wants it."""

import re
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.errors import OperatorError

SETTING = "PLENARY_DATABASE_URL"

_PLACE = {"host", "port"}
_FILES = {"sslrootcert", "sslcert", "sslkey", "sslcrl"}
_FOR_THE_DRIVER = _FILES | {
    "sslmode", "sslpassword", "ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs",
}  # fmt: skip


def parsed(url: str, setting: str = SETTING) -> URL:
    """The address in its parts.

    Raises `OperatorError`, which repeats nothing of the address: half of a password may stand where a host should.
    """
    if not re.match(r"postgres(ql)?(\+\w+)?://", url):
        raise OperatorError(f"{setting} must start with postgresql://", status=2)
    try:
        given = make_url(url)
        readable = "@" not in (given.host or "") and (given.port or 0) <= 65_535
    except (ArgumentError, ValueError):
        readable = False
    if not readable:
        raise OperatorError(
            f"{setting} cannot be read. It looks like postgresql://user:password@host:5432/database, and in user and "
            "password every @ : / ? # % is written as %40 %3A %2F %3F %23 %25.",
            status=2,
        )
    if unknown := given.query.keys() - _PLACE - _FOR_THE_DRIVER:
        raise OperatorError(
            f"{setting} has the parameter {min(unknown)}, which means nothing here: leave it out. Those that do are "
            f"{', '.join(sorted(_PLACE | _FOR_THE_DRIVER))}.",
            status=2,
        )
    for name in sorted(given.query.keys() & _FILES):
        if not Path(str(given.query[name])).is_file():
            raise OperatorError(f"{setting}: there is no file {given.query[name]} for {name}.", status=2)
    return given


def asyncpg_url(url: str) -> str:
    """The same address for SQLAlchemy with asyncpg. Raises `OperatorError`.

    What libpq knows of TLS, which addresses of managed databases carry, asyncpg takes in an address only: one inside.
    """
    given = parsed(url)
    inner = {name: value for name, value in given.query.items() if name in _FOR_THE_DRIVER}
    outer = given.set(drivername="postgresql+asyncpg").difference_update_query(inner)
    if inner:
        outer = outer.update_query_dict({"dsn": f"postgresql://?{urlencode(inner, doseq=True)}"})
    return outer.render_as_string(hide_password=False)
