"""The bucket itself, through obstore (the extra `bucket`): put, get, remove by key."""

from collections.abc import Awaitable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from app import errors
from app.config import settings
from app.language import gettext as _

T = TypeVar("T")


def is_set() -> bool:
    """Whether files are to be kept in a bucket."""
    return bool(settings().bucket)


async def put(key: str, content: bytes) -> None:
    """Keep this; a second time changes nothing. Raises Unavailable."""
    await _answered(_opened().put_async(key, content))


async def get(key: str) -> bytes:
    """What is kept under a key. Raises Unavailable, also where it is not there."""
    found = await _answered(_opened().get_async(key))
    return bytes(await _answered(found.bytes_async()))


async def remove(key: str) -> None:
    """Destroy it; what is not there is removed already. Raises Unavailable."""
    try:
        await _opened().delete_async(key)
    except FileNotFoundError:
        return
    except Exception as fault:
        raise _unreachable() from fault


async def _answered(work: Awaitable[T]) -> T:
    try:
        return await work
    except Exception as fault:  # the library's errors share no base: each means that the bucket did not do it
        raise _unreachable() from fault


def _unreachable() -> errors.Unavailable:
    return errors.Unavailable(_("The place where files are kept does not answer. Please try again in a few minutes."))


def _opened() -> Any:
    asked = settings()
    if not asked.bucket:
        raise _unreachable()
    secret = asked.bucket_secret.get_secret_value() if asked.bucket_secret else None
    return _open(asked.bucket, asked.bucket_endpoint, asked.bucket_region, asked.bucket_key, secret)


@lru_cache(maxsize=4)
def _open(address: str, endpoint: str | None, region: str, key: str | None, secret: str | None) -> Any:
    try:
        from obstore.store import S3Store
    except ImportError as missing:
        raise errors.Unavailable("PLENARY_BUCKET needs the extra “bucket” (obstore).") from missing
    place = urlsplit(address)
    chosen: Any = {"endpoint": endpoint, "access_key_id": key, "secret_access_key": secret}
    return S3Store(
        place.netloc,
        prefix=place.path.strip("/") or None,
        region=region,
        virtual_hosted_style_request=endpoint is None,
        client_options={"allow_http": bool(endpoint and endpoint.startswith("http://")), "timeout": "20s"},
        retry_config={"max_retries": 2},
        **{name: value for name, value in chosen.items() if value is not None},
    )
