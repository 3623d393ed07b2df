"""A real browser in front of the whole application: the server in a thread, Debian's chromium, people signed in."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import uvicorn

from app.config import settings
from app.database import Database
from app.main import create_app
from tests.conftest import _empty
from tests.web.everything import Everything, Site, fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Debian has one without windows, in which a page takes less than half of the work.
CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
T = TypeVar("T")


def aside(work: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: playwright has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def tell(figure: str) -> None:
    """Print a figure, and write it down where PLENARY_TEST_FIGURES says."""
    print(figure)
    if file := os.environ.get("PLENARY_TEST_FIGURES"):
        with Path(file).open("a") as figures:
            figures.write(f"{figure}\n")


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[str]:
    """The whole application on a socket, as long as the block runs; yields its address. The database is empty after."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PLENARY_DATABASE_URL", database_url)
    patch.setenv("PLENARY_DATA", str(folder))
    patch.setenv("PLENARY_RATE_LIMITS", "off")
    settings.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
    aside(_emptied(database_url))
    patch.undo()
    settings.cache_clear()


@contextmanager
def served_with_everything(database_url: str, folder: Path) -> Iterator[Site]:
    """As `served`, with everything there that a page can show."""
    with served(database_url, folder) as base:
        yield Site(base, aside(_filled(database_url)))


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Debian's chromium, headless. Skips the test where it, or playwright, is not installed."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser test")
    program = next((each for each in CHROMIUMS if each.exists()), None)
    if program is None:
        pytest.skip("no chromium: install chromium-headless-shell or chromium for the browser tests")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox"])
        yield browser
        browser.close()


async def _filled(url: str) -> Everything:
    database = Database(url, pool=2)
    everything = await fill(database)
    await database.close()
    return everything


async def _emptied(url: str) -> None:
    database = Database(url, pool=1)
    await _empty(database)
    await database.close()
