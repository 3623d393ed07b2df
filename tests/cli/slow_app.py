"""A small application that tells about the process and the socket it runs on."""

import asyncio
import os
import socket

import asyncpg
from fastapi import FastAPI, Request


def create_app() -> FastAPI:
    """Answers `/` after `?wait=` seconds, and fails at `/fail?written=`."""
    app = FastAPI()

    @app.get("/")
    async def about(request: Request, wait: float = 0) -> dict[str, int]:
        await asyncio.sleep(wait)
        return {"pid": os.getpid(), "no_delay": _no_delay(request.scope["server"][1])}

    @app.get("/fail")
    async def fail(written: str) -> None:
        try:
            raise asyncpg.NotNullViolationError(written)
        except asyncpg.PostgresError as error:
            raise ValueError(written) from error

    return app


def _no_delay(port: int) -> int:
    """TCP_NODELAY of this process's accepted connections to the port: 1 if it is set on all of them."""
    options = []
    for name in os.listdir("/proc/self/fd"):
        try:
            with socket.socket(fileno=os.dup(int(name))) as one:
                if one.getsockname()[1] == port and not one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    options.append(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        except (OSError, IndexError, TypeError):
            continue
    return int(bool(options) and all(options))
