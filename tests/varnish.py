"""A Varnish in its default configuration in front of a server: a shared cache that we did not write."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

PROGRAM = shutil.which("varnishd") or shutil.which("varnishd", path="/usr/sbin:/usr/local/sbin")
_PATIENCE = 200  # tenths of a second, until it answers


@dataclass(frozen=True, slots=True)
class Varnish:
    """A cache that runs."""

    url: str
    _client: httpx.AsyncClient = field(repr=False)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """An answer through the cache. No cookie of an earlier answer is sent: `Cookie` is, where it is given."""
        self._client.cookies.clear()
        return await self._client.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})

    async def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        """What a form is answered."""
        self._client.cookies.clear()
        return await self._client.post(path, data=form, headers={"Origin": self.url})


def from_memory(answer: httpx.Response) -> bool:
    """Whether the cache had it: then it names the request that fetched it, too."""
    return len(answer.headers["x-varnish"].split()) == 2


@asynccontextmanager
async def varnish(backend: str) -> AsyncIterator[Varnish]:
    """Runs for as long as the block does."""
    assert PROGRAM is not None
    with socket.socket() as probe, tempfile.TemporaryDirectory(prefix="plenary-varnish-") as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "-F", "-j", "none", "-a", f"127.0.0.1:{port}", "-b", urlsplit(backend).netloc, "-n", folder,
            "-s", "malloc,32m", stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
                await _until_it_answers(client, process)
                yield Varnish(str(client.base_url), client)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _until_it_answers(client: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    for _ in range(_PATIENCE):
        assert process.returncode is None, "varnishd ended by itself"
        try:
            if (await client.get("/health")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("varnishd does not answer")
