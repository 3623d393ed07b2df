"""A record and an export as somebody verifies them who trusts nobody: what fits, and what does not."""

import hashlib
import os
import random
import shutil
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx import AsyncClient

from app.database import Database
from app.record import commitments, notes, tiles, tree
from app.record.notes import Checkpoint
from app.record.verifying import Misfit, verify_export, verify_record, verify_sums
from tests.contributions.offering import offer
from tests.making import say
from tests.record.served import ERASED, grow, read_all, with_a_history

pytestmark = pytest.mark.anyio
_GO_SOURCES = Path("/usr/share/gocode")


def _verify(files: Mapping[str, bytes], last: Checkpoint | None = None, *, sums: bool = True) -> int:
    """As the command verifies a folder."""
    verifier = notes.verifier(files["key"].decode())
    record = verify_record(files.__getitem__, verifier, last)
    count = verify_export(record, files["export.jsonl"].splitlines(keepends=True))
    if sums:
        verify_sums(files["SHA256SUMS"], lambda name: hashlib.sha256(files[name]).hexdigest())
    return count


def _with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    return files | {"SHA256SUMS": "".join(lines).encode()}


def test_the_tree_is_that_of_rfc_6962() -> None:
    leaves = [tree.leaf_hash(n.to_bytes(4, "big")) for n in range(70_000)]

    def plainly(start: int, end: int) -> bytes:
        if end - start < 2:
            return leaves[start] if end > start else hashlib.sha256(b"").digest()
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        return hashlib.sha256(b"\x01" + plainly(start, middle) + plainly(middle, end)).digest()

    levels = [leaves]
    while len(levels[-1]) >= 256:
        full = range(0, len(levels[-1]) // 256 * 256, 256)
        levels.append([tree.root_of(levels[-1][at : at + 256]) for at in full])
    for size in (0, 1, 2, 3, 7, 255, 256, 257, 511, 513, 1000, 65_537, 70_000):
        held = {(level, index): b"".join(levels[level][index * 256 : index * 256 + tree.width(size, level, index)])
                for level, index in tree.all_tiles(size)}  # fmt: skip
        root = tree.range_hash(held, 0, size)
        assert root == tree.root_of(leaves[:size])
        assert size > 1000 or root == plainly(0, size)
        for index in {0, size // 2, size - 1} & set(range(size)):
            ranges = tree.inclusion(index, size)
            path = [(each, tree.range_hash(held, *each)) for each in ranges]
            assert [leaves[index], *tree.climb(index, leaves[index], path)][-1] == root
    assert [tree.width(70_000, *place) for place in ((0, 273), (1, 0), (1, 1), (2, 0), (3, 0))] == [112, 256, 17, 1, 0]
    assert tiles.address(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tiles.parsed_index("x001/x234/067.p/8") == (1_234_067, 8)
    for unfit in ("", "1", "0001", "x000/067", "067.p/0", "067.p/256", "067.p/08", "067/x001", "-01", "٠٠١"):
        assert tiles.parsed_index(unfit) is None, unfit


async def test_a_thousand_flipped_bytes_are_all_found(database: Database, client: AsyncClient) -> None:
    await with_a_history(database)
    files = _with_sums(await read_all(client))
    assert _verify(files) == 5
    assert {"tile/0/000", "tile/1/000.p/1", "tile/entries/000"} < set(files)
    rng, names = random.Random(6962), [name for name in files if name not in ("key", "SHA256SUMS")]
    without_sums = 0
    for turn in range(1000):
        name = names[turn % len(names)]
        content = bytearray(files[name])
        content[rng.randrange(len(content))] ^= rng.randrange(1, 256)
        changed = {**files, name: bytes(content)}
        with pytest.raises(Misfit) as found:
            _verify(changed)
        if "SHA-256 is another" in found.value.message:
            assert name == "export.jsonl"  # what nothing commits to: names, tags, times
        else:
            without_sums += 1
            assert found.value.message.startswith(("checkpoint:", "tile/", "export.jsonl"))
    assert without_sums > 850


async def test_the_first_thing_that_does_not_fit_is_named(database: Database, client: AsyncClient) -> None:
    made = await with_a_history(database, entries=20)
    files = _with_sums(await read_all(client))
    seen = notes.opened(files["checkpoint"], notes.verifier(files["key"].decode()))
    await grow(database, made, 5)
    later = _with_sums(await read_all(client))
    assert _verify(later, seen) == 5
    lines = [orjson.loads(line) for line in files["export.jsonl"].splitlines()]

    def misfit(changed: Mapping[str, bytes], last: Checkpoint | None = None) -> str:
        with pytest.raises(Misfit) as found:
            _verify(changed, last, sums=False)
        return found.value.message

    def exported(*items: object) -> dict[str, bytes]:
        return {**files, "export.jsonl": b"".join(orjson.dumps(item) + b"\n" for item in items)}

    forged, salt = {**lines[0], "body": "Forged."}, bytes(32)
    content = {name: forged[name] for name in ("title", "body", "language")}
    consistent = {**forged["commitment"], "salt": salt.hex(), "hash": commitments.commitment(salt, content).hex()}
    swapped = {**lines[0], "number": 99}
    (bundle,) = [name for name in files if name.startswith("tile/entries/")]
    for changed, said in (
        (exported(forged, *lines[1:]), "line 1 (contribution 2): title, body"),
        (exported({**forged, "commitment": consistent}, *lines[1:]), "does not commit to this text"),
        (exported(swapped, *lines[1:]), "its number in the record is 2"),
        (exported(*lines, lines[0]), "it is there twice"),
        (exported(lines[0], *lines[2:]), "contribution 4 is public in the record and missing"),
        (exported({**lines[0], "id": "x"}), "never heard of it"),
        ({**files, bundle: files[bundle][:-1]}, "it ends within an entry"),
    ):
        assert said in misfit(changed)
    rewritten = Checkpoint(seen.origin, seen.size, bytes(32))
    assert "The record was rewritten" in misfit(later, rewritten)
    assert "there were 10,000 before" in misfit(later, Checkpoint(seen.origin, 10_000, bytes(32)))
    stranger = notes.verifier_of(seen.origin, Ed25519PrivateKey.generate())
    assert "no signature of the trusted key" in misfit({**files, "key": str(stranger).encode()})


async def test_translations_are_verified_too(database: Database, client: AsyncClient) -> None:
    made = await with_a_history(database, entries=5)
    said = await say(database, made)
    await offer(database, made, said.id)
    files = await read_all(client)
    _verify(_with_sums(files))
    *others, last = [orjson.loads(line) for line in files["export.jsonl"].splitlines()]
    [true] = last["translations"]
    salt = bytes(32)
    content = {"title": true["title"], "body": "Forgé.", "language": "fr"}
    consistent = {**true["commitment"], "salt": salt.hex(), "hash": commitments.commitment(salt, content).hex()}
    for changed, words in (
        ({"body": "Forgé."}, "title, body, language"),
        ({"body": "Forgé.", "commitment": consistent}, "does not commit to this translation"),
        ({"commitment": None}, "not a contribution"),
    ):
        forged = {**last, "translations": [{**true, **changed}]}
        export = b"".join(orjson.dumps(item) + b"\n" for item in (*others, forged))
        with pytest.raises(Misfit, match=words):
            _verify({**files, "export.jsonl": export}, sums=False)


async def test_erased_texts_stay_committed_and_unreadable(database: Database, client: AsyncClient) -> None:
    await with_a_history(database, entries=5)
    files = await read_all(client)
    entries = [orjson.loads(entry) for name, content in files.items() if name.startswith("tile/entries/")
               for entry in tiles.unbundled(content)]  # fmt: skip
    (gone,) = [entry for entry in entries if entry["kind"] == "contribution.erased"]
    (published,) = [entry for entry in entries
                    if entry["kind"] == "contribution.published" and entry["subject"] == gone["subject"]]  # fmt: skip
    assert len(published["hash"]) == 64  # committed
    everything = b"".join(files.values())
    assert ERASED.encode() not in everything and gone["subject"].encode() not in files["export.jsonl"]
    page = await client.get(f"/c/mayoral-forum-2016/record/{gone['number']}")
    assert page.status_code == 410 and published["hash"] not in page.text
    assert _verify(_with_sums(files)) == 5


async def test_programs_of_others_verify_it(database: Database, client: AsyncClient, tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None or not (_GO_SOURCES / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("needs Debian’s golang-go and golang-golang-x-mod-dev")
    await with_a_history(database, entries=700)
    files = await read_all(client)
    record = verify_record(files.__getitem__, notes.verifier(files["key"].decode()))
    size, rng = record.checkpoint.size, random.Random(9162)
    assert size > 700
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    pairs = [sorted(rng.sample(range(1, size + 1), 2)) for _ in range(50)]
    roots = {n: b64encode(tree.root_of(record.leaves[:n])).decode() for pair in pairs for n in pair}
    (tmp_path / "pairs").write_text("".join(f"{a} {roots[a]} {b} {roots[b]}\n" for a, b in pairs))

    def checked() -> subprocess.CompletedProcess[str]:
        environment = {
            "GO111MODULE": "off", "GOPATH": str(_GO_SOURCES), "GOFLAGS": "", "PATH": os.environ["PATH"],
            "GOCACHE": os.environ.get("GOCACHE", f"{tempfile.gettempdir()}/plenary-go-cache-{os.getuid()}"),
        }  # fmt: skip
        source = Path(__file__).parent / "checker/main.go"
        return subprocess.run(
            [go, "run", source, tmp_path], env=environment, capture_output=True, text=True, check=False
        )

    told = checked()
    assert told.stdout == f"{size} entries 50 pairs\n", told.stderr
    flipped = bytearray(files["tile/entries/001"])
    flipped[-3] ^= 1
    (tmp_path / "tile/entries/001").write_bytes(flipped)
    assert "entry 512:" in checked().stderr
