"""`export --archive`: a consultation as one zip file for a research repository."""

import sys
from contextlib import nullcontext
from pathlib import Path

from app.cli import address, opened
from app.cli.progress import Progress
from app.config import settings
from app.readings.archive import write_archive


async def archive(slug: str, out: Path | None, data: Path | None) -> None:
    """Write the archive to a file, whole or not at all, or to standard output."""
    progress = Progress("Archived", None)
    async with opened(data) as database:
        part = out and out.with_name(f"{out.name}.part")
        try:
            with part.open("wb") if part else nullcontext(sys.stdout.buffer) as stream:
                made = await write_archive(database, slug, address(settings()), stream, progress.add)
        except BaseException:
            if part:
                part.unlink(missing_ok=True)
            raise
        if part and out:
            part.replace(out)
    progress.line(
        f"{made.contributions:,} contributions archived as of entry {made.consultation.size:,}; {made.left_out:,} left "
        "out, since their authors did not agree to a deposit."
    )
