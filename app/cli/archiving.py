"""`export --archive`: a consultation as one zip file for a research repository."""

from pathlib import Path

from app.cli import address, naming, opened
from app.cli.output import output
from app.cli.progress import Progress
from app.config import settings
from app.readings.archives.archive import write_archive


async def archive(slug: str, out: Path | None, data: Path | None) -> None:
    """Write the archive to a file, whole or not at all, or to standard output."""
    progress = Progress("Archived", None)
    async with opened(data) as database:
        with output(out) as stream, naming(slug):
            made = await write_archive(database, slug, address(settings()), stream, progress.add)
    progress.line(
        f"{made.contributions:,} contributions archived as of entry {made.consultation.size:,}; {made.left_out:,} left "
        "out, since their authors did not agree to a deposit."
    )
