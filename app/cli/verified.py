"""Where a record that is verified comes from, a server or a folder, and what is remembered of it between two looks."""

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from app.cli.progress import Progress
from app.errors import OperatorError
from app.record.verifying import EXPORT, Misfit

SUMS, KEY = "SHA256SUMS", "key"
ARCHIVED, RECORD = "contributions.jsonl", "record"  # in an archive
_PAGE = re.compile(r"(https?://[^/?#]+)/(?:c|api/v1/consultations)/([a-z0-9][a-z0-9-]{0,63})(?:[/?#].*)?")
_PATIENCE = 15.0  # seconds for a checkpoint to cover what the export holds; it should take ten


class Site:
    """A record on a server. What is read can be saved on the way."""

    def __init__(self, url: str, save: Path | None = None) -> None:
        found = _PAGE.fullmatch(url)
        if found is None:
            raise OperatorError(
                "Give the address of a consultation, https://…/c/SLUG or https://…/api/v1/consultations/SLUG.",
                status=2,
            )
        self.url = f"{found[1]}/api/v1/consultations/{found[2]}"
        self._client = httpx.Client(timeout=60, headers={"accept-encoding": "gzip"})
        self._save, self._checkpoint = save, b""
        self._progress = Progress("Tiles and bundles read", None)

    def read(self, where: str) -> bytes:
        """What is at an address beneath the record. Raises Misfit where there is nothing, OperatorError."""
        if where == "checkpoint" and self._checkpoint:
            return self._checkpoint
        try:
            answer = self._client.get(f"{self.url}/record/{where}")
        except httpx.HTTPError as error:
            raise OperatorError(f"{self.url} cannot be reached: {error}.") from None
        if answer.status_code == 404:
            raise Misfit(f"{where}: there is nothing at {self.url}/record/{where}.")
        if answer.status_code != 200:
            raise OperatorError(f"{where}: the server answers {answer.status_code}.")
        if where == "checkpoint":
            self._checkpoint = answer.content  # what is verified is what is remembered
        self._progress.add()
        self._keep(where, answer.content)
        return answer.content

    def export(self, to: Path) -> int:
        """Fetch the export into a file, in constant memory; return the size of the record when it began."""
        try:
            with self._client.stream("GET", f"{self.url}/{EXPORT}") as answer, to.open("wb") as file:
                if answer.status_code != 200:
                    raise OperatorError(f"{EXPORT}: the server answers {answer.status_code}.")
                for part in answer.iter_bytes():
                    file.write(part)
                return int(answer.headers["plenary-record-size"])
        except (httpx.HTTPError, KeyError, ValueError) as error:
            raise OperatorError(f"{EXPORT} cannot be read: {error}.") from None

    def await_checkpoint(self, size: int) -> None:
        """Read the checkpoint again until it covers this many entries. Raises Misfit if it does not come to it."""
        until = time.monotonic() + _PATIENCE
        while True:
            self._checkpoint = b""
            note = self.read("checkpoint")
            covered = note.split(b"\n")[1:2]
            if not covered or not covered[0].isdigit() or len(covered[0]) > 18 or int(covered[0]) >= size:
                return  # whatever it is, it is judged later
            if time.monotonic() > until:
                raise Misfit(f"checkpoint: after {_PATIENCE:.0f} seconds it does not cover entry {size:,} yet.")
            time.sleep(1)

    def _keep(self, where: str, content: bytes) -> None:
        if self._save is not None:
            file = self._save / where
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


class Folder:
    """A record that was saved."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, where: str) -> bytes:
        """What was at an address. Raises Misfit where there is nothing."""
        try:
            return (self._path / where).read_bytes()
        except OSError:
            raise Misfit(f"{where}: the folder does not have it.") from None

    def digest(self, name: str) -> str:
        """The SHA-256 of a file. Raises Misfit where there is none, or it lies elsewhere."""
        file = self._path / name
        if not file.resolve().is_relative_to(self._path.resolve()) or not file.is_file():
            raise Misfit(f"{name}: the folder does not have it.")
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def lines_of(export: Path) -> Iterator[Iterator[bytes]]:
    """The lines of an export. Raises OperatorError."""
    try:
        with export.open("rb") as file:
            yield iter(file)
    except OSError as error:
        raise OperatorError(f"{export} cannot be read: {error.strerror}.", status=2) from None


def write_sums(folder: Path) -> None:
    """List the SHA-256 of everything in a folder, as sha256sum does."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != SUMS)
    names = [file.relative_to(folder).as_posix() for file in files]
    (folder / SUMS).write_text("".join(f"{Folder(folder).digest(name)}  {name}\n" for name in names))


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was seen of a record the last time it fitted."""

    url: str
    key: str
    checkpoint: str


def remembered(data: Path, url: str) -> Remembered | None:
    """What is known of the record at this address. Raises OperatorError where that cannot be read."""
    file = _file(data, url)
    try:
        return Remembered(**json.loads(file.read_text()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise OperatorError(f"{file} cannot be read; it holds the key and checkpoint seen last.") from None


def remember(data: Path, seen: Remembered) -> None:
    """Keep it for the next look."""
    file = _file(data, seen.url)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(seen), indent=1))
    fresh.replace(file)


def _file(data: Path, url: str) -> Path:
    return data / "verified" / f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.json"
