"""Where a request comes from, as coarsely as limits need it. Nothing stores it: limits keep an HMAC alone."""

from ipaddress import ip_address, ip_network


def network_of(host: str) -> str:
    """An IPv4 address, or the /64 that an IPv6 address is in: a household has many of the latter."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    address = (address.version == 6 and address.ipv4_mapped) or address  # as a socket for both kinds names the older
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))
