"""`pull`: keeps a mirror of a consultation. It is the reference client of the change feed, see docs/api.md.

It asks for what comes after the last entry it has, and does to the mirror what each entry says: a contribution is put
in place of what was there, or is gone where it is no longer public. What it holds then is what the export gives.
"""

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

import anyio
import httpx
import typer

from app.cli import commands, run, say
from app.cli.mirrors import Mirror, Page, open_mirror
from app.cli.progress import Progress
from app.errors import OperatorError

_LIMIT = 1_000
_WAIT = 50  # seconds
_TRIES = 8
_LONGEST_PAUSE = 60.0


@commands.command()
def pull(
    url: Annotated[str, typer.Argument(metavar="URL", help="The consultation's page, or its address in the API.")],
    to: Annotated[
        str, typer.Option("--to", metavar="WHERE", help="mirror.sqlite, a folder of JSON lines, or postgresql://…")
    ],
    follow: Annotated[bool, typer.Option("--follow", help="Go on as long as nobody ends it.")] = False,
) -> None:
    """Make or update a mirror of everything public in a consultation, here or elsewhere."""
    run(_pull(consultation_at(url), to, follow))


def consultation_at(url: str) -> str:
    """The address in the API, from that or from the address of a page. Raises OperatorError."""
    parts = urlsplit(url.rstrip("/"))
    way = parts.path.split("/")
    known = {"consultations": way[:-1], "c": [*way[:-2], "api", "v1", "consultations"]}
    if parts.scheme not in ("http", "https") or len(way) < 3 or way[-2] not in known:
        raise OperatorError(
            f"{url} is not the address of a consultation: it looks like https://example.org/c/mayoral-forum-2016.",
            status=2,
        )
    return f"{parts.scheme}://{parts.netloc}{'/'.join(known[way[-2]])}/{way[-1]}"


async def _pull(consultation: str, to: str, follow: bool) -> None:
    mirror = await open_mirror(to)
    try:
        async with httpx.AsyncClient(timeout=_WAIT + 30, headers={"User-Agent": "Plenary mirror"}) as client:
            await _follow(client, mirror, consultation, follow)
    finally:
        await mirror.close()


async def _follow(client: httpx.AsyncClient, mirror: Mirror, consultation: str, follow: bool) -> None:
    progress = Progress("Entries read", None)
    last, removed, told = await mirror.position(consultation), 0, False
    if last:
        await _require_same_record(client, mirror, consultation, last)
    while True:
        page, size = await _next(client, consultation, last, _WAIT if follow and told else 0)
        if page.entries:
            await mirror.take(page)
            last, removed = page.entries[-1]["seq"], removed + sum(now is None for now in page.now.values())
            progress.add(len(page.entries))
        if last < size:
            continue
        if page.entries or not told:
            held, told = await mirror.finish(consultation), True
            account = {"entries": last, "contributions": held, "read": progress.done, "removed": removed}
            print(json.dumps(account), flush=True)
        if not follow:
            return


async def _require_same_record(client: httpx.AsyncClient, mirror: Mirror, consultation: str, last: int) -> None:
    """A record only grows, and no entry of it changes: where the mirror's last one is missing or another, it is not the
    record that was mirrored. Raises OperatorError."""
    size = (await _get(client, consultation, {}))["size"]
    if size < last:
        why = f"it has {size} entries, and this mirror holds {last}"
    else:
        page, _ = await _next(client, consultation, last - 1, 0, limit=1)
        there = tuple(page.entries[0][name] for name in ("time", "kind", "subject"))
        if there == await mirror.last_entry(consultation):
            return
        why = f"entry {last} is not the one that this mirror holds"
    raise OperatorError(
        f"The record at {consultation} is not the one that was mirrored: {why}. The consultation was made anew, or set "
        "back to an older copy. This mirror stays as it is; keep it, and pull into another place to begin again."
    )


async def _next(
    client: httpx.AsyncClient, consultation: str, after: int, wait: int, limit: int = 0
) -> tuple[Page, int]:
    """What comes after an entry, and how long the record is."""
    asked: dict[str, Any] = {"after": after, "limit": limit or _LIMIT} | ({"wait": wait} if wait else {})
    given = await _get(client, f"{consultation}/changes", asked)
    page = Page(consultation, given["items"])
    for entry in given["items"]:
        page.now |= {each["id"]: each for each in entry["related"]}
        if entry["kind"].startswith("contribution."):
            page.now[entry["subject"]] = entry["contribution"]
    return page, given["size"]


async def _get(client: httpx.AsyncClient, url: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer; where there is none for the moment, it is asked for again, and a little later each time."""
    for turn in range(_TRIES):
        try:
            answer = await client.get(url, params=asked)
        except httpx.TransportError as error:
            pause, why = min(2.0**turn, _LONGEST_PAUSE), f"{type(error).__name__} at {url}"
        else:
            if answer.is_success:
                found: dict[str, Any] = answer.json()
                return found
            if answer.status_code not in (429, 502, 503, 504):
                raise OperatorError(f"{url} answered {answer.status_code}: {_detail(answer)}")
            after = answer.headers.get("retry-after", "")
            pause, why = float(after) if after.isdecimal() else 2.0**turn, f"{answer.status_code} from {url}"
        say(f"{why}; trying again in {pause:.0f} s.")
        await anyio.sleep(min(pause, _LONGEST_PAUSE))
    raise OperatorError(f"{url} does not answer. The mirror is whole: the same command goes on where it ended.")


def _detail(answer: httpx.Response) -> str:
    try:
        told: dict[str, Any] = answer.json()
    except ValueError:
        return "not the API of a Plenary"
    return " ".join([told.get("detail", ""), *(each["message"] for each in told.get("errors") or ())]).strip()
