"""Verify a record as somebody who does not trust the server: from what it serves, and the key that one knows.

Nothing here knows where the bytes come from: `Read` gives what is at an address beneath the record (`checkpoint`,
`tile/0/000`). Whatever does not fit raises `Misfit`, which names the first such thing.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app import errors
from app.record import commitments, notes, tiles, tree
from app.record.kinds import ENDS_PUBLICITY
from app.record.notes import Checkpoint, Verifier
from app.record.tree import WIDTH

Read = Callable[[str], bytes]
EXPORT = "export.jsonl"
_PUBLIC = ("contribution.published", "contribution.restored")


class Misfit(errors.PlenaryError):
    """The first thing that does not fit."""


@dataclass(slots=True)
class History:
    """What the entries say of one contribution."""

    number: int
    public: bool = False
    committed: int = 0  # the entry that commits to its present text
    touched: int = 0  # the newest entry about it


@dataclass(slots=True)
class Verified:
    """A record whose entries are those that its checkpoint covers."""

    checkpoint: Checkpoint
    leaves: list[bytes] = field(default_factory=list)
    contributions: dict[str, History] = field(default_factory=dict)
    committed: dict[int, tuple[str, str]] = field(default_factory=dict)  # by entry: to which text of whom
    translated: dict[int, tuple[str, str]] = field(default_factory=dict)  # the same of translations


def verify_record(read: Read, verifier: Verifier, last: Checkpoint | None = None) -> Verified:
    """Check signature, entries, every tile, the root, and that nothing has changed since the last checkpoint.

    Raises Misfit.
    """
    found = Verified(_checkpoint(read("checkpoint"), verifier))
    if last is not None and found.checkpoint.size < last.size:
        raise Misfit(f"checkpoint: it covers {found.checkpoint.size:,} entries; there were {last.size:,} before.")
    for index in range(-(-found.checkpoint.size // WIDTH)):
        _take_bundle(found, read, index)
    _verify_tiles(found, read)
    if tree.root_of(found.leaves) != found.checkpoint.root:
        raise Misfit("checkpoint: its root is not that of the entries.")
    if last is not None and tree.root_of(found.leaves[: last.size]) != last.root:
        raise Misfit(
            f"checkpoint: the first {last.size:,} entries are not those of the last checkpoint that was seen here. "
            "The record was rewritten."
        )
    return found


def _checkpoint(note: bytes, verifier: Verifier) -> Checkpoint:
    try:
        return notes.opened(note, verifier)
    except ValueError as wrong:
        raise Misfit(f"checkpoint: {wrong}.") from None


def _take_bundle(found: Verified, read: Read, index: int) -> None:
    width = tree.width(found.checkpoint.size, 0, index)
    where = tiles.address("entries", index, width)
    try:
        entries = tiles.unbundled(read(where))
    except ValueError as wrong:
        raise Misfit(f"{where}: {wrong}.") from None
    if len(entries) != width:
        raise Misfit(f"{where}: it holds {len(entries)} entries instead of {width}.")
    for entry in entries:
        found.leaves.append(tree.leaf_hash(entry))
        _take(found, entry, len(found.leaves), where)


def _take(found: Verified, raw: bytes, seq: int, where: str) -> None:
    """Read what an entry says. Its hash is compared with the tree only after: it may be anything yet."""
    try:
        entry = json.loads(raw)
        if entry["seq"] != seq:
            raise Misfit(f"{where}: where entry {seq} should be is {entry['seq']}.")
        if not entry["kind"].startswith("contribution."):
            return
        history = found.contributions.setdefault(entry["subject"], History(entry["number"]))
        history.touched = seq
        if "hash" in entry:
            history.committed, found.committed[seq] = seq, (entry["subject"], entry["hash"])
        if "translation" in entry:
            found.translated[seq] = (entry["subject"], entry["translation"])
        if entry["kind"] in _PUBLIC:
            history.public = True
        elif entry["kind"] in ENDS_PUBLICITY:
            history.public = False
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Misfit(f"{where}: entry {seq} is not one of a record.") from None


def _verify_tiles(found: Verified, read: Read) -> None:
    level, hashes = 0, found.leaves
    while hashes:
        for first in range(0, len(hashes), WIDTH):
            expected = hashes[first : first + WIDTH]
            where = tiles.address(level, first // WIDTH, len(expected))
            given = read(where)
            if given != b"".join(expected):
                raise Misfit(_difference(where, given, expected, first, level))
        full = len(hashes) // WIDTH
        hashes = [tree.root_of(hashes[at * WIDTH : (at + 1) * WIDTH]) for at in range(full)]
        level += 1


def _difference(where: str, given: bytes, expected: list[bytes], first: int, level: int) -> str:
    if len(given) != len(expected) * tree.HASH:
        return f"{where}: it is {len(given)} bytes long instead of {len(expected) * tree.HASH}."
    place = next(at for at, (one, other) in enumerate(zip(tree.split(given), expected, strict=True)) if one != other)
    what = f"entry {first + place + 1}" if level == 0 else f"the tile {tiles.address(level - 1, first + place)}"
    return f"{where}: hash {place + 1} is not that of {what}."


def verify_export(
    record: Verified, lines: Iterable[bytes], size: int | None = None, *, name: str = EXPORT, whole: bool = True
) -> int:
    """Check every contribution of an export against the record, and that none is missing; return how many there are.

    `size` is the record's when the export began; without it, the newest entry that the export knows of. What has
    changed since is not compared. An archive is not `whole`: it may lack some. Raises Misfit.
    """
    seen, newest = set(), 0
    late: list[tuple[str, str]] = []
    for place, line in enumerate(lines, 1):
        where = f"{name}, line {place}"
        item = _item(line, where)
        where = _named(where, item)
        history = record.contributions.get(item["id"])
        if history is None:
            raise Misfit(f"{where}: the record has never heard of it.")
        if item["id"] in seen:
            raise Misfit(f"{where}: it is there twice.")
        _require_committed(record, item, where)
        seen.add(item["id"])
        newest = max(newest, item["seq"])
        if problem := _problem(item, history):
            late.append((item["id"], f"{where}: {problem}"))
    at = newest if size is None else size
    for id, problem in late:
        if record.contributions[id].touched <= at:
            raise Misfit(problem)
    for id, history in record.contributions.items() if whole else ():
        if history.public and id not in seen and history.touched <= at:
            raise Misfit(f"{name}: contribution {history.number} is public in the record and missing here.")
    return len(seen)


def _require_committed(record: Verified, item: dict[str, Any], where: str) -> None:
    """Raises Misfit where the record does not commit to a text, or to one of its translations."""
    its = item["commitment"]
    if record.committed.get(its["seq"]) != (item["id"], its["hash"]):
        raise Misfit(f"{where}: entry {its['seq']} of the record does not commit to this text.")
    for each in item.get("translations", ()):  # exports from before there were any lack them
        its = each["commitment"]
        if record.translated.get(its["seq"]) != (item["id"], its["hash"]):
            raise Misfit(f"{where}: entry {its['seq']} of the record does not commit to this translation.")


def _item(line: bytes, where: str) -> dict[str, Any]:
    """A line that holds to its own commitment, and so do its translations."""
    try:
        item: dict[str, Any] = json.loads(line)
        texts = [item, *item.get("translations", ())]
        fits = [_fits(text) for text in texts]
        known = isinstance(item["id"], str) and type(item["number"]) is type(item["seq"]) is int
        known = known and all(_is_known(text["commitment"]) for text in texts)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Misfit(f"{where}: it is not a contribution.") from None
    if not known:
        raise Misfit(f"{where}: it is not a contribution.")
    if not all(fits):
        raise Misfit(f"{_named(where, item)}: title, body, language and salt do not give the hash beside them.")
    return item


def _fits(text: dict[str, Any]) -> bool:
    salt = bytes.fromhex(text["commitment"]["salt"])
    content = {name: text[name] for name in ("title", "body", "language")}
    return bool(hashlib.sha256(salt + commitments.canonical(content)).hexdigest() == text["commitment"]["hash"])


def _is_known(commitment: dict[str, Any]) -> bool:
    return type(commitment["seq"]) is int and bytes.fromhex(commitment["salt"]).hex() == commitment["salt"]


def _named(where: str, item: dict[str, Any]) -> str:
    return f"{where} (contribution {item['number']})"


def _problem(item: dict[str, Any], history: History) -> str | None:
    """What does not fit the newest entries about a contribution."""
    seq = item["commitment"]["seq"]
    if not history.public:
        return f"the record says that it is no longer public (entry {history.touched})."
    if item["number"] != history.number:
        return f"its number in the record is {history.number}."
    if seq != history.committed:
        return f"this is an earlier text (entry {seq}); the present one is that of entry {history.committed}."
    return None


def verify_sums(sums: bytes, digest: Callable[[str], str], needed: str = EXPORT) -> None:
    """Check the SHA-256 of each file that `sums` lists, as `sha256sum` writes it. Raises Misfit.

    The record commits to texts; of names, places and tags in an export only this tells whether they are as they came.
    """
    listed = set()
    for line in sums.decode(errors="replace").splitlines():
        told, _space, name = line.partition("  ")
        listed.add(name)
        if digest(name) != told:
            raise Misfit(f"{name}: it is not as it was saved; its SHA-256 is another.")
    if needed not in listed:
        raise Misfit(f"SHA256SUMS: it does not list {needed}.")
