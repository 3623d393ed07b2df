"""Where a request for a page comes from."""

from fastapi import Request

from app.accounts import networks


def network_of(request: Request) -> str:
    """The network of who asks, for limits."""
    return networks.network_of(request.client.host if request.client else "")
