"""A mail server that takes everything and keeps nothing, in a process of its own: `python3 -m bench.sink PORT`."""

import asyncio
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class _Nowhere:
    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  # as the library calls it
        return "250 taken"


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(_Nowhere(), hostname="sink", loop=loop), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
