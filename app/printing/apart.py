"""Printing in a process of its own: some seconds of work, during which pages are served as ever."""

import asyncio
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE
from datetime import datetime
from pathlib import Path
from typing import Literal

import app
from app import errors
from app.language import gettext as _
from app.printing.model import Document

Form = Literal["pdf", "docx"]
TYPES: dict[Form, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_SECONDS = 60
_ROOT = Path(app.__file__).parents[1]
_AT_ONCE = asyncio.Semaphore(1)


async def printed(document: Document, form: Form, made: datetime) -> bytes:
    """The document as a file, dated `made`. Raises Unavailable where that takes too long or fails."""
    async with _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.printing", form,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, env={"PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
        try:
            answer, _none = await asyncio.wait_for(process.communicate(pickle.dumps((document, made))), _SECONDS)
        except TimeoutError:
            answer = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode or not answer:
        raise errors.Unavailable(_("The document could not be made. Please try again, or choose a part of it."))
    return answer
