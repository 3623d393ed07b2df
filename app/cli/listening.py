"""A port to listen on."""

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import OperatorError

_FREED_SOON = 1.5  # seconds that the port of a killed server may take to become free


@contextmanager
def listening(host: str, port: int, chosen_by: str = "--port") -> Iterator[socket.socket]:
    """A bound socket, not yet taking connections. Raises `OperatorError` where there is none to be had.

    `chosen_by` is how an operator chooses another port.
    """
    give_up = time.monotonic() + _FREED_SOON
    while True:
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, kind, protocol)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Connections inherit this; set later, on each of them, it is forgotten where the socket is shared.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(where)
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OperatorError(f"Cannot listen on {host}, port {port}: {error.strerror}.", status=2) from error
            if time.monotonic() > give_up:
                raise OperatorError(
                    f"Port {port} is in use by another program: choose one with {chosen_by}."
                ) from error
            time.sleep(0.1)
    with listener:
        yield listener
