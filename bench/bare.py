"""The least there can be: servers that answer the bytes of a file, in two workers like the real one.

`python -m bench.bare fastapi --port N` with BENCH_BYTES naming the file and BENCH_ENCODING its content encoding.
"""

import os
import sys
from pathlib import Path

from fastapi import FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.cli import processes
from app.cli.listening import listening

_TYPE = "text/html; charset=utf-8"


def fastapi() -> FastAPI:
    """FastAPI with one route."""
    content, encoding = _answer()
    app = FastAPI(openapi_url=None)

    @app.get("/")
    async def answer() -> Response:
        return Response(content, headers=encoding, media_type=_TYPE)

    return app


def uvicorn() -> ASGIApp:
    """An application that knows nothing of what it was asked."""
    content, encoding = _answer()
    headers = {"content-type": _TYPE, "content-length": str(len(content)), **encoding}
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send(dict(start))
        await send({"type": "http.response.body", "body": content})

    return answer


def _answer() -> tuple[bytes, dict[str, str]]:
    encoding = os.environ["BENCH_ENCODING"]
    return Path(os.environ["BENCH_BYTES"]).read_bytes(), {"content-encoding": encoding} if encoding else {}


if __name__ == "__main__":
    which, _port, number = sys.argv[1:]
    with listening("127.0.0.1", int(number)) as listener:
        listener.listen(2048)
        processes.serve(listener, 2, f"bench.bare:{which}")
