"""Which addresses a webhook may have: https on the public internet, so that nobody reaches what stands behind ours."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from app import errors
from app.config import settings
from app.language import gettext as _
from app.language import number

URL_LIMIT = 2_000
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address is in its last 32 bits
# RFC 6890 and its successors: protocol assignments (Teredo among them), 6to4 and documentation.
_SPECIAL = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_RELAYS_6TO4 = IPv4Address("192.88.99.0").packed[:3]


def checked_url(given: str) -> str:
    """The address as it is stored. Raises Invalid with what is wrong with it."""
    try:
        if len(given) > URL_LIMIT:
            raise ValueError(
                _(
                    "This has %(count)s characters; at most %(most)s fit.",
                    count=number(len(given)),
                    most=number(URL_LIMIT),
                )
            )
        url = _parsed(given.strip())
        if not may_be_plain() and url.scheme != "https":
            raise ValueError(_("Please give an address that begins with https://."))
        if not url.host or url.scheme not in ("http", "https") or not 0 < (url.port or 443) < 65_536:
            raise ValueError(_("Please give a whole address, such as https://example.org/plenary."))
        if url.userinfo or url.fragment:
            raise ValueError(_("Please leave out names, passwords and what follows a #."))
        if not may_be_plain() and _is_literal_and_not_public(url.host):
            raise ValueError(_("This is not an address on the public internet."))
    except ValueError as fault:
        raise errors.Invalid({"url": str(fault)}) from None
    return str(url)


def is_allowed(address: str) -> bool:
    """Whether we may connect to this IP address."""
    return may_be_plain() or is_public(address)


def may_be_plain() -> bool:
    """Whether tests and development may use http and any address."""
    return settings().webhook_targets == "any"


def is_public(address: str) -> bool:
    """Whether an IP address is somebody's on the public internet: nothing private, local, reserved, or for many.

    Of an IPv6 address that stands for an IPv4 address, that one counts.
    """
    try:
        found = ip_address(address)
    except ValueError:  # with a zone, such as fe80::1%eth0
        return False
    if isinstance(found, IPv4Address):
        return _is_public_4(found)
    if found.ipv4_mapped is not None:
        return _is_public_4(found.ipv4_mapped)
    if found in _NAT64:
        return _is_public_4(IPv4Address(found.packed[-4:]))
    return _is_public_6(found)


def _is_public_4(address: IPv4Address) -> bool:
    shared = address.is_multicast or address.is_reserved or address.packed[:3] == _RELAYS_6TO4
    return address.is_global and not shared


def _is_public_6(address: IPv6Address) -> bool:
    return address in _UNICAST and address.is_global and not any(address in special for special in _SPECIAL)


def _is_literal_and_not_public(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def _parsed(given: str) -> httpx.URL:
    try:
        return httpx.URL(given)
    except httpx.InvalidURL:
        raise ValueError(_("This is not an address.")) from None
