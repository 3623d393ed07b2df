"""Settings: every one has the prefix PLENARY_ and is listed by `python3 -m app settings`."""

import base64
import re
import secrets
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ADDRESS = r"[^@\s<>,]+@[^@\s<>,]+"
_SHAPES = {  # of a setting: a regular expression, and how we say it
    "base_url": (r"https?://[\w.:\[\]-]+(/[^\s?#]*)?", "https://consultation.example.org"),
    "organiser": (_ADDRESS, "name@example.org"),
    "mail_from": (rf'("[^"]*"|[^"<>@,]*)\s*<{_ADDRESS}>|{_ADDRESS}', "Plenary <plenary@example.org>"),
    "mail_domain": (r"(?i)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*", "reply.example.org"),
    "bucket": (r"s3://[\w.-]+(/[\w./-]*)?", "s3://bucket/prefix"),
    "bucket_endpoint": (r"https?://[^\s/]+\S*", "https://s3.example.org"),
    "machine_translation": (r"[\w.]+:\w+", "module:class"),
}
_SHORTEST_SECRET = 16  # characters


class Settings(BaseSettings):
    """What an operator can set. A field's description is its line in `settings`."""

    model_config = SettingsConfigDict(env_prefix="PLENARY_", env_ignore_empty=True, extra="ignore")

    data: Path = Field(Path("data"), description="Folder for the embedded database, mail files and the server key")
    database_url: SecretStr | None = Field(None, description="A PostgreSQL 15+ server instead of the embedded one")
    read_database_url: SecretStr | None = Field(
        None, description="Where public reading goes (a replica); default: same"
    )
    database_pool: int = Field(8, ge=1, le=100, description="Connections per worker process and engine")
    base_url: str | None = Field(None, description="Public address, https://… ; default: as the server is reached")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on")
    workers: int = Field(1, ge=1, le=64, description="Server processes")
    secret: SecretStr | None = Field(None, description="Server key; default: kept in the data folder")
    record_key: SecretStr | None = Field(
        None, description="Ed25519 seed that checkpoints are signed with, 32 bytes in base 64; default: in the database"
    )
    organiser: str = Field("organiser@localhost", description="Mail address of the first start's organiser")
    smtp_url: SecretStr | None = Field(
        None, description="smtp(s)://user:password@host:port; default: files under mail/"
    )
    mail_from: str = Field("Plenary <plenary@localhost>", description="Sender of all mail")
    mail_domain: str | None = Field(
        None, description="Domain whose mail is handed to this service, such as reply.example.org; default: none"
    )
    mail_authserv: str = Field(
        "", description="Name under which your mail server reports on senders (Authentication-Results); default: none"
    )
    lmtp_port: int | None = Field(None, ge=0, le=65535, description="Port to take mail on by LMTP; default: none")
    lmtp_host: str = Field("127.0.0.1", description="Address to listen on for LMTP")
    inbound_secret: SecretStr | None = Field(
        None, description="Secret of the webhook that mail comes by (whsec_…); default: there is none"
    )
    invitations_per_minute: int = Field(
        60, ge=1, le=10_000, description="Most invitations from organisers' lists that are mailed in a minute"
    )
    invitations_per_day: int = Field(
        10_000, ge=1, description="Most people that one consultation may invite from lists in 24 hours"
    )
    rate_limits: Literal["on", "off"] = Field("on", description="off serves benchmarks")
    trusted_proxies: str = Field("", description="Proxies whose X-Forwarded-* headers are believed, comma-separated")
    erasures: Path | None = Field(
        None, description="List of erasures, kept outside backups; default: in the data folder"
    )
    bucket: str | None = Field(None, description="s3://bucket/prefix for files; default: the database")
    bucket_endpoint: str | None = Field(
        None, description="Address of an S3-compatible service; default: Amazon's, by region"
    )
    bucket_region: str = Field("us-east-1", description="Region of the bucket")
    bucket_key: str | None = Field(None, description="Access key of the bucket")
    bucket_secret: SecretStr | None = Field(None, description="Secret of that key")
    webhook_targets: Literal["public", "any"] = Field(
        "public", description="any lets webhooks go to http and private addresses: for tests and development"
    )
    machine_translation: str = Field(
        "",
        description="module:class of a provider of machine translation; default: none, and nothing of it is shown",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged")

    @field_validator(*_SHAPES)
    @classmethod
    def _has_its_shape(cls, value: str | None, asked: ValidationInfo) -> str | None:
        shape, looks = _SHAPES[asked.field_name or ""]
        if value and not re.fullmatch(shape, value):
            raise ValueError(f"must look like {looks}")
        return value

    @field_validator("base_url")
    @classmethod
    def _without_trailing_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else None

    @field_validator("mail_domain")
    @classmethod
    def _in_lower_case(cls, value: str | None) -> str | None:
        return value.lower() if value else None

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            parts = urlsplit(value.get_secret_value()) if value else None
            fits = parts is None or (parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0)
        except ValueError:  # of the port
            fits = False
        if not fits:
            raise ValueError("must be an address such as smtp://mail.example.org:25 or smtps://…")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for each in value.split(",") if value not in ("", "*") else ():
            try:
                ip_network(each.strip())
            except ValueError as wrong:  # it would be trusted never, and nobody told
                raise ValueError(f"must be IP addresses or networks, with commas: {wrong}") from None
        return value

    @field_validator("secret")
    @classmethod
    def _cannot_be_guessed(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _SHORTEST_SECRET:
            raise ValueError(f"must have {_SHORTEST_SECRET} characters or more, made at random")
        return value

    @field_validator("inbound_secret")
    @classmethod
    def _signs(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            fits = value is None or len(base64.b64decode(value.get_secret_value().removeprefix("whsec_") + "==")) >= 24
        except ValueError:
            fits = False
        if not fits:
            raise ValueError("must be whsec_ and 24 bytes or more in base 64")
        return value

    @field_validator("record_key")
    @classmethod
    def _is_seed(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            fits = value is None or len(base64.b64decode(value.get_secret_value(), validate=True)) == 32
        except ValueError:
            fits = False
        if not fits:
            raise ValueError("must be 32 bytes in base 64")
        return value

    @property
    def mail_folder(self) -> Path:
        """Where mail is written as .eml files when no SMTP server is set."""
        return self.data / "mail"

    @property
    def erasure_list(self) -> Path:
        """The append-only list that `restore` re-applies; it must not live inside a backup."""
        return self.erasures or self.data / "erasures.jsonl"


@lru_cache
def settings() -> Settings:
    """The process's settings, read from the environment once. The commands set PLENARY_DATA etc. before this."""
    return Settings()


def server_key() -> bytes:
    """32 secret bytes of this installation: PLENARY_SECRET, or a file made on first use (mode 0600).

    Mailed codes, cursors and rate-limit keys are HMACs under it, so several hosts need the same one.
    """
    given = settings().secret
    if given is not None:
        return given.get_secret_value().encode()
    return _kept_key(settings().data / "server.key")


@lru_cache
def _kept_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(fresh)  # fails where another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return path.read_bytes()
